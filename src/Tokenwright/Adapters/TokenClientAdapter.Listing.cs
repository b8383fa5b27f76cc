using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tokenwright.Adapters;

/// <content>Lists: streamed, page by page, and whole.</content>
public abstract partial class TokenClientAdapter
{
    // As many references take about the room that the token itself takes.
    private const int RoomPerToken = 16;

    /// <inheritdoc />
    public AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new TokenQuery();
        Require(query);
        return new VendorList(this, query, cancellationToken);
    }

    /// <summary>Reads the whole list, for operations that look for a token in it. Its failures are those of the operation.</summary>
    /// <param name="query">What to list and how.</param>
    /// <param name="context">The operation.</param>
    protected IAsyncEnumerable<ApiToken> ListCoreAsync(TokenQuery query, OperationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ListCoreAsync(query, context, context.CancellationToken);
    }

    /// <summary>Looks through the whole list, for operations that look for tokens in it. Its failures are those of the operation.</summary>
    /// <param name="query">What to list and how.</param>
    /// <param name="isWanted">Whether it is one of the tokens.</param>
    /// <param name="context">The operation.</param>
    protected async Task<IReadOnlyList<ApiToken>> FindAllAsync(
        TokenQuery query, Func<ApiToken, bool> isWanted, OperationContext context)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        var found = new List<ApiToken>();
        await foreach (var token in ListCoreAsync(query, context).ConfigureAwait(false))
        {
            if (isWanted(token))
                found.Add(token);
        }

        return found;
    }

    private async Task<IReadOnlyList<ApiToken>> ListAllCoreAsync(TokenQuery query, OperationContext context)
    {
        var tokens = new List<ApiToken>();
        var pages = new PageSequence(this, query);
        await using (pages.ConfigureAwait(false))
        {
            while (await pages.NextAsync(context).ConfigureAwait(false) is { } page)
            {
                while (pages.TryRead(page, out var token))
                    tokens.Add(token);
                context.CancellationToken.ThrowIfCancellationRequested();
                Presize(tokens, page.Count, pages.End.TotalCount);
            }
        }

        return tokens;
    }

    // A total is a hint: it gives no more room than tokens have come for.
    private static void Presize(List<ApiToken> tokens, int read, long? total)
    {
        if (tokens.Capacity - tokens.Count >= read || total is null)
            return;
        var justified = (int)Math.Min(total.Value, Math.Min(Array.MaxLength, RoomPerToken * (long)tokens.Count));
        if (justified > tokens.Capacity)
            tokens.Capacity = justified;
    }

    private async IAsyncEnumerable<TokenPage> ListPagesCoreAsync(
        TokenQuery query, string? continuation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var context = NewListContext(cancellationToken);
        var pages = new PageSequence(this, query, continuation);
        await using (pages.ConfigureAwait(false))
        {
            while (await NextPageAsync(pages, context, isTranslated: true).ConfigureAwait(false) is { } page)
            {
                var tokens = new List<ApiToken>();
                while (TryRead(pages, page, context, isTranslated: true, out var token))
                    tokens.Add(token!);
                cancellationToken.ThrowIfCancellationRequested();
                yield return new TokenPage { Tokens = tokens, Continuation = pages.Continuation, TotalCount = pages.End.TotalCount };
            }
        }
    }

    // Without an outer context, the list is an operation of its own. Only opening a page is asynchronous; between two tokens of a page
    // nothing is.
    private async IAsyncEnumerable<ApiToken> ListCoreAsync(
        TokenQuery query, OperationContext? outer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isTranslated = outer is null;
        var context = outer ?? NewListContext(cancellationToken);
        var pages = new PageSequence(this, query);
        await using (pages.ConfigureAwait(false))
        {
            while (await NextPageAsync(pages, context, isTranslated).ConfigureAwait(false) is { } page)
            {
                while (TryRead(pages, page, context, isTranslated, out var token))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return token!;
                }
            }
        }
    }

    private static OperationContext NewListContext(CancellationToken cancellationToken)
        => new(TokenOperation.List, mayRetry: true, [], cancellationToken);

    private async ValueTask<TokenPageReader?> NextPageAsync(PageSequence pages, OperationContext context, bool isTranslated)
    {
        if (isTranslated)
            ObjectDisposedException.ThrowIf(_disposed, this);
        context = context.Reading();
        try
        {
            return await pages.NextAsync(context).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (!isTranslated || LeavesAsItIs(exception, context))
                throw;
            throw Translate(exception, context);
        }
    }

    private bool TryRead(PageSequence pages, TokenPageReader page, OperationContext context, bool isTranslated, out ApiToken? token)
    {
        try
        {
            return pages.TryRead(page, out token);
        }
        catch (Exception exception)
        {
            if (!isTranslated)
                throw;
            throw Translate(exception, context);
        }
    }

    private sealed class VendorList(TokenClientAdapter adapter, TokenQuery query, CancellationToken cancellationToken)
        : AsyncTokenList(cancellationToken)
    {
        public override IAsyncEnumerable<TokenPage> AsPages(string? continuation = null)
            => adapter.ListPagesCoreAsync(query, continuation, CancellationToken);

        public override IAsyncEnumerator<ApiToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
            => adapter.ListCoreAsync(query, null, CancellationToken).GetAsyncEnumerator(cancellationToken);

        public override Task<IReadOnlyList<ApiToken>> ToListAsync(CancellationToken cancellationToken = default)
            => !cancellationToken.CanBeCanceled || cancellationToken == CancellationToken ? ReadAllAsync(CancellationToken)
                : !CancellationToken.CanBeCanceled ? ReadAllAsync(cancellationToken)
                : ReadAllLinkedAsync(cancellationToken);

        private Task<IReadOnlyList<ApiToken>> ReadAllAsync(CancellationToken cancellationToken)
            => adapter.CallAsync(TokenOperation.List, null, context => adapter.ListAllCoreAsync(query, context), cancellationToken);

        private async Task<IReadOnlyList<ApiToken>> ReadAllLinkedAsync(CancellationToken cancellationToken)
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
            return await ReadAllAsync(linked.Token).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The pages of a list, in order: one after another, or several requested side by side where the vendor tells its total.
    /// </summary>
    private sealed class PageSequence : IAsyncDisposable
    {
        private readonly TokenClientAdapter _adapter;
        private readonly TokenQuery _query;
        private readonly string? _start;
        private readonly Queue<Task<TokenPageReader>> _underWay = [];
        private CancellationTokenSource? _cancellation;
        private IReadOnlyList<string> _rest = [];
        private int _requested;
        private int _perPage;
        private TokenPageReader? _current;

        // Where tokens come and go between two pages, one can move to the next page and be read twice.
        private HashSet<string>? _before;
        private HashSet<string>? _ids;

        // A server that doesn't heed which page is asked for would be asked for ever.
        private readonly HashSet<string> _firsts = [];
        private string _first = string.Empty;
        private bool? _isMoreExpected;
        private int _previousCount;
        private bool _isBegun;
        private bool _isAnyNew;
        private bool _isFollowing;
        private bool _isOver;

        /// <summary>Begins a list.</summary>
        /// <param name="adapter">Opens the pages.</param>
        /// <param name="query">What to list and how.</param>
        /// <param name="continuation">What <see cref="Continuation"/> was after an earlier page; null for the first page.</param>
        public PageSequence(TokenClientAdapter adapter, TokenQuery query, string? continuation = null)
        {
            (_adapter, _query) = (adapter, query);
            if (continuation is null)
                return;
            if (continuation.Split(':', 3) is not [("more" or "short" or "") and var expected, var length, var rest]
                || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > rest.Length)
                throw adapter.InvalidContinuation();
            (_isMoreExpected, _first, _start) = (expected.Length == 0 ? null : expected == "more", rest[..count], rest[count..]);
        }

        /// <summary>Gets where the list goes on after the present page, which has been read to its end.</summary>
        public TokenPageEnd End => _isOver ? TokenPageEnd.OfList : _current!.End!;

        /// <summary>
        /// Gets the vendor's continuation, and before it what tells the present page when it comes again; null if the list ends here.
        /// </summary>
        public string? Continuation
        {
            get
            {
                if (End is not { Continuation: { } place } end)
                    return null;
                var expected = end.IsMoreExpected switch { true => "more", false => "short", null => string.Empty };
                var first = _isBegun ? _first : string.Empty;
                return string.Create(CultureInfo.InvariantCulture, $"{expected}:{first.Length}:{first}{place}");
            }
        }

        /// <summary>Reads the next token of the page, without those of the page before it.</summary>
        /// <exception cref="ApiException">The page is one that came before, so the rest of the list can't be reached; or it can't be
        /// read.</exception>
        public bool TryRead(TokenPageReader page, [NotNullWhen(true)] out ApiToken? token)
        {
            while (page.TryRead(out token))
            {
                var id = token.Id ?? string.Empty;
                if (!_isBegun)
                    Begin(id);
                if (_isOver)
                {
                    token = null;
                    return false;
                }

                if ((id.Length > 0 && !(_ids ??= []).Add(id)) || _before?.Contains(id) == true)
                    continue;
                _isAnyNew = true;
                return true;
            }

            return false;
        }

        /// <summary>Gets the next page; null after the last one. The page before it must have been read to its end.</summary>
        public async ValueTask<TokenPageReader?> NextAsync(OperationContext context)
        {
            if (_current is null)
                return _current = await OpenAsync(_start, context).ConfigureAwait(false);

            var (read, end) = (_current.Count, End);

            // Tokens that moved to the next page can be all that a last one brings; pages that get shorter come to an end.
            if (!_isAnyNew && _isFollowing && end.Continuation is not null && read >= _previousCount)
                throw NothingNew();
            _previousCount = read;
            if (!_isBegun)
                _first = string.Empty;
            (_isBegun, _isAnyNew, _isFollowing) = (false, false, true);
            _current.Dispose();
            (_before, _ids) = (_ids, _before);
            _ids?.Clear();

            if (_underWay.Count > 0 && (read != _perPage || end.Continuation is null))
                await DropAsync().ConfigureAwait(false);
            else if (_requested == 0 && _query.PagesInFlight > 1 && end.Rest.Count > 1)
                (_rest, _perPage) = (end.Rest, read);
            RequestMore(context);

            // Pages that are requested side by side begin where they were reckoned to, and not where the page before ended.
            _isMoreExpected = _underWay.Count > 0 ? null : end.IsMoreExpected;
            return _underWay.TryDequeue(out var next) ? _current = await next.ConfigureAwait(false)
                : end.Continuation is { } place ? _current = await OpenAsync(place, context).ConfigureAwait(false)
                : null;
        }

        public async ValueTask DisposeAsync()
        {
            _current?.Dispose();
            await DropAsync().ConfigureAwait(false);
            _cancellation?.Dispose();
        }

        // Where the vendor pages by numbers, a page that begins as the one before it did is that page once more: either the vendor doesn't
        // page, and the list was whole with the page before, or the rest can't be reached. Elsewhere it may begin so, with a page of one
        // token that moved. With what an earlier page began with, it begins the list anew.
        private void Begin(string id)
        {
            var isRepeated = id == _first;
            if (isRepeated && _isMoreExpected is { } isMore)
            {
                if (isMore || id.Length == 0)
                    throw ApiException.Unreadable(
                        "A page of the list repeats the one before it, so the rest of the list can't be reached.");
                _isOver = true;
                return;
            }

            if (!_firsts.Add(id) && (!isRepeated || _before?.Contains(id) != true))
                throw NothingNew();
            _first = id;
            _isBegun = true;
        }

        private static ApiException NothingNew() => ApiException.Unreadable(
            "A page of the list brings nothing that did not come before, so the rest of the list can't be reached.");

        private Task<TokenPageReader> OpenAsync(string? place, OperationContext context)
            => _adapter.OpenPageAsync(_query, place, context.Reading());

        private void RequestMore(OperationContext context)
        {
            while (_requested < _rest.Count && _underWay.Count < _query.PagesInFlight)
            {
                _cancellation ??= CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
                _underWay.Enqueue(OpenAsync(_rest[_requested++], context.WithCancellation(_cancellation.Token)));
            }
        }

        // The list is not what the first page told, or nobody reads on: what was requested is of no use. Whatever becomes of it, it never
        // breaks what came before.
        private async Task DropAsync()
        {
            _rest = [];
            if (_underWay.Count == 0)
                return;
            await SettledAsync(_cancellation!.CancelAsync()).ConfigureAwait(false);
            while (_underWay.TryDequeue(out var page))
                await SettledAsync(DisposedAsync(page)).ConfigureAwait(false);
        }

        private static async Task DisposedAsync(Task<TokenPageReader> page) => (await page.ConfigureAwait(false)).Dispose();

        private static async Task SettledAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
