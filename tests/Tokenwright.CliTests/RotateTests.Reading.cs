using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <content>What only reads changes nothing, and the status of a run with failures.</content>
internal sealed partial class RotateTests
{
    [Test]
    public async Task What_only_reads_creates_and_changes_no_file([Values] bool isRotated)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        WriteLineages(workplace, file => file.Remove("Journal"));
        if (isRotated)
            await workplace.RunAsync("rotate", "--due");

        // The connection acknowledges its secret when it has worked, but a dry run isn't the program's work.
        var file = JsonNode.Parse(await File.ReadAllTextAsync(workplace.ConnectionsFile))!;
        var connection = file["Tokenwright"]!["Xms"]!["storage"]!;
        connection["AccessToken"] = new JsonObject { ["File"] = "own.json", ["Consumer"] = "tool" };
        workplace.WritePrivate(workplace.ConnectionsFile, file.ToJsonString());
        workplace.WritePrivate("own.json", new JsonObject
            { ["generation"] = 7, ["secret"] = workplace.Emulators[0].ConnectionSettings["AccessToken"] }.ToJsonString());
        var before = Files(workplace);

        foreach (var command in new[]
        {
            "rotation status", "rotation list", "rotation why zabbix", "rotate --due --dry-run", "rotate zabbix --dry-run",
        })
        {
            var run = await workplace.RunAsync(command.Split(' '));
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(Files(workplace), Is.EqualTo(before), command);
        }

        Assert.That(workplace.Emulators[0].Requests, Is.Not.Empty);
        Assert.That((await workplace.RunAsync("rotate", "zabbix", "--yes")).ExitCode, Is.Zero);
        Assert.That(File.Exists(workplace.In("own.json.ack.tool")), "the real run does");
    }

    [Test]
    public async Task A_lineage_whose_record_can_t_be_read_is_reported_with_the_status_of_what_is_tried_again()
    {
        using var workplace = new Workplace(connections: ["network", "storage"]);
        await workplace.RunAsync("rotate", "--due");
        await using (var journal = new SqliteConnection($"Data Source={workplace.In("rotation.db")};Pooling=False"))
        {
            await journal.OpenAsync();
            await using var command = journal.CreateCommand();
            command.CommandText = "UPDATE lineage SET state = '{', due_at = 0 WHERE name = 'zabbix'";
            Assert.That(await command.ExecuteNonQueryAsync(), Is.EqualTo(1));
        }

        foreach (var arguments in new[] { new[] { "rotate", "--due" }, ["rotate", "--due", "--dry-run"], ["rotation", "status"] })
        {
            var run = await workplace.RunAsync([.. arguments, "-o", "json"]);

            Assert.That(run.ExitCode, Is.EqualTo(3), run.ToString());
            Assert.That(run.Error, Does.Contain("error: zabbix: The journal's record of the lineage 'zabbix' can't be read."));
            var failure = JsonNode.Parse(run.Output)!["failures"]!.AsArray().Single()!;
            Assert.That(((string)failure["kind"]!, (int)failure["exitCode"]!, (string)failure["connection"]!),
                Is.EqualTo(("other", 3, "storage")));
            Assert.That((string)failure["message"]!, Does.StartWith("zabbix: The journal's record"));
        }

        Assert.That((await RowsAsync(workplace, "evidence", "evidence", "rotation", "why", "switches")), Is.Not.Empty);
    }

    [Test]
    public async Task A_dry_run_has_the_status_of_the_real_run()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        while (workplace.Emulators[0].Tokens.Count < 10)
            workplace.Emulators[0].Add(new() { Name = "another" });

        var dry = await workplace.RunAsync("rotate", "--due", "--dry-run");
        var run = await workplace.RunAsync("rotate", "--due");

        Assert.That((dry.ExitCode, run.ExitCode), Is.EqualTo((1, 1)), $"{dry}\n{run}");
        Assert.That(dry.Error.Split("The owner has"), Has.Length.EqualTo(2), "it is said once");
        Assert.That(
            dry.Error, Does.Match("(?m)^error: nightly-report: The owner has 1\\d of 10 tokens.").And.Not.Contain("the omitted call"));
    }

    [Test]
    public async Task A_dry_run_without_a_credential_has_the_status_of_the_real_run()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        WriteLineages(workplace, _ => { });
        File.Delete(workplace.In("xms"));

        var dry = await workplace.RunAsync("rotate", "--due", "--dry-run");
        var run = await workplace.RunAsync("rotate", "--due");

        Assert.That(dry.ExitCode, Is.EqualTo(run.ExitCode).And.Not.Zero, $"{dry}\n{run}");
        foreach (var error in new[] { dry.Error, run.Error })
            Assert.That(error, Does.Match("(?m)^error: zabbix: .*there is no such file"));
    }

    [Test]
    public async Task A_lineage_that_needs_attention_is_a_finding_beside_one_that_does_not()
    {
        using var workplace = new Workplace(connections: ["identity", "storage"]);
        while (workplace.Emulator<SailPointEmulator>().Tokens.Count < 10)
            workplace.Emulator<SailPointEmulator>().Add(new() { Name = "another" });

        var before = await workplace.RunAsync("rotation", "status");
        var run = await workplace.RunAsync("rotate", "--due");
        var status = await workplace.RunAsync("rotation", "status");

        Assert.That((before.ExitCode, run.ExitCode, status.ExitCode), Is.EqualTo((0, 1, 1)), $"{before}\n{run}\n{status}");
        Assert.That(before.Output, Does.Contain("no token").And.Not.Contain("done"));
        Assert.That(status.Output, Does.Contain("needs attention").And.Contain("done"));
    }

    [Test]
    public async Task The_help_has_the_words_of_the_arguments_and_not_their_values()
    {
        using var workplace = new Workplace(connections: ["network", "storage"]);

        var help = await workplace.RunAsync("rotation", "--help");
        var completion = await workplace.RunAsync("[suggest:28]", "tokenwright rotation status ");

        Assert.That(help.Output, Does.Contain("status <lineage>").And.Not.Contain("zabbix"), help.ToString());
        Assert.That(completion.Output, Does.Contain("zabbix"), completion.ToString());
    }

    [TestCase("missing/rotation.db", "there is no folder")]
    [TestCase("sealing.key/rotation.db", "there is no folder")]
    [TestCase("config", "is a directory, not a rotation journal")]
    [TestCase("sealing.key", "file is not a database")]
    public async Task A_journal_that_can_t_be_opened_is_reported_by_every_command(string path, string said)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        WriteLineages(workplace, file => file["Journal"] = path);

        foreach (var command in new[] { "rotation status", "rotation why zabbix", "rotate --due", "rotate --due --dry-run" })
        {
            var run = await workplace.RunAsync(command.Split(' '));

            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Contain(path).And.Contain(said).And.Not.Contain("   at "));
        }

        Assert.That(workplace.Emulators[0].Requests, Is.Empty);
    }

    private static List<(string Path, long Length, DateTime Written)> Files(Workplace workplace)
        => [.. Directory.GetFileSystemEntries(workplace.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (path, File.Exists(path) ? new FileInfo(path).Length : 0, File.GetLastWriteTimeUtc(path)))];
}
