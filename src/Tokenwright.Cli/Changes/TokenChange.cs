using Tokenwright.Cli.Connections;

namespace Tokenwright.Cli.Changes;

/// <summary>Represents what a bulk change does to its tokens.</summary>
/// <param name="One">Changes one token, and returns the outcome and a remark.</param>
internal sealed record TokenChange(Func<OpenConnection, TokenReference, CancellationToken, Task<(string Outcome, string? Remark)>> One)
{
    /// <summary>Gets or initializes the new values, as text; null if the operation has none.</summary>
    public string? Values { get; init; }

    /// <summary>
    /// Gets or initializes the function that changes many tokens with one request; null if the operation has none. It returns null if
    /// nothing was changed and the tokens must be changed one by one. The connection must support a bulk update.
    /// </summary>
    public Func<OpenConnection, IReadOnlyList<TokenReference>, CancellationToken, Task<IReadOnlyList<TokenBulkUpdateResult>?>>? Many
    {
        get;
        init;
    }

    /// <summary>Splits tokens into the parts that are changed together. A token that must not be changed is a part of its own.</summary>
    public IEnumerable<TokenToChange[]> Parts(IEnumerable<TokenToChange> tokens)
        => Many is null ? tokens.Select(token => new[] { token })
            : tokens.GroupBy(token => (token.Connection, CanBeOfMany: token.Refusal is null && IsOfMany(token.Connection))).SelectMany(
                group => group.Chunk(
                    group.Key.CanBeOfMany ? group.Key.Connection.Capabilities.Limits.MaxBulkUpdateSize ?? int.MaxValue : 1));

    /// <summary>Determines whether the tokens of a connection can be changed with one request.</summary>
    public bool IsOfMany(OpenConnection connection) => Many is not null && connection.Can(TokenOperation.BulkUpdate);
}
