using System.Reflection;
using CsCheck;
using Tokenwright.Http;

namespace Tokenwright.UnitTests.Properties;

internal sealed class BackoffProperties
{
    // Later waits don't grow. The options allow ten retries at most.
    private const int MostDoublings = 20;

    // The range of the option.
    private static readonly TimeRangeAttribute Range =
        typeof(ConnectionOptions).GetProperty(nameof(ConnectionOptions.RetryDelay))!.GetCustomAttribute<TimeRangeAttribute>()!;

    private static readonly Gen<TimeSpan> First =
        Gen.TimeSpan[TimeSpan.Parse(Range.Shortest, System.Globalization.CultureInfo.InvariantCulture),
            TimeSpan.Parse(Range.Longest, System.Globalization.CultureInfo.InvariantCulture)];

    private static readonly Gen<int> Retry = Gen.OneOf(Gen.Int[0, 25], Gen.Int[0, int.MaxValue]);

    private static readonly Gen<double> Random =
        Gen.OneOf(Gen.Double[0, 1], Gen.OneOf(0, double.Epsilon, 0.5, 1 - 1e-16)).Where(value => value < 1);

    [Test]
    public void Each_wait_is_between_50_and_150_percent_of_a_mean_that_doubles()
        => Gen.Select(Retry, First, Random).Sample(
            (retry, first, random) =>
            {
                var mean = first.TotalSeconds * Math.Pow(2, Math.Min(retry, MostDoublings));
                var wait = Backoff.Delay(retry, first, random).TotalSeconds;
                var drawn = Backoff.Delay(retry, first).TotalSeconds;
                return IsBetween(wait, mean * 0.5, mean * 1.5) && IsBetween(drawn, mean * 0.5, mean * 1.5);
            },
            iter: 5000);

    [Test]
    public void The_mean_of_the_waits_doubles_with_each_retry()
        => Gen.Select(Gen.Int[0, MostDoublings], First).Sample(
            (retry, first) =>
            {
                var mean = Enumerable.Range(0, 1000).Average(step => Backoff.Delay(retry, first, (step + 0.5) / 1000).TotalSeconds);
                var expected = first.TotalSeconds * Math.Pow(2, retry);
                return Math.Abs(mean - expected) <= expected * 1e-3;
            },
            iter: 200);

    [Test]
    public void A_later_retry_or_a_larger_random_number_never_gives_a_shorter_wait()
        => Gen.Select(Gen.Int[0, 1_000_000], First, Random, Random).Sample(
            (retry, first, one, other) =>
                Backoff.Delay(retry, first, one) <= Backoff.Delay(retry + 1, first, one)
                && (one <= other ? Backoff.Delay(retry, first, one) <= Backoff.Delay(retry, first, other)
                    : Backoff.Delay(retry, first, other) <= Backoff.Delay(retry, first, one)),
            iter: 2000);

    // To a tick, and to the precision of a double.
    private static bool IsBetween(double value, double least, double most)
        => value >= (least * (1 - 1e-12)) - 1e-7 && value <= (most * (1 + 1e-12)) + 1e-7;
}
