using System.Globalization;
using System.Text.Json.Nodes;
using NJsonSchema;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>The commands <c>rotate</c> and <c>rotation</c>, with the installed tool against emulators.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed partial class RotateTests
{
    private static readonly string[] Changes = ["POST", "PUT", "PATCH", "DELETE"];

    [Test]
    public async Task What_is_due_is_rotated_silently_and_the_files_belong_to_their_owner_only()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        WriteLineages(workplace, file => file.Remove("Journal"));

        var first = await workplace.RunAsync("rotate", "--due");
        var again = await workplace.RunAsync("rotate", "--due");

        Assert.That((first.ExitCode, first.Output, first.Error), Is.EqualTo((0, string.Empty, string.Empty)));
        Assert.That((again.ExitCode, again.Output, again.Error), Is.EqualTo((0, string.Empty, string.Empty)));
        var made = workplace.Emulators[0].Tokens.Single(IsOfLineage);
        Assert.That(await File.ReadAllTextAsync(workplace.In("zabbix.secret")), Is.EqualTo(made.Secret!.Reveal()));
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in new[] { "zabbix.secret", "state/tokenwright/rotation.db" })
            Assert.That(
                File.GetUnixFileMode(workplace.In(file)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
        Assert.That(File.GetUnixFileMode(workplace.In("state/tokenwright")),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task A_rotation_by_name_is_confirmed_shown_and_explained()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        await workplace.RunAsync("rotate", "--due");

        var asked = await workplace.RunAsync("rotate", "zabbix");
        var run = await workplace.RunAsync("rotate", "zabbix", "--yes");
        var status = await RowsAsync(workplace, "rotations", "rotation", "rotation", "status");
        var why = await RowsAsync(workplace, "evidence", "evidence", "rotation", "why", "zabbix");

        Assert.That((asked.ExitCode, run.ExitCode), Is.EqualTo((2, 0)), $"{asked}\n{run}");
        Assert.That(asked.Error, Does.Contain("Replace generation 1 of 'zabbix' at Xms connection 'storage'").And.Contain("--yes"));
        Assert.That(run.Error, Does.Contain("zabbix: Generation 2 was issued").And.Contain("was written to the file 'zabbix.secret'"));
        Assert.That(run.Output, Does.Contain("published").And.Contain("The overlap lasts until"));
        Assert.That(workplace.Emulators[0].Tokens.Count(IsOfLineage), Is.EqualTo(2), "the old token works until the overlap is over");
        Assert.That(((string)status[0]["stage"]!, (int)status[0]["generation"]!, (int)status[0]["oldGenerations"]![0]!),
            Is.EqualTo(("published", 2, 1)));
        Assert.That(DateTimeOffset.Parse((string)status[0]["nextAt"]!, CultureInfo.InvariantCulture),
            Is.GreaterThan(TimeProvider.System.GetUtcNow().AddHours(23)));
        Assert.That(why.Select(row => (string)row["text"]!), Has.Some.Contains("The rotation was requested.")
            .And.Some.Contains("Generation 2 works").And.Some.Contains("The overlap lasts until"));
    }

    [Test]
    public async Task A_lineage_that_needs_attention_is_reported_and_the_status_says_so()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        while (workplace.Emulators[0].Tokens.Count < 10)
            workplace.Emulators[0].Add(new() { Name = "another" });

        var run = await workplace.RunAsync("rotate", "--due");
        var status = await workplace.RunAsync("rotation", "status");

        Assert.That((run.ExitCode, status.ExitCode), Is.EqualTo((1, 1)), $"{run}\n{status}");
        Assert.That(run.Output, Is.Empty);
        Assert.That(
            run.Error, Does.Match("(?m)^error: nightly-report: The owner has 1\\d of 10 tokens.").And.Contain("These could go first"));
        Assert.That(
            status.Output, Does.Contain("needs attention").And.Contain("The owner has").And.Contain("It stopped in stage intended."));
    }

    [Test]
    public async Task A_vendor_that_fails_is_reported_and_the_next_run_continues()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.Emulators[0].Faults.Inject(Fault.Status(503), times: 1000);

        var failed = await workplace.RunAsync("rotate", "--due");
        workplace.Emulators[0].Faults.Clear();
        var done = await workplace.RunAsync("rotate", "zabbix", "--yes");

        Assert.That((failed.ExitCode, done.ExitCode), Is.EqualTo((3, 0)), $"{failed}\n{done}");
        Assert.That(failed.Output, Is.Empty);
        Assert.That(failed.Error, Does.Match(@"(?m)^error: zabbix: .*\(HTTP 503\)"));
        Assert.That(workplace.Emulators[0].Tokens.Count(IsOfLineage), Is.EqualTo(1));
    }

    [TestCase("storage", "zabbix")]
    [TestCase("identity", "nightly-report")]
    [TestCase("network", "switches")]
    public async Task A_dry_run_shows_the_first_change_and_sends_none(string connection, string lineage)
    {
        using var workplace = new Workplace(connections: [connection]);
        foreach (var arguments in new[] { new[] { lineage }, ["--due"] })
        {
            var run = await workplace.RunAsync(["rotate", .. arguments, "--dry-run"]);

            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run.Error, Does.Contain($"{lineage}: The lineage has no token yet.").And.Contain("nothing was changed"));
            Assert.That(run.Output, Does.Match("POST .*no"), run.ToString());
        }

        Assert.That(Sent(workplace), Has.None.Contains($"{lineage}-1-"));
        Assert.That(workplace.Emulators[0].Tokens, Has.None.Matches<EmulatedToken>(IsOfLineage));
        Assert.That(File.Exists(workplace.In($"{lineage}.json")), Is.False);
        Assert.That((await workplace.RunAsync("rotation", "why", lineage)).Error, Does.Contain("Nothing was done"));
    }

    [Test]
    public async Task A_dry_run_of_a_token_that_was_issued_says_where_its_secret_would_go()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        WriteLineages(workplace, file => file["Lineages"]!["zabbix"]!["Sinks"]![0]!["File"] = "missing/zabbix.secret");
        var failed = await workplace.RunAsync("rotate", "--due");
        Directory.CreateDirectory(workplace.In("missing"));

        var dry = await workplace.RunAsync("rotate", "zabbix", "--dry-run");
        var there = File.Exists(workplace.In("missing/zabbix.secret"));
        var run = await workplace.RunAsync("rotate", "zabbix", "--yes");

        Assert.That((failed.ExitCode, dry.ExitCode, run.ExitCode), Is.EqualTo((3, 0, 0)), $"{failed}\n{dry}\n{run}");
        Assert.That(failed.Error, Does.Contain("The secret can't be written to the file 'missing/zabbix.secret': There is no directory"));
        Assert.That(dry.Error, Does.Contain("zabbix: The secret of generation 1 is written to the file 'missing/zabbix.secret'."));
        Assert.That(there, Is.False);
        Assert.That(File.Exists(workplace.In("missing/zabbix.secret")));
    }

    [Test]
    public async Task A_token_that_exists_is_adopted()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var own = workplace.Emulators[0].Add(new() { Name = "by hand", Roles = ["observer"] });
        var secret = workplace.WritePrivate("by-hand", own.Secret!.Reveal());

        var wrong = await workplace.RunAsync("rotation", "adopt", "zabbix", own.Id!, "--secret", "env:HOME", "--yes");
        var run = await workplace.RunAsync("rotation", "adopt", "zabbix", own.Id!, "--secret", $"file:{secret}", "--yes", "-o", "json");
        var again = await workplace.RunAsync("rotation", "adopt", "zabbix", own.Id!, "--secret", $"file:{secret}", "--yes");

        Assert.That((wrong.ExitCode, run.ExitCode, again.ExitCode), Is.EqualTo((2, 0, 2)), $"{wrong}\n{run}\n{again}");
        Assert.That(wrong.Error, Does.Contain("can't be adopted, because it does not work"));
        Assert.That(again.Error, Does.Contain("has a token already"));
        var row = JsonNode.Parse(run.Output)!["rotations"]![0]!;
        Assert.That(((int)row["generation"]!, (string)row["tokenId"]!), Is.EqualTo((1, own.Id!)));
        Assert.That(await File.ReadAllTextAsync(workplace.In("zabbix.secret")), Is.EqualTo(own.Secret.Reveal()));
    }

    [Test]
    public async Task A_consumer_acknowledges_what_was_published()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var without = await workplace.RunAsync("rotation", "ack", "nightly-report", "reporter", "1");
        await workplace.RunAsync("rotate", "--due");

        var unknown = await workplace.RunAsync("rotation", "ack", "nightly-report", "reprter", "1");
        var early = await workplace.RunAsync("rotation", "ack", "nightly-report", "reporter", "2");
        var known = await workplace.RunAsync("rotation", "ack", "nightly-report", "reporter", "1");
        await workplace.RunAsync("rotate", "nightly-report", "--yes");
        var waiting = await workplace.RunAsync("rotation", "status");
        await workplace.RunAsync("rotation", "ack", "nightly-report", "reporter", "2");
        await workplace.RunAsync("rotate", "nightly-report", "--yes");
        var acknowledged = await workplace.RunAsync("rotation", "status");

        Assert.That((unknown.ExitCode, early.ExitCode, known.ExitCode), Is.EqualTo((2, 2, 0)), $"{unknown}\n{early}\n{known}");
        Assert.That(without.Error, Does.Contain("The lineage 'nightly-report' has no token yet."));
        Assert.That(unknown.Error, Does.Contain("has no consumer 'reprter'; known are: reporter.").And.Not.Contain("Parameter"));
        Assert.That(early.Error, Does.Contain("has published generation 1, not 2."));
        Assert.That(waiting.Output, Does.Contain("'reporter' has not acknowledged generation 2."));
        Assert.That(acknowledged.Output, Does.Not.Contain("has not acknowledged").And.Contain("The overlap lasts until"));
    }

    [TestCase(new[] { "rotate" }, "Name the lineages to rotate now, or use --due")]
    [TestCase(new[] { "rotate", "zabbix", "--due" }, "but not both")]
    [TestCase(new[] { "rotate", "zabix", "--yes" }, "There is no lineage 'zabix'; known are zabbix. Did you mean zabbix?")]
    [TestCase(new[] { "rotation", "why", "nothing" }, "There is no lineage 'nothing'")]
    [TestCase(new[] { "rotation", "ack", "zabbix", "a", "b" }, "generation must be a whole number, not 'b'.")]
    [TestCase(new[] { "rotation", "ack", "zabbix", "a", "1" }, "'zabbix' has no consumers, so nothing needs to be acknowledged.")]
    [TestCase(new[] { "rotation", "list", "--config", "nowhere.json" },
        "There is no connections file 'nowhere.json'. Write one with 'tokenwright connections login VENDOR'.")]
    [TestCase(new[] { "rotation", "adopt", "zabbix", "7", "--secret", "file:sealing.key" },
        "use --yes to skip the question. Nothing was changed.")]
    public async Task A_wrong_command_is_reported(string[] arguments, string said)
    {
        using var workplace = new Workplace(connections: ["storage"]);

        var run = await workplace.RunAsync(arguments);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain(said));
        Assert.That(workplace.Emulators[0].Requests, Is.Empty);
    }

    // Whether the token whose secret was lost is in use can be known only from a sink that can be read back.
    [Test]
    public async Task A_run_that_is_killed_in_the_middle_of_a_create_is_continued_by_the_next_one([Values] bool isText)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        WriteLineages(workplace, file => file["Lineages"]!["zabbix"]!["Sinks"]![0]!["IsText"] = isText);
        await workplace.RunAsync("rotate", "--due");
        var first = workplace.Emulators[0].Tokens.Single(IsOfLineage);
        var lost = Fault.Stall();
        workplace.Emulators[0].Faults.Inject(lost, "POST", "*/access-tokens/");
        using (var process = workplace.Start(["rotate", "zabbix", "--yes"]))
        {
            await lost.Handled;
            process.Kill();
            await process.WaitForExitAsync();
        }

        var orphan = workplace.Emulators[0].Tokens.Single(token => IsOfLineage(token) && token != first);
        var run = await workplace.RunAsync("rotate", "zabbix", "--yes");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var made = workplace.Emulators[0].Tokens.Single(token => IsOfLineage(token) && token != first && token != orphan);
        Assert.That(workplace.Emulators[0].Tokens.Contains(orphan), Is.EqualTo(isText), "else it is revoked");
        Assert.That(await File.ReadAllTextAsync(workplace.In("zabbix.secret")), Does.Contain(made.Secret!.Reveal()));
        Assert.That((await workplace.RunAsync("rotation", "why", "zabbix")).Output,
            Does.Contain(isText ? "exists and can be in use" : "although its response was lost"));
    }

    [Test]
    public async Task No_secret_is_in_any_output()
    {
        using var workplace = new Workplace(connections: ["network"]);
        var runs = new List<Run>
        {
            await workplace.RunAsync("rotate", "--due", "--verbose", "--trace-file", "trace"),
            await workplace.RunAsync("rotate", "switches", "--yes", "--verbose", "--trace-file", "trace", "-o", "json"),
            await workplace.RunAsync("rotate", "switches", "--dry-run"),
            await workplace.RunAsync("rotation", "status", "-o", "json"),
            await workplace.RunAsync("rotation", "why", "switches", "-o", "csv"),
        };

        var secrets = workplace.Emulators[0].Tokens.Where(IsOfLineage).Select(token => token.Secret!.Reveal()).ToList();
        Assert.That(secrets, Has.Count.EqualTo(2));
        var text = string.Concat(runs) + await File.ReadAllTextAsync(workplace.In("trace"));
        foreach (var secret in secrets.Append(SampleLineages.Key))
            Assert.That(text, Does.Not.Contain(secret));
        Assert.That(runs.Select(run => run.ExitCode), Is.All.Zero, string.Concat(runs));
    }

    private static bool IsOfLineage(EmulatedToken token)
        => (token.Name ?? token.Description) is { } name && SampleLineages.Names.Any(
            lineage => name.StartsWith($"{lineage}-", StringComparison.Ordinal));

    private static IEnumerable<string> Sent(Workplace workplace)
        => workplace.Emulators[0].Requests.Where(request => Changes.Contains(request.Method)).Select(request => request.Body);

    private static void WriteLineages(Workplace workplace, Action<JsonObject> change)
    {
        var file = JsonNode.Parse(File.ReadAllText(workplace.ConnectionsFile))!;
        change(file["Rotation"]!.AsObject());

        // The tool warns of a secret in the file.
        var connection = file["Tokenwright"]!["Xms"]!["storage"]!;
        connection["AccessToken"] = new JsonObject { ["File"] = workplace.WritePrivate("xms", (string)connection["AccessToken"]!) };
        workplace.WritePrivate(workplace.ConnectionsFile, file.ToJsonString());
    }

    private static async Task<IReadOnlyList<JsonNode>> RowsAsync(
        Workplace workplace, string collection, string row, params string[] arguments)
    {
        var run = await workplace.RunAsync([.. arguments, "-o", "json"]);
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var rows = JsonNode.Parse(run.Output)![collection]!.AsArray();
        Assert.That(rows, Is.Not.Empty);
        var all = JsonNode.Parse(await File.ReadAllTextAsync(SchemaFile.PathOf("output.schema.json")))!["definitions"]!;
        var schema = await JsonSchema.FromJsonAsync(all[row]!.ToJsonString());
        foreach (var one in rows)
            Assert.That(schema.Validate(one!.ToJsonString()), Is.Empty, one.ToJsonString());
        return [.. rows.Select(one => one!)];
    }
}
