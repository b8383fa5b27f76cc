using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Tokenwright.Adapters;

/// <summary>
/// What this process knows of the creates at one vendor's address, whichever of its clients sent them: which are under way, and which
/// tokens were handed out. A token that was handed out is nobody's orphan.
/// </summary>
internal sealed class CreationLedger(TimeProvider timeProvider)
{
    /// <summary>More than any process creates while a lost create is looked for.</summary>
    public const int MostIds = 20_000;

    /// <summary>Gets how long an id is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    // Clients with different clocks share nothing.
    private static readonly ConditionalWeakTable<TimeProvider, ConcurrentDictionary<(
        string Vendor, string Authority), CreationLedger>> Ledgers = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<(string Id, long At)> _order = [];
    private readonly HashSet<UnderWay> _underWay = [];
    private long? _latestWithoutId;

    /// <summary>Gets the ledger that the clients of an address share.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="baseAddress">Where its API is.</param>
    /// <param name="timeProvider">The clock.</param>
    public static CreationLedger Of(string vendor, Uri baseAddress, TimeProvider timeProvider)
        => Ledgers.GetOrCreateValue(timeProvider)
            .GetOrAdd((vendor, baseAddress.Authority), static (_, clock) => new CreationLedger(clock), timeProvider);

    /// <summary>
    /// Takes note of a create that is about to be sent; disposing what is returned says that its outcome is known, or that its response is
    /// lost.
    /// </summary>
    public IDisposable Begin()
    {
        var create = new UnderWay(this);
        lock (_lock)
            _underWay.Add(create);
        return create;
    }

    /// <summary>
    /// Waits until all creates have ended that are under way now: only then is known which of the tokens that a list shows were handed out.
    /// </summary>
    /// <param name="longest">How long to wait at most.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>Whether they have ended.</returns>
    public async Task<bool> WaitForOthersAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        Task others;
        lock (_lock)
            others = Task.WhenAll(_underWay.Select(create => create.Ended));
        if (others.IsCompleted)
            return true;
        try
        {
            await others.WaitAsync(longest, timeProvider, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Takes note of a token that is handed out, or that one recovery takes for itself.</summary>
    /// <param name="id">The token's id; null if the vendor told none.</param>
    /// <returns>Whether it was not taken before.</returns>
    public bool TryAdd(string? id)
    {
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            if (id is null)
            {
                _latestWithoutId = now;
                return true;
            }

            while (_order.TryPeek(out var oldest) && (_order.Count >= MostIds || timeProvider.GetElapsedTime(oldest.At, now) >= Kept))
            {
                _order.Dequeue();
                if (_ids.TryGetValue(oldest.Id, out var at) && at == oldest.At)
                    _ids.Remove(oldest.Id);
            }

            if (!_ids.TryAdd(id, now))
                return false;
            _order.Enqueue((id, now));
            return true;
        }
    }

    /// <summary>Gives back a token that a recovery took and could not settle.</summary>
    /// <param name="id">The token's id.</param>
    public void Remove(string id)
    {
        lock (_lock)
            _ids.Remove(id);
    }

    /// <summary>Determines whether a token was handed out, or taken by a recovery.</summary>
    /// <param name="id">The token's id.</param>
    public bool Contains(string id)
    {
        lock (_lock)
            return _ids.ContainsKey(id);
    }

    /// <summary>Determines whether a token was handed out lately of which the vendor told no id: it can be any that a list shows.</summary>
    /// <param name="within">How long ago at most.</param>
    public bool HandedOutWithoutId(TimeSpan within)
    {
        lock (_lock)
            return _latestWithoutId is { } at && timeProvider.GetElapsedTime(at) <= within;
    }

    private sealed class UnderWay(CreationLedger ledger) : IDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public void Dispose()
        {
            lock (ledger._lock)
                ledger._underWay.Remove(this);
            _ended.TrySetResult();
        }
    }
}
