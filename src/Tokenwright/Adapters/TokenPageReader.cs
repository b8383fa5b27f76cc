using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Tokenwright.Generated;

namespace Tokenwright.Adapters;

/// <summary>
/// Provides a base class for readers of one page of a list. The tokens are read one by one from a pooled buffer, which is returned on
/// disposal.
/// </summary>
public abstract class TokenPageReader : IDisposable
{
    /// <summary>Gets where the list continues; null until <see cref="TryRead"/> has found the end of the page.</summary>
    public TokenPageEnd? End { get; private protected set; }

    /// <summary>Gets the number of elements that were read so far, including those that aren't tokens.</summary>
    public abstract int Count { get; }

    /// <summary>Gets or sets what creates the token for an element that isn't a record; null to fail at such an element.</summary>
    internal Func<ApiToken>? UnreadableRecord { get; set; }

    /// <summary>Creates a reader for a response.</summary>
    /// <typeparam name="TItem">The model of an element.</typeparam>
    /// <param name="page">The response. It is disposed with the reader.</param>
    /// <param name="toToken">
    /// Converts an element to a token. All elements share one model instance, unless unknown members are kept.
    /// </param>
    /// <param name="atEnd">Returns where the list continues, after all elements were read; null for a list that has one page.</param>
    public static TokenPageReader Of<TItem>(
        JsonPage<TItem> page, Func<TItem, ApiToken> toToken, Func<TokenPageEnd>? atEnd = null)
        where TItem : class, IJsonModel<TItem>
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(toToken);
        return new Reader<TItem>(page, toToken, atEnd);
    }

    /// <summary>
    /// Creates a reader for a page whose tokens were already read, for typed clients that aren't generated with this SDK's templates.
    /// </summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="end">Where the list continues.</param>
    public static TokenPageReader Of(IReadOnlyList<ApiToken> tokens, TokenPageEnd end)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(end);
        return new ReadReader(tokens, end);
    }

    /// <summary>Reads the next token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Whether there is a token.</returns>
    /// <exception cref="ApiException">The response can't be read.</exception>
    public abstract bool TryRead([NotNullWhen(true)] out ApiToken? token);

    /// <summary>Returns the buffer to the pool.</summary>
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
        private const int MostRead = 32;

        private readonly ApiToken?[] _read = new ApiToken?[MostRead];
        private int _count;
        private int _next;
        private bool _isWhole;
        private ExceptionDispatchInfo? _failure;

        public override int Count => page.Count;

        public override bool TryRead([NotNullWhen(true)] out ApiToken? token)
        {
            if (_next == _count && !_isWhole)
                Read();
            if (_next < _count)
            {
                token = _read[_next]!;
                _read[_next++] = null;
                return true;
            }

            _failure?.Throw();
            token = null;
            End ??= atEnd?.Invoke() ?? TokenPageEnd.OfList;
            return false;
        }

        public override void Dispose() => page.Dispose();

        private void Read()
        {
            _next = 0;
            _count = page.Read(toToken, UnreadableRecord, _read!, out _failure);
            _isWhole = _count < MostRead || _failure is not null;
        }
    }
}
