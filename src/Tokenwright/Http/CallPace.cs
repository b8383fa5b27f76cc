using System.Collections.Concurrent;
using System.Globalization;

namespace Tokenwright.Http;

/// <summary>
/// The pace of the calls that a vendor counts together: all clients in the process whose credential is the same share one. It lets calls wait before the vendor would
/// refuse them.
/// </summary>
internal sealed class CallPace
{
    private const int CountedWithoutLimit = 32;

    private static readonly ConcurrentDictionary<Key, CallPace> Paces = new();

    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly Lock _lock = new();

    // When the latest calls were sent or will be, in order.
    private readonly List<TimeSpan> _slots = [];
    private TimeSpan _longestWindow;
    private TimeSpan _heldUntil;
    private int _underWay;
    private bool _isRetired;
    private int? _remaining;
    private (int Calls, TimeSpan Window)? _told;
    private TimeSpan _resetAt;

    public CallPace(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
    }

    private TimeSpan Now => _timeProvider.GetElapsedTime(_start);

    /// <summary>The pace that the clients of a credential share.</summary>
    /// <param name="vendor">The vendor.</param>
    /// <param name="baseAddress">Where its API is.</param>
    /// <param name="scope">What the vendor counts by. It may hold a secret, so only a hash of it is kept, which differs from process to process; two that share one by chance only share a pace.</param>
    /// <param name="timeProvider">The clock; clients with different clocks share nothing.</param>
    public static CallPace Of(string vendor, Uri baseAddress, string scope, TimeProvider timeProvider)
    {
        var key = new Key(vendor, baseAddress.Authority, scope.GetHashCode(StringComparison.Ordinal), timeProvider);
        if (Paces.TryGetValue(key, out var known))
            return known;

        // Credentials come and go: what has nothing left to remember is dropped when another one comes.
        foreach (var (other, pace) in Paces)
        {
            if (pace.TryRetire())
                Paces.TryRemove(other, out _);
        }

        return Paces.GetOrAdd(key, static (_, clock) => new CallPace(clock), timeProvider);
    }

    /// <summary>Whether it was dropped because it had nothing left to remember: another one then counts for the credential.</summary>
    public bool IsRetired => Volatile.Read(ref _isRetired);

    /// <summary>Waits until a call may be sent. Calls go in the order in which they came. Each call that was let through must <see cref="Leave"/>.</summary>
    /// <param name="callsPerWindow">How many calls go into a window; null for any number.</param>
    /// <param name="window">The sliding window.</param>
    /// <param name="sent">The request; it says how long the call may wait.</param>
    /// <param name="events">Told how long the call is going to wait, if it is.</param>
    /// <param name="cancellationToken">Ends the wait; the place is then free for others.</param>
    /// <returns>Whether the call may go; not if the pace is retired.</returns>
    /// <exception cref="CallPaceException">The wait would be longer than the call may last. Nothing was sent.</exception>
    public async ValueTask<bool> EnterAsync(int? callsPerWindow, TimeSpan window, SentRequest sent, ConnectionEvents events, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Reserve(callsPerWindow, window, sent) is not { } turn)
                return false;
            if (turn.Wait == TimeSpan.Zero)
                return true;
            try
            {
                events.WaitsForPace(sent.Message, turn.Wait);

                // Timers count whole milliseconds, and drop what is beyond them.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(turn.Wait.TotalMilliseconds)), _timeProvider, cancellationToken).ConfigureAwait(false);
                if (TryGo())
                    return true;
            }
            catch (OperationCanceledException)
            {
                GiveBack(turn.Slot);
                throw;
            }

