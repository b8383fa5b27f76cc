using System.Globalization;

namespace Tokenwright.CrashTests;

/// <summary>One run of the program.</summary>
/// <param name="Names">The tokens that it issues; the last one is the one that the kill falls on.</param>
/// <param name="Kill">Its end.</param>
internal sealed record Life(IReadOnlyList<string> Names, Kill Kill)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"killed at create {Names.Count}: {Kill}");
}
