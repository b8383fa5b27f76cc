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

    private static readonly ConcurrentQueue<CallTimeout> Kept = new();
    private static CallTimeout? _first;

    private readonly CancellationTokenSource _source;
    private readonly bool _isReusable;
    private CancellationToken _caller;
    private CancellationToken _owner;
    private CancellationTokenRegistration _callerRegistration;
    private CancellationTokenRegistration _ownerRegistration;
    private TimeSpan _limit;
    private bool _isComplete;

    private CallTimeout(TimeProvider timeProvider)
    {
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        _isReusable = timeProvider == TimeProvider.System;
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
        var timeout = timeProvider == TimeProvider.System ? Interlocked.Exchange(ref _first, null) : null;
        if (timeout is null && (timeProvider != TimeProvider.System || !Kept.TryDequeue(out timeout)))
            timeout = new CallTimeout(timeProvider);
        timeout.Follow(caller, owner);
        return timeout;
    }

    /// <summary>Limits the time from now. A limit that was set before no longer applies.</summary>
    /// <param name="left">The time that is left.</param>
    /// <param name="limit">The limit for the message of the failure.</param>
    public void Limit(TimeSpan left, TimeSpan limit)
    {
        _limit = limit;

        // A timer counts whole milliseconds and drops fractions. It must not end before the time is over.
        if (left > TimeSpan.Zero)
            _source.CancelAfter(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
        else
            _source.Cancel();
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
        _ownerRegistration.Dispose();
        if (!_isComplete || !_isReusable || !_source.TryReset())
        {
            _source.Dispose();
            return;
        }

        (_caller, _owner, _callerRegistration, _ownerRegistration) = (default, default, default, default);
        (_limit, _isComplete) = (default, false);
        if (Interlocked.CompareExchange(ref _first, this, null) is not null && Kept.Count < MostKept)
            Kept.Enqueue(this);
    }

    private void Follow(CancellationToken caller, CancellationToken owner)
    {
        (_caller, _owner) = (caller, owner);
        _callerRegistration = caller.UnsafeRegister(static timeout => ((CallTimeout)timeout!)._source.Cancel(), this);
        _ownerRegistration = owner.UnsafeRegister(static timeout => ((CallTimeout)timeout!)._source.Cancel(), this);
    }
}
