using System.Reflection;
using System.Text.RegularExpressions;
using Tokenwright.CrashTests.Victim;
using Tokenwright.Testing;

namespace Tokenwright.CrashTests;

internal sealed partial class CompletenessTests
{
    [Test]
    public void No_vendor_is_missing()
    {
        var vendors = typeof(Job).Assembly.GetReferencedAssemblies().Select(Assembly.Load).SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.IsSubclassOf(typeof(TokenClientAdapter)))
            .Select(type => (string)type.GetField("VendorName")!.GetRawConstantValue()!);
        var tested = new List<string>();
        foreach (var subject in CrashSubject.All)
        {
            using var emulator = subject.Start(new EmulatorOptions());
            tested.Add(emulator.Vendor);
        }

        Assert.That(tested.Distinct(), Is.EquivalentTo(vendors));
    }

    [Test]
    public void The_code_of_the_page_is_compiled_code()
    {
        var root = typeof(CompletenessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var page = File.ReadAllText(Path.Combine(root, "docs", "unknown-outcomes.md"));
        var sources = new[] { "Tokenwright.CrashTests", "Tokenwright.CrashTests.Victim" }
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(root, "tests", project), "*.cs"))
            .Select(file => Squeezed(NamespaceLine().Replace(File.ReadAllText(file), string.Empty)))
            .ToList();

        var blocks = CodeBlock().Matches(page).Select(block => block.Groups[1].Value).ToList();

        Assert.That(blocks, Has.Count.GreaterThan(2));
        foreach (var block in blocks)
            Assert.That(sources.Any(source => source.Contains(Squeezed(block), StringComparison.Ordinal)), Is.True, block);
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("^namespace .*;$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();
}
