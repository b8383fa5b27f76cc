using System.Globalization;

namespace Tokenwright.Http;

/// <summary>
/// Limits the rate of the calls that a vendor counts together. It enforces the limits in the connections' options and in the vendor's
/// headers. The vendor counts a call at some time between its sending and its response. So a call holds a place in a window from its
/// sending until one window after its response.
/// </summary>
internal sealed partial class VendorRateLimiter
{
    private const string PolicyHeader = "RateLimit-Limit";
    private const string RemainingHeader = "RateLimit-Remaining";
    private const string ResetHeader = "RateLimit-Reset";

    // If no limit is known, the latest calls are stored anyway, because a response can still report a limit.
    private const int PlacesWithoutLimit = 32;
    private const int MostCallsTold = 1_000_000;
    private static readonly TimeSpan LongestWindowTold = TimeSpan.FromDays(1);

    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly LinkedList<RateLimitWaiter> _queue = new();

    // The end times of the latest calls, in order. For calls without a response, it is the latest time when the vendor can have counted
    // them.
    private readonly List<TimeSpan> _ended = [];
    private int _underWay;
    private int _mostCalls = PlacesWithoutLimit;
    private TimeSpan _longestWindow;
    private Policy? _policy;
    private Quota? _quota;
    private bool _isRetired;
    private Alarm? _alarm;

    /// <summary>Initializes a new instance of the <see cref="VendorRateLimiter"/> class without stored calls.</summary>
    /// <param name="timeProvider">The clock.</param>
    public VendorRateLimiter(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
    }

    private enum Limit
    {
        None,
        Options,
        Policy,
        Quota,
    }

    /// <summary>
    /// Gets whether this rate limiter was dropped because it had no stored calls. Another one then serves the credential.
    /// </summary>
    public bool IsRetired => Volatile.Read(ref _isRetired);

    /// <summary>Gets the number of stored calls that have ended.</summary>
    public int RememberedCalls => _ended.Count;

    private TimeSpan Now => _timeProvider.GetElapsedTime(_start);

    /// <summary>
    /// Takes a place for a call, or adds it to the queue. Calls are sent in the order in which they came. For each call that may be sent,
    /// one of the <c>Leave…</c> methods must be called.
    /// </summary>
    /// <param name="options">The limits of the call's connection.</param>
    /// <param name="sent">The request, which says how long the call can wait.</param>
    /// <param name="since">The time when the call may be sent, if it need not wait.</param>
    /// <param name="waiter">The waiter to pass to <see cref="WaitAsync"/>; null if the call need not wait.</param>
    /// <returns>False if this rate limiter is retired. Then no place was taken.</returns>
    /// <exception cref="RateLimitException">The wait would be longer than the call may take.</exception>
    public bool TryEnter(ConnectionOptions options, SentRequest sent, out TimeSpan since, out RateLimitWaiter? waiter)
    {
        waiter = null;
        AlarmChange change;
        lock (_lock)
        {
            since = Now;
            if (_isRetired)
                return false;
            _longestWindow = Latest(_longestWindow, options.CallWindow);
            _mostCalls = Math.Max(_mostCalls, options.CallsPerWindow ?? 0);
            var turn = TurnOf(options, since, _queue.Count);
            if (_queue.Count == 0 && !turn.IsBlocked)
            {
                _underWay++;
                return true;
            }

            var wait = Latest(turn.NotBefore, since) - since;
            if (wait > sent.Left)
                throw TooLate(turn, options, sent, wait);
            waiter = new RateLimitWaiter(options, sent, wait);
            _queue.AddLast(waiter.Node);
            change = LetThrough(since);
        }

        change.Apply();
        return true;
    }

    /// <summary>Waits until a call may be sent.</summary>
    /// <param name="waiter">The waiter from <see cref="TryEnter"/>.</param>
    /// <param name="events">Records the wait.</param>
    /// <param name="cancellationToken">The token to cancel the wait. The place in the queue is then free for others.</param>
    /// <returns>The time when the call may be sent.</returns>
    /// <exception cref="RateLimitException">The wait would be, or was, longer than the call may take.</exception>
    public async Task<TimeSpan> WaitAsync(RateLimitWaiter waiter, ConnectionEvents events, CancellationToken cancellationToken)
    {
        try
        {
            var start = _timeProvider.GetTimestamp();
            try
            {
                events.WaitsForRateLimit(waiter.Sent.Message, waiter.Wait);
                using var registration = cancellationToken.UnsafeRegister(
                    static (state, token) =>
                    {
                        var (limiter, waiter) = ((VendorRateLimiter, RateLimitWaiter))state!;
                        limiter.Cancel(waiter, token);
                    },
                    (this, waiter));
                return await waiter.Task.ConfigureAwait(false);
            }
            finally
            {
                events.WaitedForRateLimit(waiter.Sent.Message, _timeProvider.GetElapsedTime(start));
            }
        }
        catch (Exception exception)
        {
            Withdraw(waiter);
            if (exception is OperationCanceledException && waiter.Sent.Left <= TimeSpan.Zero)
                throw TimedOut(waiter);
            throw;
        }
    }

