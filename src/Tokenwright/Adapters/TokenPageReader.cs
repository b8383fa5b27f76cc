using System.Diagnostics.CodeAnalysis;
using Tokenwright.Generated;

namespace Tokenwright.Adapters;

/// <summary>A page of a list, read token by token from one pooled buffer, which is given back on disposal.</summary>
public abstract class TokenPageReader : IDisposable
{
    /// <summary>Gets or sets where the list goes on; null as long as <see cref="TryRead"/> has not found the end of the page.</summary>
    public TokenPageEnd? End { get; private protected set; }

    /// <summary>Gets how many elements came so far, those that are no token included.</summary>
    public abstract int Count { get; }

    /// <summary>Creates the reader of a response.</summary>
    /// <typeparam name="TItem">The model of an element.</typeparam>
    /// <param name="page">The response; it is disposed with the reader.</param>
    /// <param name="toToken">Makes a token of an element. The same model comes for all elements, unless they keep what is unknown.</param>
    /// <param name="atEnd">Says where the list goes on, once all elements are read; null for a list that is one page.</param>
    public static TokenPageReader Of<TItem>(
        JsonPage<TItem> page, Func<TItem, ApiToken> toToken, Func<TokenPageEnd>? atEnd = null)
        where TItem : class, IJsonModel<TItem>
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(toToken);
        return new Reader<TItem>(page, toToken, atEnd);
    }

    /// <summary>
    /// Creates the reader of a page whose tokens were read already, for typed clients that are not generated with this SDK's templates.
    /// </summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="end">Where the list goes on.</param>
    public static TokenPageReader Of(IReadOnlyList<ApiToken> tokens, TokenPageEnd end)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(end);
        return new ReadReader(tokens, end);
    }

    /// <summary>Reads the next token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ApiException">The response can't be read.</exception>
    public abstract bool TryRead([NotNullWhen(true)] out ApiToken? token);

    /// <summary>Gives the buffer back.</summary>
    public abstract void Dispose();

    private sealed class ReadReader(IReadOnlyList<ApiToken> tokens, TokenPageEnd end) : TokenPageReader
    {
        private int _next;

        public override int Count => _next;

        public override bool TryRead([NotNullWhen(true)] out ApiToken? token)
        {
            token = _next < tokens.Count ? tokens[_next++] : null;
            if (token is null)
                End = end;
            return token is not null;
        }

        public override void Dispose()
        {
        }
    }

    private sealed class Reader<TItem>(
        JsonPage<TItem> page, Func<TItem, ApiToken> toToken, Func<TokenPageEnd>? atEnd) : TokenPageReader
        where TItem : class, IJsonModel<TItem>
    {
        public override int Count => page.Count;

        public override bool TryRead([NotNullWhen(true)] out ApiToken? token)
        {
            token = null;
            if (End is not null)
                return false;
            if (!page.MoveNext())
            {
                End = atEnd?.Invoke() ?? TokenPageEnd.OfList;
                return false;
            }

            token = toToken(page.Current);
            return true;
        }

        public override void Dispose() => page.Dispose();
    }
}
