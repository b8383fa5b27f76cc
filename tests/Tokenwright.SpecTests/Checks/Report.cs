namespace Tokenwright.SpecTests.Checks;

/// <summary>What every fixture does with the problems that a check returns.</summary>
internal static class Report
{
    /// <summary>Fails with all problems at once, not with the first.</summary>
    public static void AssertNone(string vendor, IEnumerable<string> problems)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var problem in problems)
                Assert.Fail($"{vendor}: {problem}");
        }
    }
}
