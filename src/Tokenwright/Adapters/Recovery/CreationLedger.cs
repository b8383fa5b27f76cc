using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Tokenwright.Adapters;

/// <summary>
/// Tracks the creates that this process sends to one vendor's address, from all clients: which are in progress, and which tokens were
/// returned to callers. A token that was returned to a caller isn't orphaned.
/// </summary>
internal sealed class CreationLedger(TimeProvider timeProvider)
{
    /// <summary>The maximum number of ids, more than a process creates while it looks for a lost token.</summary>
    public const int MostIds = 20_000;

    /// <summary>The time for which an id is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    // Clients with different clocks don't share a ledger.
    private static readonly ConditionalWeakTable<TimeProvider, ConcurrentDictionary<string, CreationLedger>> Ledgers = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _ids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<(string Id, long At)> _order = [];
    private readonly HashSet<UnderWay> _underWay = [];
    private long? _latestWithoutId;

    /// <summary>Gets the ledger that the clients of an address share.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="baseAddress">The address of the vendor's API.</param>
    /// <param name="timeProvider">The clock.</param>
    public static CreationLedger Of(string vendor, Uri baseAddress, TimeProvider timeProvider)
        => Ledgers.GetOrCreateValue(timeProvider)
            .GetOrAdd($"{vendor} {baseAddress.Authority}", static (_, clock) => new CreationLedger(clock), timeProvider);

    /// <summary>Records a create that is about to be sent. Dispose the result when the outcome is known or the response is lost.</summary>
    public IDisposable Begin()
    {
        var create = new UnderWay(this);
        lock (_lock)
            _underWay.Add(create);
        return create;
    }

    /// <summary>
    /// Waits until all creates that are in progress have ended. Only then is it known which tokens in a list were returned to callers.
    /// </summary>
    /// <param name="longest">The maximum time to wait.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>Whether they ended in that time.</returns>
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

    /// <summary>Records a token that is returned to a caller, or that one recovery claims.</summary>
    /// <param name="id">The token's id; null if the vendor didn't send it.</param>
    /// <returns>Whether the token was not recorded before.</returns>
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

    /// <summary>Releases a token that a recovery claimed but couldn't handle.</summary>
    /// <param name="id">The token's id.</param>
    public void Remove(string id)
    {
        lock (_lock)
            _ids.Remove(id);
    }

    /// <summary>Determines whether a token was returned to a caller, or claimed by a recovery.</summary>
    /// <param name="id">The token's id.</param>
    public bool Contains(string id)
    {
        lock (_lock)
            return _ids.ContainsKey(id);
    }

    /// <summary>Determines whether a token without a known id was returned to a caller recently. It can be any token in a list.</summary>
    /// <param name="within">The maximum age.</param>
    public bool HandedOutWithoutId(TimeSpan within)
    {
        lock (_lock)
            return _latestWithoutId is { } at && timeProvider.GetElapsedTime(at) <= within;
    }

    private sealed class UnderWay(CreationLedger ledger) : IDisposable
    {
        // Few creates have another one that waits for them.
        private TaskCompletionSource? _ended;

        /// <summary>Gets a task that ends with the create. The caller holds the lock of the ledger.</summary>
        public Task Ended => (_ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Dispose()
        {
            lock (ledger._lock)
                ledger._underWay.Remove(this);
            _ended?.TrySetResult();
        }
    }
}