    /// <summary>Records that a call ended with a response.</summary>
    /// <param name="options">The limits of the call's connection.</param>
    /// <param name="since">The time when the call was sent.</param>
    /// <param name="response">The response.</param>
    public void Leave(ConnectionOptions options, TimeSpan since, HttpResponseMessage response)
    {
        var policy = options.FollowRateLimitHeaders ? PolicyOf(RetryAfter.First(response, PolicyHeader)) : null;
        var remaining = options.FollowRateLimitHeaders ? Number(RetryAfter.First(response, RemainingHeader)) : null;
        var reset = remaining is null
            ? null
            : RetryAfter.Read(
                ResetHeader, RetryAfter.First(response, ResetHeader), RetryAfter.First(response, "Date"), _timeProvider.GetUtcNow(),
                options.MaxRetryAfter);
        var retryAfter = (int)response.StatusCode == 429
            ? RetryAfter.Read(response, _timeProvider.GetUtcNow(), options.MaxRetryAfter) : null;
        AlarmChange change;
        lock (_lock)
        {
            var now = Now;
            _underWay--;
            End(now);
            Forget(options, now);
            if (policy is { } told)
            {
                _policy = new Policy(told.Calls, told.Window, now);
                _longestWindow = Latest(_longestWindow, told.Window);
                _mostCalls = Math.Max(_mostCalls, told.Calls);
            }

            if (reset is { } wait)
                Learn(new Quota(remaining!.Value, wait, now, IsRefusal: false), since);
            if (retryAfter is { } asked)
                Learn(new Quota(0, asked, now, IsRefusal: true), since);
            change = LetThrough(now);
        }

        change.Apply();
    }

    /// <summary>
    /// Records that a call ended without a response. The vendor may have counted it, or may still count it until the end of the longest
    /// possible attempt.
    /// </summary>
    /// <param name="options">The limits of the call's connection.</param>
    /// <param name="since">The time when the call was sent.</param>
    public void LeaveWithoutResponse(ConnectionOptions options, TimeSpan since)
    {
        AlarmChange change;
        lock (_lock)
        {
            var now = Now;
            _underWay--;
            End(Latest(now, since + options.AttemptTimeout));
            if (_quota is { } quota)
                _quota = quota with { Remaining = quota.Remaining - 1 };
            Forget(options, now);
            change = LetThrough(now);
        }

        change.Apply();
    }

    /// <summary>Records that a call was certainly not sent. Its place is free at once.</summary>
    /// <param name="options">The limits of the call's connection.</param>
    public void LeaveUnsent(ConnectionOptions options)
    {
        AlarmChange change;
        lock (_lock)
        {
            var now = Now;
            _underWay--;
            Forget(options, now);
            change = LetThrough(now);
        }

        change.Apply();
    }

    /// <summary>Retires this rate limiter if no call is in progress or waiting, and no place is held.</summary>
    /// <returns>Whether this rate limiter is retired.</returns>
    public bool TryRetire()
    {
        lock (_lock)
        {
            var now = Now;
            _isRetired |= _underWay == 0 && _queue.Count == 0
                && !(_ended.Count > 0 && _ended[^1] + _longestWindow > now) && !(_quota?.ResetAt > now);
            return _isRetired;
        }
    }

