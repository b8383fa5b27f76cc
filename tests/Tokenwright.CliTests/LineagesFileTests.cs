using System.Text.Json.Nodes;
using NJsonSchema;

namespace Tokenwright.CliTests;

/// <summary>
/// The lineages in the connections file: errors name the file, the line and the field, and a wrong lineage stops no other.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class LineagesFileTests
{
    // The lineages part, the line that the error names, and the text that the error contains. isSemantic: the schema can't find it.
    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("a list", "[]", 3, "must be an object with Journal, SealingKey, OldSealingKeys, Lineages, not a list");
        yield return Case("misspelt setting", """{ "SealingKye": { "File": "k" }, "Lineages": {} }""", 3, "Did you mean SealingKey?");
        yield return Case("no key", """{ "Lineages": { "a": {} } }""", 3, "SealingKey is missing");
        yield return Case("key in plain text", """{ "SealingKey": "c2VjcmV0", "Lineages": {} }""", 3, "a secret in plain text");
        yield return Case("key from nowhere", """{ "SealingKey": {}, "Lineages": {} }""", 3, "exactly one source");
        yield return Case("key with a consumer", """{ "SealingKey": { "Consumer": "a", "File": "k" }, "Lineages": { "a": {} } }""", 3,
            "Consumer is for the secret of a connection only");
        yield return Case("old key with a consumer",
            """{ "SealingKey": { "File": "k" }, "OldSealingKeys": [{ "File": "k", "Consumer": "a" }], "Lineages": { "a": {} } }""", 3,
            "Consumer is for the secret of a connection only");
        yield return Case("old keys are no list", """{ "SealingKey": { "File": "k" }, "OldSealingKeys": {}, "Lineages": {} }""", 3,
            "must be a list of secrets");
        yield return Case("no lineages", """{ "SealingKey": { "File": "k" } }""", 3, "must have \"Lineages\"");
        yield return Case("empty lineages", """{ "SealingKey": { "File": "k" }, "Lineages": {} }""", 3, "must have \"Lineages\"");
        yield return Case("a text", Lineage("\"x\""), 5, "must be an object with Connection, NamePrefix");
        yield return Case("misspelt lineage setting", With("\"Conection\": \"a\""), 6, "Did you mean Connection?");
        yield return Case("no connection", Lineage("{ \"Sinks\": [{ \"File\": \"f\" }] }"), 5, "Connection is missing");
        yield return Case("unknown connection", Lineage("{ \"Connection\": \"storge\", \"Sinks\": [{ \"File\": \"f\" }] }"), 5,
            "there is no connection 'storge'; known are storage. Did you mean storage?", isSemantic: true);
        yield return Case("no sink", Lineage("{ \"Connection\": \"storage\" }"), 5, "Sinks is empty");
        yield return Case("sink is a text", With("\"Sinks\": [\"f\"]"), 6, "must be an object with File, IsText, Command, IsJson");
        yield return Case("sink of both kinds", With("\"Sinks\": [{ \"File\": \"f\", \"Command\": [\"a\"] }]"), 6,
            "either File or Command");
        yield return Case("sink of no kind", With("\"Sinks\": [{ \"IsText\": true }]"), 6, "either File or Command");
        yield return Case("sink with an empty command", With("\"Sinks\": [{ \"Command\": [] }]"), 6, "the program and its arguments");
        yield return Case("sink for a shell", With("\"Sinks\": [{ \"Command\": \"cat\" }]"), 6, "must be a list of texts, not a text");
        yield return Case("JSON for a file", With("\"Sinks\": [{ \"File\": \"f\", \"IsJson\": true }]"), 6, "is for a Command only");
        yield return Case("text for a command", With("\"Sinks\": [{ \"Command\": [\"a\"], \"IsText\": true }]"), 6, "is for a File only");
        yield return Case("roles are a text", With("\"Roles\": \"observer\""), 6, "must be a list of texts");
        yield return Case("truth is a text", With("\"NameInDescription\": \"yes\""), 6, "must be true or false, not a text");
        yield return Case("consumer with a slash", With("\"Consumers\": [\"a/b\"]"), 5, "Consumers has 'a/b'");
        yield return Case("policy is a list", With("\"Policy\": []"), 6, "must be an object with Lifetime, RotateAfter");
        yield return Case("misspelt policy", With("\"Policy\": { \"Livetime\": \"1.00:00:00\" }"), 6, "Did you mean Lifetime?");
        yield return Case("time without colons", With("\"Policy\": { \"Lifetime\": \"90\" }"), 6, "hours:minutes:seconds");
        yield return Case("unknown mode", With("\"Policy\": { \"Mode\": \"Fast\" }"), 6, "one of Overlap, InPlace, AllowOutage");
        yield return Case("part is a word", With("\"Policy\": { \"RotateAfter\": \"half\" }"), 6, "must be a number");
        yield return Case("part out of range", With("\"Policy\": { \"RotateAfter\": 2 }"), 5, "RotateAfter must lie between 0 and 1",
            isSemantic: true);
        yield return Case("not what the vendor can", With("\"IsConnectionCredential\": true, \"Policy\": { \"Mode\": \"InPlace\" }"), 5,
            "InPlace is refused for the connection's own credential", isSemantic: true);
    }

    [TestCaseSource(nameof(Broken))]
    public async Task An_error_is_reported_with_its_line(string rotation, int line, string said, bool isSemantic)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var text = FileWith(workplace, rotation);
        var path = workplace.WritePrivate("broken.json", text);

        var run = await workplace.RunAsync("rotation", "status", "--config", path);
        var list = await workplace.RunAsync("list", "--config", path);

        Assert.That(run.ExitCode, Is.AnyOf(2, 3), run.ToString());
        Assert.That(run.Error, Does.Contain($"{path}:{line}: Rotation").And.Contain(said).And.Not.Contain("   at "), run.ToString());
        Assert.That(list.ExitCode, Is.Zero, "the other commands don't need the lineages");
        Assert.That(
            (await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(SchemaFile.PathOf("connections.schema.json")))).Validate(text),
            isSemantic ? Is.Empty : Is.Not.Empty);
    }

    [Test]
    public async Task A_wrong_lineage_does_not_stop_the_others()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var path = workplace.WritePrivate("c.json", FileWith(workplace, Lineage(
            "{ \"Connection\": \"nowhere\", \"Roles\": 1 }, \"good\": { \"Connection\": \"storage\", \"Roles\": [\"observer\"], " +
            "\"Sinks\": [{ \"File\": \"good.json\" }] }")));

        var run = await workplace.RunAsync("rotate", "--due", "--config", path);
        var list = await workplace.RunAsync("rotation", "list", "--config", path);
        var one = await workplace.RunAsync("rotate", "bad", "--yes", "--config", path);

        Assert.That((run.ExitCode, list.ExitCode, one.ExitCode), Is.EqualTo((3, 3, 2)), $"{run}\n{list}\n{one}");
        Assert.That(run.Error, Does.Contain("there is no connection 'nowhere'"));
        Assert.That(run.Output, Is.Empty);
        Assert.That(File.Exists(workplace.In("good.json")), "the other one was issued");
        Assert.That(list.Output, Does.Contain("there is no connection 'nowhere'").And.Contain("the file 'good.json'")
            .And.Contain("must be a list of texts").And.Not.Contain("\\u000A"));
        Assert.That(one.Error, Does.Contain("there is no connection 'nowhere'"));
    }

    [TestCase("\"NamePrefix\": \"team\"", "\"NamePrefix\": \"team\"", "2 lineages of the connection 'storage' have the prefix 'team'")]
    [TestCase("\"Sinks\": [{ \"File\": \"x/../same.json\" }]", "\"Sinks\": [{ \"File\": \"same.json\" }]", "2 sinks write to the file")]
    public async Task Two_lineages_that_contradict_each_other_stop_no_other(string first, string second, string said)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        string LineageOf(string name, string setting)
            => $"\"{name}\": {{ \"Connection\": \"storage\", \"Roles\": [\"observer\"], {setting}" +
                (setting.Contains("Sinks", StringComparison.Ordinal) ? " }" : $", \"Sinks\": [{{ \"File\": \"{name}.json\" }}] }}");
        var path = workplace.WritePrivate("c.json", FileWith(workplace,
            "{ \"SealingKey\": { \"File\": \"sealing.key\" }, \"Lineages\": {\n" + LineageOf("one", first) + ",\n" +
            LineageOf("two", second) + ",\n" + LineageOf("good", "\"Consumers\": []") + " } }"));

        var dry = await workplace.RunAsync("rotate", "--due", "--dry-run", "--config", path);
        var run = await workplace.RunAsync("rotate", "--due", "--config", path);
        var named = await workplace.RunAsync("rotate", "one", "--yes", "--config", path);
        var list = await workplace.RunAsync("rotation", "list", "--config", path, "-o", "json");

        Assert.That(
            (dry.ExitCode, run.ExitCode, named.ExitCode, list.ExitCode), Is.EqualTo((3, 3, 2, 3)), $"{dry}\n{run}\n{named}\n{list}");
        foreach (var error in new[] { dry.Error, run.Error })
        {
            Assert.That(error, Does.Contain($"{path}:4: Rotation:Lineages:one: {said}").And.Contain("one, two")
                .And.Contain($"{path}:5: Rotation:Lineages:two: {said}").And.Not.Contain(":good:"));
        }

        Assert.That(named.Error, Does.Contain($"{path}:4: ").And.Contain(said));
        Assert.That(
            Directory.GetFiles(workplace.Folder, "*.json").Select(Path.GetFileName), Is.EquivalentTo(new[] { "c.json", "good.json" }));
        var rows = JsonNode.Parse(list.Output)!["lineages"]!.AsArray();
        Assert.That(rows.Select(row => (row!["lineage"]!.ToString(), row["problem"] is null)),
            Is.EquivalentTo(new[] { ("good", true), ("one", false), ("two", false) }));
    }

    [Test]
    public async Task The_schema_accepts_what_the_tool_accepts()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var text = FileWith(workplace, """
            { "Journal": "~/rotation.db", "SealingKey": { "Command": ["pass", "show", "key"] }, "OldSealingKeys": [{ "File": "k1" }],
              "Lineages": { "a": { "Connection": "storage", "NamePrefix": "team-a", "Roles": ["observer"], "Consumers": ["x.y-1"],
                "Sinks": [{ "File": "f.json" }, { "Command": ["vault", "kv", "put", "secret/a", "token=-"], "IsJson": false }],
                "Policy": { "Lifetime": "90.00:00:00", "RotateAfter": 0.5, "Overlap": "12:00:00", "Mode": "Overlap", "Attempts": 3,
                  "ExchangedCredentialLifetime": null } } } }
            """);

        var run = await workplace.RunAsync("rotation", "list", "-o", "json", "--config", workplace.WritePrivate("good.json", text));

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var row = JsonNode.Parse(run.Output)!["lineages"]![0]!;
        Assert.That((row["lineage"]!.ToString(), row["mode"]!.ToString(), (double)row["overlapSeconds"]!, (double)row["rotateAfter"]!),
            Is.EqualTo(("a", "overlap", 43200d, 0.5)));
        Assert.That(row["sinks"]!.AsArray().Select(sink => sink!.ToString()),
            Is.EqualTo(new[] { "the file 'f.json'", "the command 'vault'" }));
        Assert.That(
            (await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(SchemaFile.PathOf("connections.schema.json")))).Validate(text),
            Is.Empty);
    }

    [Test]
    public async Task Without_lineages_the_message_says_what_to_write()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var connections = JsonNode.Parse(await File.ReadAllTextAsync(workplace.ConnectionsFile))!.AsObject();
        connections.Remove("Rotation");

        var run = await workplace.RunAsync(
            "rotate", "--due", "--config", workplace.WritePrivate("none.json", connections.ToJsonString()));

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain("has no lineages").And.Contain("\"Rotation\""));
    }

    // The file with a connection, and the lineages part from line 3 on.
    private static string FileWith(Workplace workplace, string rotation)
    {
        var connections = JsonNode.Parse(File.ReadAllText(workplace.ConnectionsFile))!["Tokenwright"]!.ToJsonString();
        return $"{{\n\"Tokenwright\": {connections},\n\"Rotation\": {rotation}\n}}";
    }

    // The lineage is in line 5.
    private static string Lineage(string value)
        => $"{{ \"SealingKey\": {{ \"File\": \"sealing.key\" }},\n\"Lineages\": {{\n\"bad\": {value} }} }}";

    // The setting is in line 6.
    private static string With(string setting)
        => Lineage("{ " + (setting.Contains("Connection\"", StringComparison.Ordinal) ? null : "\"Connection\": \"storage\", ") +
            (setting.Contains("Sinks", StringComparison.Ordinal) ? null : "\"Sinks\": [{ \"File\": \"f\" }], ") + $"\n{setting} }}");

    private static TestCaseData Case(string name, string rotation, int line, string said, bool isSemantic = false)
        => new TestCaseData(rotation, line, said, isSemantic).SetArgDisplayNames(name);
}
