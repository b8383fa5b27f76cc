using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace Tokenwright.CliTests;

/// <summary>The output of each format can be read back, has the same content in all formats, and matches the published schema.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class OutputTests
{
    private static readonly string[] Formats = ["json", "jsonl", "csv", "markdown"];

    private static readonly (string Collection, string Row, string[] Arguments)[] Commands =
    [
        ("tokens", "token", ["list"]),
        ("tokens", "token", ["show", "7", "-c", "storage"]),
        ("tokens", "token", ["export"]),
        ("tokens", "token", ["update", "0", "-c", "storage", "--name", "a, \"quoted\" | name", "--yes"]),
        ("findings", "finding", ["audit", "--fail-on", "none"]),
        ("vendors", "vendor", ["vendors"]),
        ("connections", "connection", ["connections", "list"]),
        ("connections", "connection", ["connections", "test"]),
        ("verdicts", "verdict", ["validate", "--self", "-c", "network"]),
        ("issued", "issued", ["create", "-c", "storage", "--name", "made", "--role", "admin", "--reveal", "--yes"]),
        ("issued", "issued", ["regenerate", "0", "-c", "storage", "--reveal", "--yes"]),
        ("receipts", "receipt", ["revoke", "0", "-c", "storage", "--yes"]),
        ("receipts", "receipt", ["suspend", "--self", "-c", "cloud", "--yes", "--own-credential"]),
        ("receipts", "receipt", ["resume", "synthetic-token-id-0003", "-c", "cloud", "--yes"]),
        ("lineages", "lineage", ["rotation", "list"]),
        ("rotations", "rotation", ["rotation", "status", "-c", "storage"]),
        ("rotations", "rotation", ["rotate", "zabbix", "-c", "storage", "--yes"]),
        ("calls", "call", ["rotate", "zabbix", "-c", "storage", "--dry-run"]),
        ("calls", "call", ["revoke", "0", "-c", "storage", "--dry-run"]),
    ];

    private readonly Workplace _shared = new();

    [OneTimeTearDown]
    public void Close() => _shared.Dispose();

    private static IEnumerable<TestCaseData> Cases()
        => from command in Commands from format in command.Arguments.Contains("-c") ? ["json", "csv"] : Formats select new TestCaseData(
            command.Collection, command.Row, command.Arguments, format).SetArgDisplayNames(string.Join(' ', command.Arguments), format);

    [TestCaseSource(nameof(Cases))]
    public async Task Output_can_be_read_back(string collection, string row, string[] arguments, string format)
    {
        // Commands that only read share the emulators. A command of one connection needs only that connection.
        var at = Array.IndexOf(arguments, "-c");
        using var own = at < 0 ? null : new Workplace(connections: [arguments[at + 1]]);
        var workplace = own ?? _shared;
        foreach (var cloud in own is null ? [] : workplace.Emulators.OfType<Testing.VMwareCloudEmulator>())
            cloud.Add(new() { Name = "off", IsDeactivated = true });
        var run = await workplace.RunAsync([.. arguments, "-o", format, "--quiet"]);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var rows = Rows(run.Output, collection, format);
        Assert.That(rows, Is.Not.Empty, run.ToString());
        await HoldToSchemaAsync(rows, row, format);
    }

    [TestCaseSource(nameof(Formats))]
    public async Task The_output_of_a_watch_is_read_back(string format)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var process = workplace.Start(["watch", "--every", "1s", "--looks", "2", "-o", format]);
        var output = process.StandardOutput.ReadToEndAsync();
        await Workplace.HasFirstLookAsync(process);
        workplace.Emulators[0].Add(new() { Name = "comes" });
        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        var rows = Rows(await output, "changes", format);
        Assert.That(rows, Has.Exactly(1).Matches<JsonNode>(row => row.ToString().Contains("comes", StringComparison.Ordinal)));
        await HoldToSchemaAsync(rows, "change", format);
    }

    [Test]
    public async Task The_same_tokens_are_in_all_formats()
    {
        using var workplace = new Workplace();
        workplace.Emulator<Testing.XmsEmulator>()
            .Add(new() { Name = "odd, \"name\" | with\nlines \\ and <b>tags</b> \u202e\u001b[31m", Roles = ["a", "b"] });
        var json = Rows((await workplace.RunAsync("list", "-o", "json", "-q")).Output, "tokens", "json");
        var jsonl = Rows((await workplace.RunAsync("list", "-o", "jsonl", "-q")).Output, "tokens", "jsonl");
        var csv = Csv.Read((await workplace.RunAsync("list", "-o", "csv", "-q")).Output);
        Assert.Multiple(() =>
        {
            Assert.That(Names(jsonl), Is.EquivalentTo(Names(json)));
            Assert.That(csv.Select(row => (row["vendor"], row["id"], row["name"])), Is.EquivalentTo(Names(json)));
        });

        static IEnumerable<(string?, string?, string?)> Names(IEnumerable<JsonNode> rows)
            => rows.Select(row => ((string?)row["vendor"], (string?)row["id"], (string?)row["name"]));
    }

    [TestCase("table")]
    [TestCase("markdown")]
    public async Task A_token_s_name_can_t_control_the_terminal_or_inject_markup(string format)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.Emulator<Testing.XmsEmulator>().Add(new() { Name = "evil \u001b[2J\u202e<img src=x> | end" });
        var run = await workplace.RunAsync("list", "-c", "storage", "-o", format);
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Not.Contain("\u001b").And.Not.Contain("\u202e"));
            Assert.That(run.Output, Does.Contain("\\u001B").Or.Contain("\\\\u001B"));
            Assert.That(format == "table" || !run.Output.Contains("<img", StringComparison.Ordinal)
                || run.Output.Contains("\\<img", StringComparison.Ordinal));
        });
    }

    [Test]
    public async Task The_schema_file_of_rows_matches_their_types()
    {
        var schema = new JsonObject
            { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = "The rows that tokenwright prints as JSON" };
        var definitions = new JsonObject();
        foreach (var (name, type) in OutputSchema.Rows)
            definitions[name] = OutputSchema.Of(type);
        schema["definitions"] = definitions;
        SchemaFile.Hold("output.schema.json", schema);
        Assert.That((await JsonSchema.FromJsonAsync(schema.ToJsonString())).Definitions, Has.Count.EqualTo(OutputSchema.Rows.Count));
    }

    private static async Task HoldToSchemaAsync(IEnumerable<JsonNode> rows, string row, string format)
    {
        if (format is not ("json" or "jsonl"))
            return;
        var schema = await SchemaOf(row);
        foreach (var one in rows)
            Assert.That(schema.Validate(one.ToString()), Is.Empty, one.ToString());
    }

    private static async Task<JsonSchema> SchemaOf(string row)
    {
        var text = await File.ReadAllTextAsync(SchemaFile.PathOf("output.schema.json"));
        return await JsonSchema.FromJsonAsync(JsonNode.Parse(text)!["definitions"]![row]!.ToJsonString());
    }

    private static IReadOnlyList<JsonNode> Rows(string output, string collection, string format)
    {
        switch (format)
        {
            case "json":
                return [.. JsonNode.Parse(output)![collection]!.AsArray().Select(row => row!)];
            case "jsonl":
                return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
            case "csv":
                return [.. Csv.Read(output).Select(row => JsonSerializer.SerializeToNode(row)!)];
            default:
                var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                var columns = Cells(lines[0]).Count;
                Assert.That(lines[1], Does.Match(@"^\|( --- \|)+$"));
                Assert.That(lines.Select(line => Cells(line).Count), Has.All.EqualTo(columns), output);
                return [.. lines.Skip(2).Select(line => (JsonNode)JsonValue.Create(line))];
        }
    }

    private static List<string> Cells(string line) => [.. System.Text.RegularExpressions.Regex.Split(line.Trim('|'), @"(?<!\\)\|")];
}
