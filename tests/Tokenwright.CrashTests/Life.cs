using System.Globalization;

namespace Tokenwright.CrashTests;

/// <summary>One run of the program.</summary>
/// <param name="Names">The tokens that it issues. It is killed during the last one.</param>
/// <param name="Kill">When it is killed.</param>
internal sealed record Life(IReadOnlyList<string> Names, Kill Kill)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"killed at create {Names.Count}: {Kill}");
}
