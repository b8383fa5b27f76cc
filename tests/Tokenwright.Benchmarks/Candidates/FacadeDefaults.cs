namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The facade's defaults, for the clients that are configured to do the same work.</summary>
internal static class FacadeDefaults
{
    public const int Retries = 3;

    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.8);
}
