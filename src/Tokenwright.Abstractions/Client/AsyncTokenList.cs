using System.Runtime.CompilerServices;

namespace Tokenwright;

/// <summary>
/// A list of tokens that is read from the vendor as it is needed: token by token, page by page (<see cref="AsPages"/>), or all of it
/// (<see cref="ToListAsync"/>). Each enumeration asks the vendor anew.
/// </summary>
public abstract class AsyncTokenList : IAsyncEnumerable<ApiToken>
{
    /// <summary>Initializes a list.</summary>
    /// <param name="cancellationToken">The token to cancel every enumeration of the list.</param>
    protected AsyncTokenList(CancellationToken cancellationToken = default) => CancellationToken = cancellationToken;

    /// <summary>Gets the token to cancel every enumeration of the list.</summary>
    protected CancellationToken CancellationToken { get; }

    /// <summary>Creates a list of tokens that are there already, as one page; for tests.</summary>
    /// <param name="tokens">The tokens.</param>
    public static AsyncTokenList FromTokens(IEnumerable<ApiToken> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return FromPages((_, _) => Task.FromResult(new TokenPage { Tokens = [.. tokens] }));
    }

    /// <summary>Creates a list from a function that reads a page; for clients without an adapter, and for decorators.</summary>
    /// <param name="readPage">Reads the page that begins at a continuation, null for the first page.</param>
    /// <param name="cancellationToken">The token to cancel every enumeration of the list.</param>
    public static AsyncTokenList FromPages(
        Func<string?, CancellationToken, Task<TokenPage>> readPage, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(readPage);
        return new Pages(readPage, cancellationToken);
    }

    /// <summary>Reads the list page by page, for callers that keep their place between calls.</summary>
    /// <param name="continuation">
    /// Where to begin: the <see cref="TokenPage.Continuation"/> of a page of the same query; null for the first page.
    /// </param>
    /// <returns>
    /// The pages in the vendor's order. The enumeration throws <see cref="TokenInvalidRequestException"/> where the continuation is not one
    /// that this client gave.
    /// </returns>
    /// <example>
    /// <code>
    /// await foreach (var page in tokens.ListAsync().AsPages())
    ///     Console.WriteLine($"{page.Tokens.Count} tokens; the list goes on at {page.Continuation ?? "its end"}");
    /// </code>
    /// </example>
    public abstract IAsyncEnumerable<TokenPage> AsPages(string? continuation = null);

    /// <summary>Reads the list token by token.</summary>
    /// <param name="cancellationToken">The token to cancel the enumeration, also in the middle of a page.</param>
    public virtual IAsyncEnumerator<ApiToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => ReadTokensAsync(CancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>
    /// Reads the whole list into memory. Where the vendor tells how many tokens there are, room is made for them at once.
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
