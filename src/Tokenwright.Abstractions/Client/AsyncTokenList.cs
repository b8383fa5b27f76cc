using System.Runtime.CompilerServices;

namespace Tokenwright;

/// <summary>
/// Represents a list of tokens that is read from the vendor on demand: token by token, page by page (<see cref="AsPages"/>), or as a whole
/// (<see cref="ToListAsync"/>). Each enumeration sends its own requests.
/// </summary>
public abstract class AsyncTokenList : IAsyncEnumerable<ApiToken>
{
    /// <summary>Initializes a new instance of the <see cref="AsyncTokenList"/> class.</summary>
    /// <param name="cancellationToken">The token to cancel every enumeration of the list.</param>
    protected AsyncTokenList(CancellationToken cancellationToken = default) => CancellationToken = cancellationToken;

    /// <summary>Gets the token to cancel every enumeration of the list.</summary>
    protected CancellationToken CancellationToken { get; }

    /// <summary>Creates a list from tokens in memory, as one page. It is meant for tests.</summary>
    /// <param name="tokens">The tokens.</param>
    public static AsyncTokenList FromTokens(IEnumerable<ApiToken> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return FromPages((_, _) => Task.FromResult(new TokenPage { Tokens = [.. tokens] }));
    }

    /// <summary>
    /// Creates a list from a function that reads a page. It is meant for decorators and for clients that don't use an adapter.
    /// </summary>
    /// <param name="readPage">Reads the page that begins at a continuation; null stands for the first page.</param>
    /// <param name="cancellationToken">The token to cancel every enumeration of the list.</param>
    public static AsyncTokenList FromPages(
        Func<string?, CancellationToken, Task<TokenPage>> readPage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(readPage);
        return new Pages(readPage, cancellationToken);
    }

    /// <summary>Reads the list page by page, for callers that continue a list in a later call.</summary>
    /// <param name="continuation">
    /// The <see cref="TokenPage.Continuation"/> of a page of the same query, to begin after that page; null for the first page.
    /// </param>
    /// <returns>
    /// The pages in the vendor's order. The enumeration throws <see cref="TokenInvalidRequestException"/> if the continuation doesn't come
    /// from this client.
    /// </returns>
    /// <example>
    /// <code>
    /// await foreach (var page in tokens.ListAsync().AsPages())
    ///     Console.WriteLine($"{page.Tokens.Count} tokens; next page: {page.Continuation ?? "none"}");
    /// </code>
    /// </example>
    public abstract IAsyncEnumerable<TokenPage> AsPages(string? continuation = null);

    /// <summary>Reads the list token by token.</summary>
    /// <param name="cancellationToken">The token to cancel the enumeration, even in the middle of a page.</param>
    public virtual IAsyncEnumerator<ApiToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => ReadTokensAsync(CancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>
    /// Reads the whole list into memory. If the vendor reports the total number of tokens, memory for them is allocated at once.
    /// </summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <example>
    /// <code>
    /// var all = await tokens.ListAsync().ToListAsync();
    /// Console.WriteLine($"{all.Count(token =&gt; token.NeverExpires)} of {all.Count} tokens never expire.");
    /// </code>
    /// </example>
    public virtual async Task<IReadOnlyList<ApiToken>> ToListAsync(CancellationToken cancellationToken = default)
    {
        var tokens = new List<ApiToken>();
        await foreach (var page in AsPages().WithCancellation(cancellationToken).ConfigureAwait(false))
            tokens.AddRange(page.Tokens);
        return tokens;
    }

    private async IAsyncEnumerable<ApiToken> ReadTokensAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in AsPages().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var token in page.Tokens)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return token;
            }
        }
    }

    private sealed class Pages(Func<string?, CancellationToken, Task<TokenPage>> readPage, CancellationToken cancellationToken)
        : AsyncTokenList(cancellationToken)
    {
        public override IAsyncEnumerable<TokenPage> AsPages(string? continuation = null) => ReadAsync(continuation, CancellationToken);

        private async IAsyncEnumerable<TokenPage> ReadAsync(
            string? continuation, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            do
            {
                var page = await readPage(continuation, cancellationToken).ConfigureAwait(false);
                yield return page;
                continuation = page.Continuation;
            }
            while (continuation is not null);
        }
    }
}
