namespace Tokenwright.Benchmarks.Soaking;

/// <summary>What happens to a call.</summary>
internal enum SoakFault
{
    None,

    /// <summary>The caller cancels the call while the service is silent.</summary>
    Cancelled,

    /// <summary>The first response is a 503, so that a get is retried.</summary>
    FailsOnce,

    /// <summary>The connection is lost in the body of the first response.</summary>
    BreaksOffOnce,

    /// <summary>Every response is a 503.</summary>
    Fails,
}
