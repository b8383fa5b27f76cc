namespace Tokenwright;

/// <summary>
/// Provides a method to make the same change to many tokens with few requests. Get it with <see cref="ITokenClient.GetService"/>. It is
/// available if the capabilities include <see cref="TokenOperation.BulkUpdate"/>.
/// </summary>
public interface ITokenBulkUpdate
{
    /// <summary>Makes the same change to many tokens. The secrets stay the same.</summary>
    /// <param name="references">
    /// The tokens. Their number isn't limited: the client splits them into several requests if necessary. A failed request doesn't stop
    /// the others.
    /// </param>
    /// <param name="request">
    /// The properties to change. Those that are null stay as they are. A vendor can support fewer of them than
    /// <see cref="ITokenClient.UpdateAsync"/> does.
    /// </param>
    /// <param name="cancellationToken">The token to cancel the operation. Requests that were sent before remain in effect.</param>
    /// <returns>
    /// One result for each reference, in the same order. A failed request is a result of its tokens, not an exception.
    /// </returns>
    /// <exception cref="TokenInvalidRequestException">The vendor can't make this change to many tokens. Nothing was sent.</exception>
    /// <example>
    /// <code>
    /// if (tokens.GetService&lt;ITokenBulkUpdate&gt;() is { } bulk)
    /// {
    ///     var results = await bulk.BulkUpdateAsync(
    ///         [TokenReference.ById("42"), TokenReference.ById("43")],
    ///         new UpdateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromDays(30)) });
    ///     foreach (var result in results.Where(result => result.Outcome != TokenUpdateOutcome.Updated))
    ///         Console.WriteLine($"{result.Reference}: {result.Outcome}. {result.Failure?.Message}");
    /// }
    /// </code>
    /// </example>
    Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
        IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken = default);
}
