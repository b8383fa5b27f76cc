using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tokenwright.PackageTests;

/// <summary>The files of each package, and its dependencies.</summary>
[TestFixtureSource(typeof(Feed), nameof(Feed.Packages))]
internal sealed class PackageContentTests(string package)
{
    private const long LargestPackage = 400 * 1024;

    // The package that all vendors' packages share: with the handlers, redaction, recovery, certificates, proxies, and secrets in pairs
    // that are acknowledged, 567 KiB.
    private const long LargestCore = 575 * 1024;

    // Five emulators with all generations of their vendors' APIs, the sample tokens for an audit, and the suites for clients and for
    // journals of rotations: 479 KiB.
    private const long LargestTesting = 490 * 1024;

    // A tool contains all its dependencies: SQLite's libraries for 8 platforms are 6 MiB of it. With the emulators' server, that is much
    // more.
    private const long LargestTool = 10 * 1024 * 1024;
    private const long LargestEmulatorTool = 12 * 1024 * 1024;

    private const string Dependencies = "dependencies.txt";

    private bool IsTool => package is "Tokenwright.Cli" or "Tokenwright.Emulator";

    [Test]
    public void Its_dependencies_match_the_table()
    {
        var expected = File.ReadLines(Path.Combine(Feed.RepositoryRoot, "tests", "Tokenwright.PackageTests", Dependencies))
            .Where(line => line.StartsWith($"{package} ", StringComparison.Ordinal));
        var actual =
            Nuspec().Descendants().Where(element => element.Name.LocalName == "group" && element.Parent!.Name.LocalName == "dependencies")
            .Select(group =>
                $"{package} {group.Attribute("targetFramework")!.Value}: " +
                $"{string.Join(", ", group.Elements().Select(dependency => dependency.Attribute("id")!.Value).Order(
                StringComparer.Ordinal))}");
        if (IsTool)
            actual = [$"{package} holds: {string.Join(", ", Assemblies())}"];

        Assert.That(
            actual.Select(line => line.TrimEnd()), Is.EquivalentTo(expected), $"Is the change wanted? Then put it into {Dependencies}.");
    }

    [Test]
    public void Only_the_emulators_depend_on_a_server_a_compiler_and_template_engines()
    {
        var brought = Assemblies().Where(assembly => Regex.IsMatch(assembly,
            @"^(Tokenwright\.Testing|WireMock|Microsoft\.CodeAnalysis|Scriban|Handlebars|Fluid|RazorLight|DotLiquid|GraphQL|JmesPath)"));

        Assert.That(brought, package == "Tokenwright.Emulator" ? Is.SupersetOf(new[] { "WireMock.Net.Minimal", "Microsoft.CodeAnalysis",
            "Scriban.Signed", "Handlebars" }) : package == "Tokenwright.Testing" ? Is.EqualTo(new[] { package }) : Is.Empty);
    }

    [Test]
    public void No_build_asset_flows_to_its_users()
    {
        Assert.That(Files().Where(
            file => Regex.IsMatch(file, "^(analyzers|build|buildTransitive|buildMultiTargeting|content|contentFiles)/")), Is.Empty);
        foreach (var dependency in Nuspec().Descendants().Where(element => element.Name.LocalName == "dependency"))
            Assert.That(dependency.Attribute("exclude")?.Value, Does.Contain("Analyzers").And.Contain("Build"), dependency.ToString());
    }

    [Test]
    public void It_contains_only_expected_files()
    {
        var known = IsTool
            ? @"^(README\.md|CHANGELOG\.md|THIRD-PARTY-NOTICES\.txt|icon\.png|schemas/[a-z]+\.schema\.json|tools/net10\.0/any/.+)$"
            : $@"^(README\.md|CHANGELOG\.md|THIRD-PARTY-NOTICES\.txt|icon\.png|lib/net(8|10)\.0/{Regex.Escape(package)}\.(dll|xml))$";

        Assert.That(Files().Where(file => !Regex.IsMatch(file, known)), Is.Empty);
        Assert.That(Files(), Is.SupersetOf(new[] { "README.md", "CHANGELOG.md", "THIRD-PARTY-NOTICES.txt", "icon.png" }));
        if (!IsTool)
            Assert.That(Files().Count(file => file.StartsWith("lib/", StringComparison.Ordinal)), Is.EqualTo(4),
                "an assembly and its documentation for each framework");
    }

    [Test]
    public void Its_size_is_limited()
        => Assert.That(new FileInfo(Path.Combine(Feed.Folder, $"{package}.{Feed.Version}.nupkg")).Length,
            Is.LessThan(package switch
            {
                "Tokenwright" => LargestCore,
                "Tokenwright.Cli" => LargestTool,
                "Tokenwright.Emulator" => LargestEmulatorTool,
                "Tokenwright.Testing" => LargestTesting,
                _ => LargestPackage,
            }));

    [Test]
    public void Its_metadata_is_complete()
    {
        string? Value(string name) => Nuspec().Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

        Assert.That((Value("id"), Value("version"), Value("license"), Value("icon"), Value("readme")),
            Is.EqualTo((package, Feed.Version, "MIT", "icon.png", "README.md")));
        Assert.That(Value("description"), Has.Length.GreaterThan(40));
        Assert.That(Value("tags"), Does.Contain("api-token"));
        using var archive = Feed.Open(package);
        using var readme = new StreamReader(archive.GetEntry("README.md")!.Open());
        Assert.That(readme.ReadToEnd(), Does.StartWith($"# {package}\n").And.Contain("docs/"));
    }

    private IReadOnlyList<string> Files()
    {
        using var archive = Feed.Open(package);
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => !Regex.IsMatch(name, @"^(_rels/|package/|\[Content_Types\]\.xml$|[^/]+\.nuspec$)"))];
    }

    private IEnumerable<string> Assemblies() => Files().Where(file => file.EndsWith(".dll", StringComparison.Ordinal))
        .Select(file => Path.GetFileNameWithoutExtension(file)).Distinct().Order(StringComparer.Ordinal);

    private XDocument Nuspec()
    {
        using var archive = Feed.Open(package);
        using var stream = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream);
    }
}
