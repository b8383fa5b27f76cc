namespace Tokenwright;

/// <summary>
/// Reads a list page by page, for callers that keep their place between calls, or as a whole. Reached with
/// <see cref="ITokenClient.GetService"/>; the whole list also with <see cref="TokenClientExtensions.ListAllAsync"/>.
/// </summary>
public interface ITokenPaging
{
    /// <summary>Reads one page.</summary>
    /// <param name="query">What to list and how; the same for all pages of a list.</param>
    /// <param name="continuation">The place where the page before ended; null for the first page.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOperationNotSupportedException">The vendor has no list, or the query asks for a filter that it doesn't
    /// have.</exception>
    /// <exception cref="TokenInvalidRequestException">The continuation is not one that this client gave.</exception>
    Task<TokenPage> ReadPageAsync(TokenQuery? query = null, string? continuation = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the whole list.</summary>
    /// <param name="query">What to list and how.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenOperationNotSupportedException">The vendor has no list, or the query asks for a filter that it doesn't
    /// have.</exception>
    async Task<IReadOnlyList<ApiToken>> ListAllAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        var tokens = new List<ApiToken>();
        string? continuation = null;
        do
        {
            var page = await ReadPageAsync(query, continuation, cancellationToken).ConfigureAwait(false);
            tokens.AddRange(page.Tokens);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return tokens;
    }
}
