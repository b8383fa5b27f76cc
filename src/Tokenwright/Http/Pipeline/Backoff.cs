namespace Tokenwright.Http;

/// <summary>Computes the wait before a retry if the vendor doesn't specify it.</summary>
internal static class Backoff
{
    private const int MostDoublings = 20;

    /// <summary>
    /// Gets the wait before a retry. Its average doubles with each retry, and the wait is between half and one and a half times the
    /// average, chosen at random so that callers don't all retry at the same time.
    /// </summary>
    /// <param name="retry">The number of the retry, starting at 0.</param>
    /// <param name="first">The average wait before the first retry.</param>
    /// <param name="random">A random number from 0 to 1, excluding 1.</param>
    public static TimeSpan Delay(int retry, TimeSpan first, double random)
        => first * (Math.Pow(2, Math.Min(retry, MostDoublings)) * (0.5 + random));

    /// <inheritdoc cref="Delay(int, TimeSpan, double)"/>
    public static TimeSpan Delay(int retry, TimeSpan first) => Delay(retry, first, Random.Shared.NextDouble());
}
