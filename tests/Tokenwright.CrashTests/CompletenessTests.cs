using System.Reflection;
using System.Text.RegularExpressions;
using Tokenwright.Testing;

namespace Tokenwright.CrashTests;

internal sealed partial class CompletenessTests
{
    [Test]
    public void No_vendor_is_missing()
    {
        var tested = new List<string>();
        foreach (var subject in CrashSubject.All)
        {
            using var emulator = subject.Start(new EmulatorOptions());
            tested.Add(emulator.Vendor);
        }

        Assert.That(tested.Distinct(), Is.EquivalentTo(TokenVendors.All.Select(vendor => vendor.Name)));
    }

    // The rest of the page's code is compiled and run by the tests of the documentation.
    [Test]
    public void The_class_of_the_page_is_the_one_that_is_killed()
    {
        var root = typeof(CompletenessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var page = File.ReadAllText(Path.Combine(root, "docs", "unknown-outcomes.md"));
        var killed = string.Concat(new[] { "JournaledTokenIssuer", "RecoveredCreate", "ISecretStore" }
            .Select(type => NamespaceLine()
                .Replace(File.ReadAllText(Path.Combine(root, "tests", "Tokenwright.CrashTests.Victim", $"{type}.cs")), string.Empty)));

        var shown = CodeBlock().Matches(page).Select(block => block.Groups[1].Value)
            .Single(block => block.Contains("class JournaledTokenIssuer", StringComparison.Ordinal));

        Assert.That(Squeezed(killed), Does.Contain(Squeezed(shown)));
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^namespace .*;$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
