using System.Globalization;

namespace Tokenwright.RotationTests;

/// <summary>
/// Which crash points are tested, and which moments of a journal. By default, every fifth one, and a few pairs. The environment variable
/// <c>TOKENWRIGHT_ROTATION_CRASH_POINTS</c> is <c>all</c> for all of them and 20 pairs for each vendor, or that number of pairs.
/// </summary>
internal static class CrashPoints
{
    /// <summary>The category of the tests for which this decides.</summary>
    public const string Category = nameof(CrashPoints);

    private const int Stride = 5;
    private const int FewPairs = 2;
    private const int ManyPairs = 20;

    private static readonly string? Asked = Environment.GetEnvironmentVariable("TOKENWRIGHT_ROTATION_CRASH_POINTS");

    /// <summary>Gets the number of pairs of crash points for each vendor.</summary>
    public static int Pairs => string.IsNullOrEmpty(Asked) ? FewPairs
        : Asked == "all" ? ManyPairs : int.Parse(Asked, CultureInfo.InvariantCulture);

    /// <summary>Gets the distance from a tested point to the next one.</summary>
    public static int Step => string.IsNullOrEmpty(Asked) ? Stride : 1;

    /// <summary>Gets the first tested point, from 0. It differs between subjects, so that all of them together stop everywhere.</summary>
    public static int FirstOf(RotationSubject subject) => RotationSubject.All.ToList().IndexOf(subject) % Step;
}
