using System.Text.Json.Nodes;
using NJsonSchema;
using Tokenwright.Cli.Audit;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>SARIF files are valid, and code-scanning pages can track and show their results.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class SarifTests
{
    [Test]
    public async Task Sarif_has_the_rules_the_results_and_a_place_for_each()
    {
        using var workplace = new Workplace();
        var run = await workplace.RunAsync("audit", "-o", "sarif");
        var root = JsonNode.Parse(run.Output)!;
        var (driver, results) = (root["runs"]![0]!["tool"]!["driver"]!, root["runs"]![0]!["results"]!.AsArray());
        Assert.Multiple(() =>
        {
            Assert.That((string?)root["version"], Is.EqualTo("2.1.0"));
            Assert.That(driver["rules"]!.AsArray().Select(rule => (string)rule!["id"]!), Is.EqualTo(AuditRule.All.Select(rule => rule.Id)));
            Assert.That(results, Is.Not.Empty);
            Assert.That(results.Select(result => (string)result!["level"]!), Has.All.AnyOf("error", "warning", "note"));
            Assert.That(results.Select(result => (string)driver["rules"]![(int)result!["ruleIndex"]!]!["id"]! == (string)result["ruleId"]!),
                Has.All.True);
            Assert.That(
                results.Select(result => result!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]), Has.All.Not.Null);
            Assert.That((bool?)root["runs"]![0]!["invocations"]![0]!["executionSuccessful"], Is.True);
        });
    }

    // The schema is in a package that the tests download.
    [TestCase("")]
    [TestCase("--sarif-accepted --policy policy.json")]
    [TestCase("--baseline baseline.json --policy policy.json")]
    [TestCase("-c storage -c cloud")]
    public async Task Sarif_is_valid_by_the_published_schema(string options)
    {
        using var workplace = new Workplace();
        workplace.WritePrivate("policy.json", Policy);
        workplace.WritePrivate("baseline.json", (await workplace.RunAsync("audit", "-c", "identity", "-o", "json")).Output);
        workplace.Emulator<XmsEmulator>().On("GET", "/v1/access-tokens/", VendorResponse.Json(500, "{}"));

        var run = await workplace.RunAsync(
            ["audit", "-o", "sarif", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        var schema = await JsonSchema.FromFileAsync(InstalledTool.Metadata("SarifSchema"));
        var broken = JsonNode.Parse(run.Output)!;
        broken["runs"]![0]!["results"]!.AsArray().Add(new JsonObject { ["message"] = "a text" });
        Assert.Multiple(() =>
        {
            Assert.That(schema.Validate(run.Output), Is.Empty, run.ToString());
            Assert.That(schema.Validate(broken.ToJsonString()), Is.Not.Empty);
        });
    }

    [Test]
    public async Task Code_scanning_recognizes_a_finding_again_and_tells_it_from_others_at_the_same_place()
    {
        using var workplace = new Workplace();
        var prints = Prints(await workplace.RunAsync("audit", "-o", "sarif"));
        var again = Prints(await workplace.RunAsync("audit", "-o", "sarif", "--sarif-path", "docs/tokens.md"));
        var json = JsonNode.Parse((await workplace.RunAsync("audit", "-o", "json")).Output)!["findings"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(prints, Is.Unique.And.Not.Empty);
            Assert.That(again, Is.EqualTo(prints));
            Assert.That(json.Select(finding => (string?)finding!["fingerprint"]), Is.EqualTo(prints));
        });

        static List<string?> Prints(Run run) => [.. Results(run).Select(
            result => (string?)result!["partialFingerprints"]!["primaryLocationLineHash"])];
    }

    [Test]
    public async Task Accepted_findings_are_left_out_unless_they_are_asked_for()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.WritePrivate("policy.json", Policy);

        var usual = Results(await workplace.RunAsync("audit", "--policy", "policy.json", "-o", "sarif"));
        var all = Results(await workplace.RunAsync("audit", "--policy", "policy.json", "-o", "sarif", "--sarif-accepted"));

        Assert.Multiple(() =>
        {
            Assert.That(usual, Is.Not.Empty);
            Assert.That(usual.Select(result => result!["suppressions"]), Has.All.Null);
            Assert.That(all.Where(result => result!["suppressions"] is not null)
                .Select(result => ((string?)result!["suppressions"]![0]!["kind"], (string?)result["suppressions"]![0]!["justification"])),
                Is.EqualTo(new[] { ("external", "The vendor's tokens never expire. (until 2999-12-31)") }));
            Assert.That(all, Has.Count.EqualTo(usual.Count + 1));
        });
    }

    [Test]
    public async Task A_result_says_whose_token_it_is()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var owners = JsonNode.Parse((await workplace.RunAsync("audit", "-o", "json")).Output)!["findings"]!.AsArray()
            .Select(finding => (string?)finding!["owner"]).ToList();
        var results = Results(await workplace.RunAsync("audit", "-o", "sarif"));
        Assert.Multiple(() =>
        {
            Assert.That(owners, Is.Not.Empty.And.All.Not.Null);
            Assert.That(results.Select(result => (string?)result!["properties"]!["owner"]), Is.EqualTo(owners));
            Assert.That(results.Zip(owners, (result, owner) => ((string)result!["message"]!["text"]!)
                .Contains($", owner {owner}: ", StringComparison.Ordinal)), Has.All.True);
        });
    }

    // The address comes from the build. The repository has none as long as nothing sets RepositoryUrl.
    [Test]
    public async Task The_tools_address_is_that_of_the_build_or_is_left_out()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var run = await workplace.RunAsync("audit", "-o", "sarif");
        Assert.That((string?)JsonNode.Parse(run.Output)!["runs"]![0]!["tool"]!["driver"]!["informationUri"],
            Is.EqualTo(SarifReport.Address));
    }

    [TestCase(null, "config/tokenwright/connections.json")]
    [TestCase("docs/tokens.md", "docs/tokens.md")]
    [TestCase("./a/../my tokens%.md", "my%20tokens%25.md")]
    [TestCase("HOME/sub/tokens.md", "sub/tokens.md")]
    public async Task Findings_are_shown_at_a_path_from_the_root_of_the_repository(string? path, string uri)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        Directory.CreateDirectory(workplace.In(".git"));
        workplace.RunsIn = Directory.CreateDirectory(workplace.In("sub/deeper")).FullName;
        string[] named = path is null ? [] : ["--sarif-path", path.Replace("HOME", workplace.Folder, StringComparison.Ordinal)];

        var run = await workplace.RunAsync(["audit", "-o", "sarif", .. named]);

        Assert.Multiple(() =>
        {
            Assert.That(Places(run), Is.EqualTo(new[] { uri }));
            Assert.That(run.Error, Does.Not.Contain("--sarif-path"));
        });
    }

    // An absolute path would name the folders of the machine, and the pages can't resolve it.
    [Test]
    public async Task A_connections_file_outside_of_the_repository_is_only_named_and_a_note_says_what_to_do()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        workplace.RunsIn = Directory.CreateDirectory(workplace.In("repository")).FullName;
        Directory.CreateDirectory(workplace.In("repository/.git"));

        var run = await workplace.RunAsync("audit", "-o", "sarif");

        Assert.Multiple(() =>
        {
            Assert.That(Places(run), Is.EqualTo(new[] { "connections.json" }));
            Assert.That(run.Output, Does.Not.Contain(workplace.Folder));
            Assert.That(run.Error, Does.Contain(
                "the findings are shown at 'connections.json'. Name a file of the repository with --sarif-path."));
        });
    }

    [TestCase("-o sarif --sarif-path ../outside.md", "--sarif-path must be a file in the repository")]
    [TestCase("-o sarif --sarif-path /elsewhere/tokens.md", "'/elsewhere/tokens.md' is none in ")]
    [TestCase("-o sarif --sarif-path https://example.org/tokens.md", "--sarif-path must be a file in the repository")]
    [TestCase("-o sarif --sarif-path .", "--sarif-path must be a file in the repository")]
    [TestCase("-o sarif --sarif-path config", "--sarif-path must be a file in the repository")]
    [TestCase("-o json --sarif-path tokens.md", "--sarif-path and --sarif-accepted need --output sarif.")]
    [TestCase("--sarif-accepted", "--sarif-path and --sarif-accepted need --output sarif.")]
    public async Task A_wrong_place_is_refused(string options, string said)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var run = await workplace.RunAsync(["audit", .. options.Split(' ')]);
        Assert.That((run.ExitCode, run.Error.Contains(said, StringComparison.Ordinal)), Is.EqualTo((2, true)), run.ToString());
    }

    private const string Policy = """
        {
          "Exceptions": [
            { "Rule": "TW003", "Vendor": "Xms", "Token": "7", "Reason": "The vendor's tokens never expire.", "Until": "2999-12-31" }
          ]
        }
        """;

    private static JsonArray Results(Run run) => JsonNode.Parse(run.Output)!["runs"]![0]!["results"]!.AsArray();

    private static IEnumerable<string?> Places(Run run) => Results(run)
        .Select(result => (string?)result!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]).Distinct();
}
