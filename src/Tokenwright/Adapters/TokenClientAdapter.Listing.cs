using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Tokenwright.Adapters;

/// <content>Lists tokens: as a stream, page by page, and as a whole.</content>
public abstract partial class TokenClientAdapter
{
    // This many references need about as much memory as one token.
    private const int RoomPerToken = 16;

    /// <inheritdoc />
    public AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new TokenQuery();
        Require(query);
        return new VendorList(this, query, cancellationToken);
    }

    /// <summary>Reads the whole list, for operations that search it for one token. Failures are those of the operation.</summary>
    /// <param name="query">The filters and options of the list.</param>
    /// <param name="context">The operation.</param>
    protected IAsyncEnumerable<ApiToken> ListCoreAsync(TokenQuery query, OperationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ListCoreAsync(query, context, context.CancellationToken);
    }

    /// <summary>
    /// Reads the whole list and returns matching tokens, for operations that search it. Failures are those of the operation.
    /// </summary>
    /// <param name="query">The filters and options of the list.</param>
    /// <param name="isWanted">Determines whether a token matches.</param>
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

    // The total is only a hint, so it doesn't reserve more capacity than there are tokens already.
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

    // Without an outer context, the list is an operation of its own. Only opening a page is asynchronous; reading its tokens is not.
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
    /// Represents the pages of a list, in order. They are requested one after another, or several at a time if the vendor reports the
    /// total.
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

        // If tokens are added or removed between two requests, a token can move to the next page and be read twice.
        private HashSet<string>? _before;
        private HashSet<string>? _ids;

        // If a server ignored which page is requested, the list would never end.
        private readonly HashSet<string> _firsts = [];
        private string _first = string.Empty;
        private bool? _isMoreExpected;
        private int _previousCount;
        private bool _isBegun;
        private bool _isAnyNew;
        private bool _isFollowing;
        private bool _isOver;

        /// <summary>Initializes a new instance of the <see cref="PageSequence"/> class.</summary>
        /// <param name="adapter">Opens the pages.</param>
        /// <param name="query">The filters and options of the list.</param>
        /// <param name="continuation">The <see cref="Continuation"/> after an earlier page; null for the first page.</param>
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

        /// <summary>Gets where the list continues after the current page, which has been read completely.</summary>
        public TokenPageEnd End => _isOver ? new TokenPageEnd(_current!.End!.ContinuationIfRepeated) : _current!.End!;

        /// <summary>
        /// Gets the vendor's continuation, with a prefix that detects a repeat of the current page; null if the list ends here.
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

        /// <summary>Reads the next token of the page, and skips those of the page before it.</summary>
        /// <exception cref="ApiException">
        /// The page can't be read, or it repeats an earlier one, so that the rest of the list can't be reached.
        /// </exception>
        public bool TryRead(TokenPageReader page, [NotNullWhen(true)] out ApiToken? token)
        {
            while (page.TryRead(out token))
            {
                // Such a record has no id, so nothing can be learned from it about the pages.
                if (token.Unreadable.HasFlag(TokenFields.Record) && !_isOver)
                    return true;
                var id = token.Id ?? string.Empty;
                if (!_isBegun && !_isOver)
                    Begin(id);
                if (_isOver)
                    continue;

                if ((id.Length > 0 && !(_ids ??= []).Add(id)) || _before?.Contains(id) == true)
                    continue;
                _isAnyNew = true;
                return true;
            }

            return false;
        }

        /// <summary>Gets the next page; null after the last one. The page before it must have been read completely.</summary>
        public async ValueTask<TokenPageReader?> NextAsync(OperationContext context)
        {
            if (_current is null)
                return _current = await OpenAsync(_start, context).ConfigureAwait(false);

            var (read, end) = (_current.Count, End);

            // A last page can contain only tokens that moved there. A list whose pages get shorter ends by itself. If no page had to
            // follow, the vendor doesn't page: it returned the whole list again, in another order.
            if (!_isOver && !_isAnyNew && _isFollowing && end.Continuation is not null && read >= _previousCount)
                end = _isBegun && _isMoreExpected == false && end.IsMoreExpected == false
                    ? new TokenPageEnd(end.ContinuationIfRepeated) : throw NothingNew();
            _previousCount = read;
            if (!_isBegun)
                _first = string.Empty;
            (_isBegun, _isAnyNew, _isFollowing, _isOver) = (false, false, true, false);
            _current.Dispose();
            (_before, _ids) = (_ids, _before);
            _ids?.Clear();

            if (_underWay.Count > 0 && (read != _perPage || end.Continuation is null))
                await DropAsync().ConfigureAwait(false);
            else if (_requested == 0 && _query.PagesInFlight > 1 && end.Rest.Count > 1)
                (_rest, _perPage) = (end.Rest, read);
            RequestMore(context);

            // Pages that are requested at the same time begin at a computed place, not where the page before ended.
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

        // With page numbers, a page that begins like the page before it is the same page again. Either the vendor doesn't page and the list
        // was complete, or the rest can't be reached. With the vendor's own continuations, it can also be a page with one token that moved
        // there. A page that begins like an earlier one starts the list again.
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
        {
            var page = _adapter.OpenPageAsync(_query, place, context.Reading());
            return _query.IncludeUnreadable ? WithUnreadableAsync(page) : page;
        }

        private async Task<TokenPageReader> WithUnreadableAsync(Task<TokenPageReader> page)
        {
            var reader = await page.ConfigureAwait(false);
            reader.UnreadableRecord = () => new ApiToken
            {
                Vendor = _adapter.Connection.Vendor,
                Connection = _adapter.Connection.Name,
                State = TokenState.Unknown,
                Unreadable = TokenFields.Record | TokenFields.Expiry | TokenFields.State | TokenFields.Rights | TokenFields.LastUse,
            };
            return reader;
        }

        private void RequestMore(OperationContext context)
        {
            while (_requested < _rest.Count && _underWay.Count < _query.PagesInFlight)
            {
                _cancellation ??= CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
                _underWay.Enqueue(OpenAsync(_rest[_requested++], context.WithCancellation(_cancellation.Token)));
            }
        }

        // The list differs from what the first page reported, or the caller stopped reading, so the requested pages are useless. A failure
        // of them must not affect the pages that were read.
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
