using System.Text.Json;

namespace Tokenwright.PackageTests;

/// <summary>
/// The bill of materials of each package, which <c>dotnet cake --target=Sbom</c> writes, and the notices for third-party packages.
/// </summary>
[TestFixtureSource(typeof(Feed), nameof(Feed.Packages))]
internal sealed class SupplyChainTests(string package)
{
    // These help to build a package, and are not part of it.
    private static readonly string[] BuildOnly = ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.CodeAnalysis.PublicApiAnalyzers",
        "Microsoft.NET.ILLink.Tasks", "NSwag.MSBuild"];

    private JsonElement _bill;

    [OneTimeSetUp]
    public void ReadBill()
    {
        var file = Path.Combine(Feed.RepositoryRoot, "artifacts", "sbom", $"{package}.cdx.json");
        Assert.That(file, Does.Exist, "dotnet cake --target=Sbom writes it.");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        _bill = json.RootElement.Clone();
    }

    [Test]
    public void The_bill_of_materials_has_the_members_that_the_schema_requires()
    {
        Assert.That(_bill.GetProperty("bomFormat").GetString(), Is.EqualTo("CycloneDX"));
        Assert.That(_bill.GetProperty("specVersion").GetString(), Does.Match(@"^1\.\d$"));
        Assert.That(_bill.GetProperty("serialNumber").GetString(), Does.Match("^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"));
        Assert.That(_bill.GetProperty("version").GetInt32(), Is.GreaterThanOrEqualTo(1));
        var subject = _bill.GetProperty("metadata").GetProperty("component");
        Assert.That((subject.GetProperty("type").GetString(), subject.GetProperty("name").GetString(),
            subject.GetProperty("version").GetString()), Is.EqualTo(("library", package, Feed.Version)));
        foreach (var component in Components())
        {
            Assert.That(component.GetProperty("type").GetString(), Is.EqualTo("library"));
            Assert.That(component.GetProperty("name").GetString(), Is.Not.Empty);
        }

        foreach (var component in ForeignComponents())
            Assert.That(component.GetProperty("purl").GetString(), Does.StartWith("pkg:nuget/"));

        Assert.That(Components().Select(component => component.GetProperty("bom-ref").GetString()), Is.Unique);
    }

    [Test]
    public void It_lists_every_package_of_the_lock_file()
    {
        var billed = ForeignComponents()
            .Select(component => $"{component.GetProperty("name").GetString()} {component.GetProperty("version").GetString()}").ToList();
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Feed.RepositoryRoot, "src", package, "packages.lock.json")));
        var locked = json.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(dependency => dependency.Value.GetProperty("type").GetString() != "Project"
                && !BuildOnly.Contains(dependency.Name, StringComparer.OrdinalIgnoreCase))
            .Select(dependency => $"{dependency.Name} {dependency.Value.GetProperty("resolved").GetString()}")
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.That(billed, Is.EquivalentTo(locked).Using((IComparer<string>)StringComparer.OrdinalIgnoreCase));
    }

    [Test]
    public void The_notices_name_every_package_with_its_license()
    {
        var notices = File.ReadAllText(Path.Combine(Feed.RepositoryRoot, "THIRD-PARTY-NOTICES.txt"));
        foreach (var component in ForeignComponents())
            Assert.That(notices,
                Does.Match($@"(?m)^{System.Text.RegularExpressions.Regex.Escape(component.GetProperty("name").GetString()!)} \(.+\)$"));
    }

    private JsonElement.ArrayEnumerator Components()
        => _bill.TryGetProperty("components", out var components) ? components.EnumerateArray() : default;

    private IEnumerable<JsonElement> ForeignComponents()
        => Components().Where(component => component.GetProperty("name").GetString() is { } name
            && name != "Tokenwright" && !name.StartsWith("Tokenwright.", StringComparison.Ordinal));
}
