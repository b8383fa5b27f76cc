namespace Tokenwright.Http;

/// <content>Computes when each limit allows the next call.</content>
internal sealed partial class VendorRateLimiter
{
    // Computes when a call can be sent if a number of other calls go first. If this depends on calls in progress, only the earliest time is
    // known, and the queue is checked when each of them ends.
    private Turn TurnOf(ConnectionOptions options, TimeSpan now, int ahead)
    {
        var turn = default(Turn);
        if (options.CallsPerWindow is { } calls)
            turn = InWindow(Limit.Options, calls, options.CallWindow, now, ahead);
        if (options.FollowRateLimitHeaders && _policy is { } policy
            && InWindow(Limit.Policy, policy.Calls, policy.Window, now, ahead) is { IsBlocked: true } told)
            turn = turn.And(Bounded(told, policy.At + options.MaxRetryAfter, now));
        if (_quota is { } quota && (options.FollowRateLimitHeaders || quota.IsRefusal))
            turn = turn.And(InQuota(quota, options, now));
        return turn;
    }

    private Turn InWindow(Limit limit, int calls, TimeSpan window, TimeSpan now, int ahead)
    {
        // The places, in the order in which they become free: those of ended calls, those of calls in progress, and those that the calls
        // ahead will take. One of them must be free.
        var held = _ended.Count + _underWay;
        var place = held + ahead - calls;
        var rounds = place < held ? 0 : ((place - held) / calls) + 1;
        place -= rounds * calls;
        var later = TimeSpan.FromTicks(window.Ticks * rounds);
        if (place >= _ended.Count)
            return new Turn(limit, now + window + later, null);
        var free = (place < 0 ? now : Latest(now, _ended[place] + window)) + later;
        if (free <= now)
            return default;

        // If a call in progress ends now, its place can be free before that of a call that ended without a response, which is held longer.
        return new Turn(limit, _underWay > 0 ? Earliest(free, now + window + later) : free, free);
    }

    private Turn InQuota(Quota quota, ConnectionOptions options, TimeSpan now)
    {
        if (quota.Remaining > _underWay || (quota.ResetAt <= now && quota.Told.Bound is null))
            return default;
        var bound = Earliest(quota.ResetAt, quota.At + options.MaxRetryAfter);

        // The responses to the calls in progress will give new information.
        if (quota.Remaining > 0 && quota.ResetAt > now)
            return Bounded(new Turn(Limit.Quota, now, quota.ResetAt), bound, now);
        return Bounded(new Turn(Limit.Quota, quota.ResetAt, quota.ResetAt), bound, now);
    }

    // A response can't delay calls for longer than the bound. After that, one call at a time is sent until the next response gives new
    // information.
    private Turn Bounded(Turn turn, TimeSpan bound, TimeSpan now)
    {
        if (bound > now)
            return turn with
            {
                NotBefore = Earliest(turn.NotBefore, bound),
                Wake = Earliest(turn.Wake ?? bound, bound),
                IsBounded = bound < turn.NotBefore,
            };
        return _underWay == 0 ? default : turn with { NotBefore = now, Wake = null, IsBounded = true };
    }

    // A sliding window from a response header.
    private readonly record struct Policy(int Calls, TimeSpan Window, TimeSpan At);

    // The number of calls that were left when a response arrived, without those in progress, and how long it is valid.
    private readonly record struct Quota(int Remaining, RetryAfter Told, TimeSpan At, bool IsRefusal)
    {
        public TimeSpan ResetAt => At + Told.Wait;
    }

    // When a call can be sent: not before one time, and checked at the latest at another one. Without the second time, the end of a call in
    // progress triggers the check. The default value means now.
    private readonly record struct Turn(Limit Limit, TimeSpan NotBefore, TimeSpan? Wake, bool IsBounded = false)
    {
        public bool IsBlocked => Limit != Limit.None;

        // A call must wait for all limits.
        public Turn And(Turn other)
        {
            if (!IsBlocked || !other.IsBlocked)
                return IsBlocked ? this : other;
            var later = other.NotBefore > NotBefore ? other : this;
            return later with { Wake = Wake is { } one && other.Wake is { } two ? Latest(one, two) : null };
        }
    }

    // A timer that checks the queue later.
    private sealed class Alarm(VendorRateLimiter limiter, TimeSpan due, TimeSpan wait)
    {
        private ITimer? _timer;
        private int _isStopped;

        public TimeSpan Due => due;

        public void Start()
        {
            // A timer counts whole milliseconds and drops fractions, so the wait is rounded up.
            var whole = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds)));
            var timer = limiter._timeProvider.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, whole, Timeout.InfiniteTimeSpan);
            Interlocked.Exchange(ref _timer, timer);
            if (Volatile.Read(ref _isStopped) != 0)
                timer.Dispose();
        }

        public void Stop()
        {
            Interlocked.Exchange(ref _isStopped, 1);
            Volatile.Read(ref _timer)?.Dispose();
        }

        private void Ring()
        {
            limiter.Wake(this);
            Volatile.Read(ref _timer)?.Dispose();
        }
    }

    private readonly record struct AlarmChange(Alarm? Stopped, Alarm? Started)
    {
        public void Apply()
        {
            Stopped?.Stop();
            Started?.Start();
        }
    }
}
