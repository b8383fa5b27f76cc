namespace Tokenwright.Benchmarks.Candidates;

/// <summary>What a candidate promises, because only candidates with the same promises do the same work.</summary>
internal enum CandidateGroup
{
    /// <summary>The candidate sends a request once, with a fixed token.</summary>
    WithoutResilience,

    /// <summary>The candidate has retries, timeouts, and a token that is read for each request.</summary>
    SameWork,

    /// <summary>The facade in another configuration.</summary>
    FacadeConfiguration,
}
