using System.Collections.Concurrent;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>
/// Limits the time of one send of a request, with its waits before. Its token is cancelled when the time is over, and when the caller or
/// the owner of the client cancels. With the system's clock, an instance is used again for another request.
/// </summary>
internal sealed class CallTimeout : IDisposable
{
    // More instances than requests in flight are of no use.
    private const int MostKept = 1024;

    private const long Never = long.MaxValue;

    private static readonly ConcurrentQueue<CallTimeout> Kept = new();
    private static CallTimeout? _first;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _source;
    private readonly ITimer? _timer;
    private CancellationToken _caller;
    private CancellationToken _owner;
    private CancellationTokenRegistration _callerRegistration;
    private CancellationTokenRegistration _ownerRegistration;
    private TimeSpan _limit;
    private bool _isComplete;

    // In milliseconds of the system's clock. The timer isn't set again for each request: when it fires too early, it is set to the rest.
    private long _end = Never;
    private long _timerEnd = Never;
    private bool _hasEnded;

    private CallTimeout(TimeProvider timeProvider)
    {
        if (timeProvider != TimeProvider.System)
        {
            _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
            return;
        }

        _source = new CancellationTokenSource();

        // The execution context of the first request must not stay alive with the timer.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        _timer = timeProvider.CreateTimer(
            static timeout => ((CallTimeout)timeout!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the token of the request.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Gets whether the time is over, and nobody has cancelled the request.</summary>
    public bool IsOver => _source.IsCancellationRequested && !_caller.IsCancellationRequested && !_owner.IsCancellationRequested;

    /// <summary>Gets whether the time was limited before.</summary>
    public bool IsLimited => _limit > TimeSpan.Zero;

    /// <summary>Begins without a limit.</summary>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="caller">The token to cancel the request.</param>
    /// <param name="owner">A second token to cancel the request.</param>
    public static CallTimeout Begin(TimeProvider timeProvider, CancellationToken caller, CancellationToken owner)
    {
        if (timeProvider == TimeProvider.System)
        {
            var known = Interlocked.Exchange(ref _first, null);
            while (known is not null || Kept.TryDequeue(out known))
            {
                if (known.TryFollow(caller, owner))
                    return known;
                known.Drop();
                known = null;
            }
        }

        var timeout = new CallTimeout(timeProvider);
        timeout.TryFollow(caller, owner);
        return timeout;
    }

    /// <summary>Limits the time from now. A limit that was set before no longer applies.</summary>
    /// <param name="left">The time that is left.</param>
    /// <param name="limit">The limit for the message of the failure.</param>
    public void Limit(TimeSpan left, TimeSpan limit)
    {
        _limit = limit;
        if (left <= TimeSpan.Zero)
        {
            _source.Cancel();
            return;
        }

        // A timer counts whole milliseconds and drops fractions. It must not end before the time is over.
        var wait = (long)Math.Ceiling(left.TotalMilliseconds);
        if (_timer is null)
        {
            _source.CancelAfter(TimeSpan.FromMilliseconds(wait));
            return;
        }

        lock (_lock)
        {
            _end = Environment.TickCount64 + wait;
            if (_timerEnd > _end)
                SetTimer(wait);
        }
    }

    /// <summary>Creates the exception for the end of the time.</summary>
    /// <param name="cancelled">The cancellation that it caused.</param>
    public Exception Exceeded(OperationCanceledException cancelled)
        => new TimeoutRejectedException($"There was no complete response within the timeout of {_limit}.", _limit, cancelled);

    /// <summary>
    /// Records that the whole response was received. After a failure, something may still use the token, so the instance isn't used again.
    /// </summary>
    public void Complete() => _isComplete = true;

    /// <summary>Ends the limit.</summary>
    public void Dispose()
    {
        _callerRegistration.Dispose();
        bool hasEnded;
        lock (_lock)
        {
            _end = Never;
            hasEnded = _hasEnded;
        }

        if (!_isComplete || hasEnded || _timer is null || !_source.TryReset())
        {
            Drop();
            return;
        }

        (_caller, _callerRegistration, _limit, _isComplete) = (default, default, default, false);
        if (Interlocked.CompareExchange(ref _first, this, null) is null)
            return;
        if (Kept.Count < MostKept)
            Kept.Enqueue(this);
        else
            Drop();
    }

    // Without a timer of its own, the source needs no disposal, and the timer's method may still be about to cancel it.
    private void Drop()
    {
        _ownerRegistration.Dispose();
        if (_timer is not null)
            _timer.Dispose();
        else
            _source.Dispose();
    }

    // Requests usually have the same owner as the one before, so its registration is kept. Returns false if an owner has cancelled since.
    private bool TryFollow(CancellationToken caller, CancellationToken owner)
    {
        if (_owner != owner)
        {
            _ownerRegistration.Dispose();
            _owner = owner;
            _ownerRegistration = owner.UnsafeRegister(static timeout => ((CallTimeout)timeout!)._source.Cancel(), this);
        }

        if (_source.IsCancellationRequested && !owner.IsCancellationRequested)
            return false;
        _caller = caller;
        _callerRegistration = caller.UnsafeRegister(static timeout => ((CallTimeout)timeout!)._source.Cancel(), this);
        return true;
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _timerEnd = Never;
            if (_end == Never)
                return;
            var rest = _end - Environment.TickCount64;
            if (rest > 0)
            {
                SetTimer(rest);
                return;
            }

            // From now on, the instance isn't used for another request, which the cancellation would reach.
            _hasEnded = true;
        }

        _source.Cancel();
    }

    private void SetTimer(long wait)
    {
        _timerEnd = Environment.TickCount64 + wait;
        _timer!.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }
}
