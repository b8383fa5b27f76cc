using System.Globalization;
using Tokenwright.Testing;

namespace Tokenwright.CrashTests;

/// <summary>Specifies when a program is killed.</summary>
/// <param name="Kind">The step.</param>
/// <param name="Bytes">The number of bytes of the response, including its head.</param>
/// <param name="Wait">The time after the step; for a late vendor, its delay.</param>
internal sealed record Kill(KillKind Kind, int Bytes, TimeSpan Wait)
{
    private const int Turns = 13;

    // About the length of the longest response. After a shorter one, the program is killed when it has finished.
    private const int LongestResponse = 800;

    // About the time that a program takes from its first step to its last one.
    private static readonly TimeSpan WholeRun = TimeSpan.FromMilliseconds(400);

    // Longer than a restarted program takes until its first search, and shorter than it continues to search: 2 seconds, the settle time of
    // the test.
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(700);

    /// <summary>Returns the kill of a turn. <see cref="Turns"/> consecutive turns cover all kinds.</summary>
    public static Kill OfTurn(int turn, Random random) => (turn * 5 % Turns) switch
    {
        0 => new(KillKind.BeforeHandling, 0, TimeSpan.Zero),
        1 or 2 => new(KillKind.BeforeResponse, 0, TimeSpan.Zero),
        3 or 4 or 5 => new(KillKind.WithinResponse, random.Next(1, LongestResponse), TimeSpan.Zero),
        6 => new(KillKind.AfterResponse, 0, WholeRun * (random.NextDouble() / 8)),
        7 => new(KillKind.AfterCut, random.Next(LongestResponse / 2), WholeRun * random.NextDouble()),
        8 => new(KillKind.WhileStoring, 0, TimeSpan.Zero),
        9 => new(KillKind.AfterStoring, 0, TimeSpan.Zero),
        10 => new(KillKind.BeforeLateHandling, 0, ShortestDelay + ((LongestDelay - ShortestDelay) * random.NextDouble())),
        _ => new(KillKind.AnyMoment, 0, WholeRun * random.NextDouble()),
    };

    /// <summary>Returns the fault that stops the request at the right step; null if none is needed.</summary>
    public Fault? Fault() => Kind switch
    {
        KillKind.BeforeHandling => Testing.Fault.Stall().BeforeHandling(),
        KillKind.BeforeLateHandling => Testing.Fault.Delay(Wait),
        KillKind.BeforeResponse or KillKind.WithinResponse => Testing.Fault.Stall(Bytes),
        KillKind.AfterResponse => Testing.Fault.Delay(TimeSpan.Zero),
        KillKind.AfterCut => Testing.Fault.Cut(Bytes),
        _ => null,
    };

    public override string ToString() => Kind switch
    {
        KillKind.WithinResponse => string.Create(CultureInfo.InvariantCulture, $"after {Bytes} bytes of the response"),
        KillKind.AfterCut =>
            string.Create(CultureInfo.InvariantCulture, $"{Wait.TotalMilliseconds:0.0} ms after the response is cut behind {Bytes} bytes"),
        KillKind.BeforeLateHandling => string.Create(CultureInfo.InvariantCulture, $"{Kind}, by {Wait.TotalMilliseconds:0.0} ms"),
        KillKind.AfterResponse
            or KillKind.AnyMoment => string.Create(CultureInfo.InvariantCulture, $"{Kind}, after {Wait.TotalMilliseconds:0.0} ms"),
        _ => Kind.ToString(),
    };
}
