namespace Tokenwright.Http;

/// <content>When the next call may be sent, by each of the limits.</content>
internal sealed partial class VendorRateLimiter
{
    // When a call may go before which a number of others go. Where that depends on calls under way, it is known no more than when it can't
    // go yet, and the end of each of them is looked at.
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
        // The places in order of their end: those of calls that have ended, those of calls under way, and those that the calls ahead are
        // going to take. One of them must be free.
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

        // A call under way that ends now frees its place before that of one which ended without a response and is held for longer.
        return new Turn(limit, _underWay > 0 ? Earliest(free, now + window + later) : free, free);
    }

    private Turn InQuota(Quota quota, ConnectionOptions options, TimeSpan now)
    {
        if (quota.Remaining > _underWay || (quota.ResetAt <= now && quota.Told.Bound is null))
            return default;
        var bound = Earliest(quota.ResetAt, quota.At + options.MaxRetryAfter);

        // The responses to the calls under way are going to tell more.
        if (quota.Remaining > 0 && quota.ResetAt > now)
            return Bounded(new Turn(Limit.Quota, now, quota.ResetAt), bound, now);
        return Bounded(new Turn(Limit.Quota, quota.ResetAt, quota.ResetAt), bound, now);
    }

    // Nothing that a response says holds calls back for longer than the bound. From then on one call at a time is let through, until the
    // next response tells more.
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

    // A sliding window that a response told.
    private readonly record struct Policy(int Calls, TimeSpan Window, TimeSpan At);

    // How many calls were left when a response came, those under way not counted, and until when that is so.
    private readonly record struct Quota(int Remaining, RetryAfter Told, TimeSpan At, bool IsRefusal)
    {
        public TimeSpan ResetAt => At + Told.Wait;
    }

    // When a call may go: not before a time, and surely not noticed later than another one; without that, the end of a call under way is
    // waited for. By default now.
    private readonly record struct Turn(Limit Limit, TimeSpan NotBefore, TimeSpan? Wake, bool IsBounded = false)
    {
        public bool IsBlocked => Limit != Limit.None;

        // All limits must let a call through.
        public Turn And(Turn other)
        {
            if (!IsBlocked || !other.IsBlocked)
                return IsBlocked ? this : other;
            var later = other.NotBefore > NotBefore ? other : this;
            return later with { Wake = Wake is { } one && other.Wake is { } two ? Latest(one, two) : null };
        }
    }

    // A look at the queue at a later time.
    private sealed class Alarm(VendorRateLimiter limiter, TimeSpan due, TimeSpan wait)
    {
        private ITimer? _timer;
        private int _isStopped;

        public TimeSpan Due => due;

        public void Start()
        {
            // Timers count whole milliseconds, and drop what is beyond them.
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
