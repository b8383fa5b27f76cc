namespace Tokenwright.SpecTests.Checks;

/// <summary>Reports the problems that a check returns.</summary>
internal static class Report
{
    /// <summary>Fails with all problems, not only with the first.</summary>
    public static void AssertNone(string vendor, IEnumerable<string> problems)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var problem in problems)
                Assert.Fail($"{vendor}: {problem}");
        }
    }
}
