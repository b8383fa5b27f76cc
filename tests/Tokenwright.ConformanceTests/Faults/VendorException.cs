using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>An exception of one vendor from the general promise.</summary>
/// <param name="Reason">The reason, as a sentence.</param>
/// <param name="Applies">Selects the situations.</param>
/// <param name="Promise">The promise in place of the general one.</param>
internal sealed record VendorException(string Reason, Func<Situation, bool> Applies, Func<Promise, Promise> Promise)
{
    /// <summary>A status that leads to another exception.</summary>
    public static VendorException Throws<TException>(string reason, Func<Situation, bool> applies, params HttpStatusCode[] statuses)
        where TException : TokenClientException
        => new(reason, situation => IsRefused(situation, statuses) && applies(situation),
            promise => promise with { Exception = typeof(TException) });

    /// <summary>A status that is a verdict of a validation.</summary>
    public static VendorException Verdict(string reason, TokenVerdict verdict, params HttpStatusCode[] statuses)
        => new(
            reason,
            situation => situation is { Operation: TokenOperation.Validate, Target: Target.Main } && IsRefused(situation, statuses),
            promise => promise with { Exception = null, Verdict = verdict });

    /// <summary>Whether the API itself refuses the request with one of some statuses.</summary>
    public static bool IsRefused(Situation situation, params HttpStatusCode[] statuses)
        => situation.Fault is { Sight: Sight.Refusal, IsPage: false } && statuses.Contains(situation.Fault.Status!.Value);
}