            // While this call waited, the vendor said that no more are taken for now.
            GiveBack(turn.Slot);
        }
    }

    /// <summary>Says that a call which was let through has ended.</summary>
    /// <param name="answer">The vendor's answer; null if there was none.</param>
    /// <param name="followHeaders">Whether to believe its <c>RateLimit</c> headers.</param>
    public void Leave(HttpResponseMessage? answer, bool followHeaders)
    {
        lock (_lock)
        {
            _underWay--;
            if (answer is null)
                return;
            if (followHeaders && Policy(Header(answer, "RateLimit-Limit")) is { } policy)
                _told = policy;
            if (followHeaders && Number(answer, "RateLimit-Remaining") is { } remaining && Number(answer, "RateLimit-Reset") is { } reset)
            {
                // The vendor has not counted yet what is under way.
                _remaining = remaining - _underWay;
                _resetAt = Now + TimeSpan.FromSeconds(reset);
            }

            if ((int)answer.StatusCode == 429 && RetryAfter.Read(answer, _timeProvider.GetUtcNow()) is { } wait && Now + wait > _heldUntil)
                _heldUntil = Now + wait;
        }
    }

    private bool TryRetire()
    {
        lock (_lock)
        {
            _isRetired |= _underWay == 0 && _heldUntil <= Now && RemainingAt(Now) is null && (_slots.Count == 0 || _slots[^1] + _longestWindow <= Now);
            return _isRetired;
        }
    }

    // When the call may go, and how long it has to wait for that: one that needn't wait has gone. Null if the pace is retired.
    private (TimeSpan Slot, TimeSpan Wait)? Reserve(int? callsPerWindow, TimeSpan window, SentRequest sent)
    {
        lock (_lock)
        {
            if (_isRetired)
                return null;
            var now = Now;
            _longestWindow = Latest(_longestWindow, Latest(window, _told?.Window ?? TimeSpan.Zero));
            var over = 0;
            while (over < _slots.Count && _slots[over] + _longestWindow <= now)
                over++;
            _slots.RemoveRange(0, over);

            var slot = Latest(now, _heldUntil);
            if (RemainingAt(now) <= 0)
                slot = Latest(slot, _resetAt);
            if (callsPerWindow is { } own && _slots.Count >= own)
                slot = Latest(slot, _slots[^own] + window);
            if (_told is { } told && _slots.Count >= told.Calls)
                slot = Latest(slot, _slots[^told.Calls] + told.Window);
            if (_slots.Count > 0)
                slot = Latest(slot, _slots[^1]);
            if (slot > now && slot - now > sent.Left)
                throw new CallPaceException(slot - now);

            // Where no limit is known, a few calls are counted all the same: an answer may still tell one.
            if (callsPerWindow is not null || _told is not null || _slots.Count < CountedWithoutLimit)
                _slots.Add(slot);
            if (slot == now)
                Go(now);
            return (slot, slot - now);
        }
    }

    private bool TryGo()
    {
        lock (_lock)
        {
            var now = Now;
            if (_heldUntil > now || RemainingAt(now) <= 0)
                return false;
            Go(now);
            return true;
        }
    }

    private void Go(TimeSpan now)
    {
        _remaining = RemainingAt(now) - 1;
        _underWay++;
    }

    // What the vendor told counts until its window ends.
    private int? RemainingAt(TimeSpan now) => _resetAt > now ? _remaining : null;

    private void GiveBack(TimeSpan slot)
    {
        lock (_lock)
            _slots.Remove(slot);
    }

    private static TimeSpan Latest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static int? Number(HttpResponseMessage answer, string header) => Number(Header(answer, header));

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // "7500;w=3600": so many calls in a window of so many seconds. Of several policies, the first one counts; without a window it tells nothing to keep to.
    private static (int Calls, TimeSpan Window)? Policy(string? limit)
    {
        var parts = limit?.Split(',')[0].Split(';', StringSplitOptions.TrimEntries) ?? [];
        var window = parts.Skip(1).FirstOrDefault(part => part.StartsWith("w=", StringComparison.Ordinal));
        return Number(parts.FirstOrDefault()) is { } calls and > 0 && Number(window?[2..]) is { } seconds and > 0 ? (calls, TimeSpan.FromSeconds(seconds)) : null;
    }

    private sealed record Key(string Vendor, string Authority, int Scope, TimeProvider TimeProvider);
}