    private void Cancel(RateLimitWaiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiter.Node.List is null)
                return;
            _queue.Remove(waiter.Node);
            waiter.SetCanceled(cancellationToken);
        }
    }

    // A call whose wait ended for any reason and that isn't sent must release its place and its position in the queue.
    private void Withdraw(RateLimitWaiter waiter)
    {
        AlarmChange change;
        lock (_lock)
        {
            if (waiter.Node.List is not null)
                _queue.Remove(waiter.Node);
            else if (waiter.Task.IsCompletedSuccessfully)
                _underWay--;
            change = LetThrough(Now);
        }

        change.Apply();
    }

    // Lets all calls pass that may be sent now, and computes when to check again. The caller holds the lock, and applies the result after
    // it has released the lock, because clocks have locks of their own.
    private AlarmChange LetThrough(TimeSpan now)
    {
        TimeSpan? due = null;
        while (_queue.First is { } first)
        {
            var waiter = first.Value;
            var turn = TurnOf(waiter.Options, now, ahead: 0);
            if (turn.IsBlocked && turn.NotBefore - now <= waiter.Sent.Left)
            {
                due = turn.Wake;
                break;
            }

            _queue.RemoveFirst();
            if (turn.IsBlocked)
            {
                waiter.SetException(TooLate(turn, waiter.Options, waiter.Sent, turn.NotBefore - now));
            }
            else
            {
                _underWay++;
                waiter.SetResult(now);
            }
        }

        if (due == _alarm?.Due)
            return default;
        var change = new AlarmChange(_alarm, due is { } instant ? new Alarm(this, instant, instant - now) : null);
        _alarm = change.Started;
        return change;
    }

    private void Wake(Alarm alarm)
    {
        AlarmChange change;
        lock (_lock)
        {
            if (_alarm == alarm)
                _alarm = null;
            change = LetThrough(Now);
        }

        change.Apply();
    }

    private void End(TimeSpan end)
    {
        // Most calls end after those before them.
        var index = _ended.Count == 0 || _ended[^1] <= end ? _ended.Count : _ended.BinarySearch(end);
        _ended.Insert(index < 0 ? ~index : index, end);

        // No limit needs more past calls than it allows in a window. They are removed many at a time, which keeps the cost for each call
        // low.
        if (_ended.Count > 2 * _mostCalls)
            _ended.RemoveRange(0, _ended.Count - _mostCalls);
    }

    // Removes the information from a response when it has expired or reached its bound, and a call that was sent then has ended.
    private void Forget(ConnectionOptions options, TimeSpan now)
    {
        if (_policy is { } policy && policy.At + options.MaxRetryAfter <= now)
            _policy = null;
        if (_quota is { } quota && Earliest(quota.ResetAt, quota.At + options.MaxRetryAfter) <= now)
            _quota = null;
    }

    // If two calls were in progress at the same time, it isn't known which response is newer for the vendor. The one with fewer remaining
    // calls counts.
    private void Learn(Quota told, TimeSpan since)
    {
        if (_quota is { } known
            && known.At > since
            && (known.Remaining < told.Remaining || (known.Remaining == told.Remaining && known.ResetAt >= told.ResetAt)))
        {
            // A refusal counts for connections that don't follow the other headers, too.
            _quota = known with { IsRefusal = known.IsRefusal || told.IsRefusal };
            return;
        }

        _quota = told;
    }

    private RateLimitException TooLate(Turn turn, ConnectionOptions options, SentRequest sent, TimeSpan wait)
        => new($"{Describe(turn, options)} The next call may be sent in {Seconds(wait)} s, which is longer than this call may take. " +
            $"{Unsent(sent)}", wait);

    private RateLimitException TimedOut(RateLimitWaiter waiter)
    {
        lock (_lock)
        {
            var now = Now;
            var turn = TurnOf(waiter.Options, now, ahead: 0);
            return new($"{Describe(turn, waiter.Options)} No place became free in the time that this call had. {Unsent(waiter.Sent)}",
                Latest(turn.NotBefore, now) - now);
        }
    }

    private string Describe(Turn turn, ConnectionOptions options) => turn.Limit switch
    {
        Limit.Policy when _policy is { } policy =>
            "The vendor's rate limit is used up " +
                $"({new RetryAfter(PolicyHeader, $"{policy.Calls};w={policy.Window.TotalSeconds}", default, turn.IsBounded
                ? options.MaxRetryAfter : null)}).",
        Limit.Quota when _quota is { } quota =>
            "The vendor accepts no more calls for now " +
                $"({(turn.IsBounded ? quota.Told with { Bound = Earliest(quota.Told.Bound ?? options.MaxRetryAfter, options.MaxRetryAfter) }
                : quota.Told)}).",
        Limit.Options =>
            $"The limit of {Number(options.CallsPerWindow!.Value)} calls in {Seconds(options.CallWindow)} s " +
                $"({nameof(ConnectionOptions.CallsPerWindow)}) is used up.",
        _ => "Others wait for the vendor's rate limit.",
    };

    private static string Unsent(SentRequest sent) => sent.Attempts == 0 ? "Nothing was sent." : "It was not retried.";

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int? Number(string? text)
        => int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // The form is "7500;w=3600", the number of calls and the window in seconds. The first of several policies counts. A policy without a
    // window is ignored.
    private static (int Calls, TimeSpan Window)? PolicyOf(string? limit)
    {
        var parts = limit?.Split(',')[0].Split(';', StringSplitOptions.TrimEntries) ?? [];
        var window = parts.Skip(1).FirstOrDefault(part => part.StartsWith("w=", StringComparison.Ordinal));
        return Number(parts.FirstOrDefault()) is { } calls and > 0 and <= MostCallsTold && Number(window?[2..]) is { } seconds and > 0
            ? (calls, Earliest(TimeSpan.FromSeconds(seconds), LongestWindowTold))
            : null;
    }

    private static TimeSpan Latest(TimeSpan one, TimeSpan other) => new(Math.Max(one.Ticks, other.Ticks));

    private static TimeSpan Earliest(TimeSpan one, TimeSpan other) => new(Math.Min(one.Ticks, other.Ticks));
}
