using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>
/// Computes the promise: the expected result of each situation with the default options. It was written from the doc comments of the public
/// API (ConnectionOptions, OperationCapability, CreationRecovery, UnknownOutcomeAction, the exceptions) and the design, not from the
/// implementation.
/// </summary>
internal static class Promises
{
    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);
    private const int MaxRetries = 3;

    // The framework retries a GET without a body itself, and nobody can disable that.
    private const int FrameworkRetries = 3;
    private const double ShortestJitter = 0.5;
    private const double LongestJitter = 1.5;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.8);

    /// <summary>How long a client searches for the token of a lost create, according to the capabilities of all vendors.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    /// <summary>Returns the expected result of a situation.</summary>
    public static Promise Of(Situation situation) => situation.Target switch
    {
        Target.Exchange => OfExchange(situation),
        Target.LookUpBefore or Target.LookForKnown => OfLookUp(situation),
        Target.LookUpAfter => OfRecordAfterCreation(situation),
        Target.Search => OfSearch(situation),
        Target.Settlement => OfSettlement(situation),
        Target.Again => OfSecondCreate(situation),
        _ => situation.Operation switch
        {
            TokenOperation.Create => OfCreate(situation),
            TokenOperation.Regenerate => OfRegenerate(situation),
            _ => OfOther(situation),
        },
    };

    // Reads, and writes that are safe to retry: retried after a transient failure, then the exception of the last failure.
    private static Promise OfOther(Situation situation)
    {
        var sent = Send(situation, situation.SafeToRetry);
        return Outcome(sent.Failure, sent, sent.Requests);
    }

    // A create is retried only if the first one was certainly not carried out. If nobody knows, the client resolves the outcome.
    private static Promise OfCreate(Situation situation)
    {
        var sent = Send(situation, mayRetry: false);
        return sent.Failure is null || sent.IsSurelyUndone ? Outcome(sent.Failure, sent, sent.Requests) : Resolve(situation, sent);
    }

    private static Promise Resolve(Situation situation, Sent lost)
    {
        var unfound = Unresolved(situation, lost, orphans: 0);
        if (situation.Recovery is CreationRecovery.BoundedByExpiry or CreationRecovery.Unbounded
            || situation.Action == UnknownOutcomeAction.Throw)
            return unfound;
        switch (situation.Action)
        {
            // A found token is useful only where its secret can be read again.
            case UnknownOutcomeAction.Recover:
                return !lost.IsDone ? unfound
                    : situation.Recovery == CreationRecovery.Recoverable ? Outcome(null, lost, lost.Requests)
                    : Unresolved(situation, lost, orphans: 1);

            case UnknownOutcomeAction.RevokeOrphan:
                return lost.IsDone ? Unresolved(situation, lost, orphans: 1, isOrphanRevoked: true) : unfound;

            // The vendor reported a new token, but the search finds none. Something is wrong that a second create would not fix.
            default:
                if (!lost.IsDone && lost.SaysDone)
                    return unfound;
                var again = situation.IsAlways
                    ? Resolve(situation with { Action = UnknownOutcomeAction.RevokeOrphan }, lost)
                    : Outcome(null, lost with { IsDone = true }, lost.Requests);
                return again with
                    { Requests = lost.Requests + 1, MainRequests = lost.Requests + 1, Budget = 2 * (TotalTimeout + SettleTime) };
        }
    }

    // Never retried. If the old secret is known, it shows whether the vendor replaced it.
    private static Promise OfRegenerate(Situation situation)
    {
        var sent = Send(situation, mayRetry: false);
        if (sent.Failure is null || sent.IsSurelyUndone)
            return Outcome(sent.Failure, sent, sent.Requests);
        return situation.KnowsSecret && !sent.IsDone
            ? Outcome(sent.Failure with { Exception = typeof(TokenServiceUnavailableException), IsTransient = true }, sent, sent.Requests)
            : Outcome(sent.Failure with { Exception = typeof(TokenOutcomeUnknownException), IsTransient = false }, sent, sent.Requests) with
                { Unknown = new() };
    }

    // For any operation: a second exchange of the credential does no harm. An error status here is about the credential.
    private static Promise OfExchange(Situation situation)
    {
        var sent = Send(situation with { RenewsCredential = false }, mayRetry: true);
        var failure = sent.Failure is { Status: >= (HttpStatusCode)400 and < (HttpStatusCode)500
            and not HttpStatusCode.RequestTimeout and not HttpStatusCode.TooManyRequests } refused
            ? refused with { Exception = typeof(TokenAuthenticationException) }
            : sent.Failure;
        return Followed(situation, failure, sent);
    }

    // A look-up only reads, whatever the operation does with its result.
    private static Promise OfLookUp(Situation situation)
    {
        var sent = Send(situation, mayRetry: true);
        return Followed(situation, sent.Failure, sent);
    }

    // The token exists and the client has its secret, so no later failure may lose it.
    private static Promise OfRecordAfterCreation(Situation situation)
    {
        var sent = Send(situation, mayRetry: true);
        return Outcome(null, sent with { IsDone = true }, mainRequests: 1);
    }

    // The caller must learn of the first loss; the exception also reports that the search failed. A search with a transient failure is
    // repeated while there is time.
    private static Promise OfSearch(Situation situation)
    {
        var lost = SendLost(situation);
        var sent = Send(situation, mayRetry: true);
        var isEnd = sent.Failure is { IsTransient: false };
        var fewest = isEnd ? 1 : Looks(situation, sent, ShortestJitter);
        var most = isEnd ? 1 : Looks(situation, sent, LongestJitter);
        var isFound = sent.Failure is null || (sent.Failure.IsTransient && !situation.IsAlways && !IsHeldOff(situation.Fault));
        var hit = sent.Requests - 1;
        var promise = isFound ? Resolve(situation, lost) : Unresolved(situation, lost, orphans: 0);
        var counts = new[] { fewest, most }
            .Select(looks => situation.IsAlways && sent.Failure is not null ? looks * sent.Requests : looks + hit).Order().ToList();
        return promise with { Requests = counts[0], MostRequests = counts[1], MainRequests = 1, Budget = (3 * TotalTimeout) + SettleTime };
    }

    // How many searches are sent: one immediately, then others after waits that double, and the last one after the settle time. With a key,
    // the client searches until it finds the token.
    private static int Looks(Situation situation, Sent sent, double jitter)
    {
        if (IsHeldOff(situation.Fault))
            return 1;
        var isFailed = sent.Failure is not null;
        if (situation.Recovery == CreationRecovery.Recoverable && !(situation.IsAlways && isFailed))
            return isFailed ? 2 : 1;
        var elapsed = TimeSpan.Zero;
        var wait = RetryDelay;
        for (var look = 1; ; look++)
        {
            var isLast = elapsed >= SettleTime;
            if (look == 1 || (situation.IsAlways && isFailed))
                elapsed += TimeOf(situation.Fault, sent, jitter);
            if (isLast)
                return look;
            if (elapsed < SettleTime)
                elapsed = elapsed + wait < SettleTime ? elapsed + wait : SettleTime;
            wait *= 2;
        }
    }

    // The client stops calling a vendor that rejects calls for a long time, for any purpose.
    private static bool IsHeldOff(FaultCase fault) => fault.Status == HttpStatusCode.TooManyRequests && fault.RetryAfter >= TotalTimeout;

    // How long a search takes with the fault once, or on every request.
    private static TimeSpan TimeOf(FaultCase fault, Sent sent, double jitter)
    {
        if (!MayPass(fault))
            return TimeSpan.Zero;
        var hits = sent.Failure is null ? 1 : Attempts(fault, jitter);
        var time = TimeSpan.Zero;
        for (var attempt = 1; attempt <= hits; attempt++)
        {
            time += fault.Holds ? AttemptTimeout : TimeSpan.Zero;
            if (sent.Failure is null || attempt < hits)
                time += fault.RetryAfter ?? Backoff(attempt - 1, jitter);
        }

        return time < TotalTimeout ? time : TotalTimeout;
    }

    // The caller must learn of the first loss; the exception also reports a second failure, and what was found until then.
    private static Promise OfSettlement(Situation situation)
    {
        var lost = SendLost(situation);
        var sent = Send(situation, mayRetry: true);
        var isRevocation = situation.Action == UnknownOutcomeAction.RevokeOrphan;
        var promise = sent.Failure is null ? Resolve(situation, lost) : Unresolved(situation, lost, orphans: 1);
        return promise with { Requests = sent.Requests, MainRequests = 1, Budget = TotalTimeout + sent.Time + SettleTime,
            IsDone = isRevocation ? !sent.IsDone : promise.IsDone };
    }

    // The orphan of the first create has been revoked by then. A second create that is refused leaves nothing behind; one that is lost too
    // is revoked like the first.
    private static Promise OfSecondCreate(Situation situation)
    {
        var sent = Send(situation, mayRetry: false);
        var promise = sent.Failure is null ? Outcome(null, sent, 0)
            : sent.IsSurelyUndone ? Unresolved(situation, SendLost(situation), orphans: 1, isOrphanRevoked: true)
            : Resolve(situation with { Action = UnknownOutcomeAction.RevokeOrphan }, sent);
        return promise with { Requests = 1 + sent.Requests, MainRequests = 1 + sent.Requests, Budget = 2 * (TotalTimeout + SettleTime) };
    }

    private static Sent SendLost(Situation situation)
        => Send(situation with { Fault = LostResponse, IsAlways = false, Target = Target.Main }, mayRetry: false);

    /// <summary>Gets the lost response that the client must resolve, where the recovery fails too.</summary>
    public static FaultCase LostResponse => FaultCatalogue.All.First(
        fault => fault is { Sight: Sight.NoResponse, IsCarriedOut: true, Holds: false, IsOnUsedConnection: false });

    // Returns the result of one request after all allowed retries.
    private static Sent Send(Situation situation, bool mayRetry)
    {
        var fault = situation.Fault;
        if (IsHarmless(situation))
            return new Sent(1, IsDone: !fault.IsReplacement || fault.IsCarriedOut, TimeSpan.Zero);

        // A request that was certainly not carried out may always be retried: it did not arrive, or was refused.
        var isSurelyUndone = fault.Sight == Sight.NoConnection
            || (fault.Sight == Sight.Refusal && !fault.IsForeignRefusal && !MayBeDone(fault.Status!.Value));
        var isDone = fault.IsCarriedOut;
        var failure = FailureOf(situation);
        if (fault.Status == HttpStatusCode.Unauthorized && situation.RenewsCredential && (mayRetry || isSurelyUndone))
            return situation.IsAlways
                ? new Sent(2, isDone, TimeSpan.Zero, failure, IsSurelyUndone: true) : new Sent(2, IsDone: true, TimeSpan.Zero);
        if (!MayPass(fault) || !(mayRetry || isSurelyUndone))
            return new Sent(1, isDone, fault.Holds ? AttemptTimeout : TimeSpan.Zero, failure, isSurelyUndone, SaysDone(fault));

        var retries = situation.IsGet && fault.IsSilentEnd ? FrameworkRetries : 0;
        var attempts = Attempts(fault, ShortestJitter);
        if (attempts != Attempts(fault, LongestJitter))
            throw new InvalidOperationException($"How often it is sent would be chance: {fault}.");
        return situation.IsAlways || attempts == 1
            ? new Sent(attempts * (1 + retries), isDone, TotalTimeout, failure, isSurelyUndone, SaysDone(fault))
            : new Sent(2, IsDone: true, TotalTimeout);
    }

    // Nothing goes wrong: no body can break off, nobody reads the body, or the closed connection was unused.
    private static bool IsHarmless(Situation situation)
        => situation.Fault.Sight == Sight.Success
            || (!situation.HasBody && (situation.Fault.IsInBody || situation.Fault.Sight == Sight.WrongContent));

    // Returns how often a request is sent that always has the fault: until the retries or the time are used up.
    private static int Attempts(FaultCase fault, double jitter)
    {
        var left = TotalTimeout;
        for (var attempt = 1; ; attempt++)
        {
            left -= fault.Holds ? AttemptTimeout : TimeSpan.Zero;
            var wait = fault.RetryAfter ?? Backoff(attempt - 1, jitter);
            if (attempt > MaxRetries || wait >= left)
                return attempt;
            left -= wait;
        }
    }

    private static TimeSpan Backoff(int retry, double jitter) => RetryDelay * (Math.Pow(2, retry) * jitter);

    // Returns whether the vendor may have carried out the request: only an error that refuses the request says that it did not.
    private static bool MayBeDone(HttpStatusCode status) => (int)status is >= 500 or 408;

    // Returns whether the vendor's response was a success, although it can't be read.
    private static bool SaysDone(FaultCase fault)
        => fault.Sight is Sight.BrokenSuccess or Sight.Page or Sight.WrongContent or Sight.TooLarge;

    // Returns whether the failure is transient, so that a retry may succeed.
    private static bool MayPass(FaultCase fault) => fault.Sight switch
    {
        Sight.Refusal => MayPass(fault.Status!.Value),
        Sight.NoConnection or Sight.NoResponse or Sight.BrokenSuccess => true,
        _ => false,
    };

    private static bool MayPass(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    private static Failure FailureOf(Situation situation)
    {
        var fault = situation.Fault;
        return fault.Sight switch
        {
            Sight.NoConnection or Sight.NoResponse => new(typeof(TokenServiceUnavailableException), null, IsTransient: true),
            Sight.Refusal =>
                new(ExceptionOf((int)fault.Status!.Value, situation), fault.Status, MayPass(fault.Status.Value), fault.RetryAfter),
            _ => new(typeof(TokenInvalidResponseException), fault.Status ?? situation.Success,
                IsTransient: fault.Sight == Sight.BrokenSuccess),
        };
    }

    private static Type ExceptionOf(int status, Situation situation) => status switch
    {
        400 => typeof(TokenInvalidRequestException),
        401 => typeof(TokenAuthenticationException),
        403 => typeof(TokenPermissionException),

        // A page is not the API's word on a token, and without a named token none can be missing.
        404 when situation.Operation is not (TokenOperation.List or TokenOperation.Create)
            && !situation.Fault.IsPage => typeof(TokenNotFoundException),
        409 => typeof(TokenConflictException),
        429 => typeof(TokenRateLimitedException),
        408 or >= 500 => typeof(TokenServiceUnavailableException),
        _ => typeof(TokenClientException),
    };

    private static Promise Outcome(Failure? failure, Sent sent, int mainRequests) => new()
    {
        Exception = failure?.Exception,
        Status = failure?.Status,
        IsTransient = failure?.IsTransient ?? false,
        RetryAfter = failure?.RetryAfter,
        Requests = sent.Requests,
        MainRequests = mainRequests,
        IsDone = sent.IsDone,
        Budget = TotalTimeout + SettleTime,
    };

    // A request before the main one: if it fails, the main one is not sent.
    private static Promise Followed(Situation situation, Failure? failure, Sent sent)
        => Outcome(failure, sent with { IsDone = failure is null }, mainRequests: failure is null ? 1 : 0);

    // Nothing is left behind only if the orphan was revoked. Then the caller may simply repeat the call.
    private static Promise Unresolved(Situation situation, Sent lost, int orphans, bool isOrphanRevoked = false)
        => Outcome(lost.Failure! with { Exception = typeof(TokenOutcomeUnknownException), IsTransient = isOrphanRevoked },
            lost with { IsDone = lost.IsDone && !isOrphanRevoked }, lost.Requests)
            with { Unknown = new(situation.Recovery, orphans, isOrphanRevoked) };

    private sealed record Failure(Type Exception, HttpStatusCode? Status, bool IsTransient, TimeSpan? RetryAfter = null);

    private sealed record Sent(
        int Requests, bool IsDone, TimeSpan Time, Failure? Failure = null, bool IsSurelyUndone = false, bool SaysDone = false);
}
