namespace Tokenwright.Http;

/// <summary>How long to wait before a retry of which the vendor doesn't say when.</summary>
internal static class Backoff
{
    private const int MostDoublings = 20;

    /// <summary>
    /// Gets the wait before a retry: twice as long each time, drawn at random between half and one and a half of that, so that many callers
    /// don't come back at once.
    /// </summary>
    /// <param name="retry">Which retry, from 0.</param>
    /// <param name="first">The mean wait before the first one.</param>
    /// <param name="random">From 0 to 1, without 1.</param>
    public static TimeSpan Delay(int retry, TimeSpan first, double random)
        => first * (Math.Pow(2, Math.Min(retry, MostDoublings)) * (0.5 + random));

    /// <inheritdoc cref="Delay(int, TimeSpan, double)"/>
    public static TimeSpan Delay(int retry, TimeSpan first) => Delay(retry, first, Random.Shared.NextDouble());
}
