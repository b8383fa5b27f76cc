using System.Text.Json.Nodes;
using Tokenwright.Cli.Output;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary><c>--json</c> chooses the fields of the rows. Its value is checked before anything is sent.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class FieldTests
{
    // The command, and the fields of its rows.
    private static readonly (string Command, IReadOnlyList<string> Fields)[] Commands =
    [
        ("list", Shapes.Tokens.JsonNames),
        ("show 7 -c storage", Shapes.Token.JsonNames),
        ("export", Shapes.Tokens.JsonNames),
        ("audit --fail-on none", Shapes.Findings.JsonNames),
        ("vendors", Shapes.Vendors.JsonNames),
        ("connections list", Shapes.Connections.JsonNames),
        ("connections test", Shapes.Connections.JsonNames),
        ("validate --self -c storage", Shapes.Verdicts.JsonNames),
        ("rotation list", Shapes.Lineages.JsonNames),
        ("rotation status", Shapes.Rotations.JsonNames),
    ];

    [Test]
    public async Task All_fields_are_what_json_prints_and_one_field_is_a_part_of_it(
        [ValueSource(nameof(Commands))] (string Command, IReadOnlyList<string> Fields) command)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var words = command.Command.Split(' ');
        var whole = await workplace.RunAsync([.. words, "-o", "json", "-q"]);
        var all = await workplace.RunAsync([.. words, "--json", string.Join(',', command.Fields), "-q"]);
        var last = command.Fields[^1];
        var one = await workplace.RunAsync([.. words, "--json", last, "-q"]);
        Assert.Multiple(() =>
        {
            Assert.That(all.ExitCode, Is.Zero, all.ToString());
            Assert.That(all.Output, Is.EqualTo(whole.Output));
            var rows = JsonNode.Parse(one.Output)!.AsObject().First().Value!.AsArray();
            Assert.That(rows, Is.Not.Empty);
            Assert.That(rows.Select(row => row!.AsObject().Select(member => member.Key)), Has.All.EqualTo(new[] { last }));
        });
    }

    [Test]
    public async Task An_unknown_field_or_none_is_an_error_that_lists_the_fields_and_nothing_is_sent(
        [ValueSource(nameof(Commands))] (string Command, IReadOnlyList<string> Fields) command)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var words = command.Command.Split(' ');
        var none = await workplace.RunAsync([.. words, "--json"]);
        var wrong = await workplace.RunAsync([.. words, "--json", $"{command.Fields[0]},{command.Fields[1]}x"]);
        Assert.Multiple(() =>
        {
            Assert.That((none.ExitCode, wrong.ExitCode), Is.EqualTo((2, 2)), $"{none}\n{wrong}");
            foreach (var field in command.Fields)
                Assert.That(none.Error, Does.Contain($"\n  {field}\n"));
            Assert.That(wrong.Error, Does.Contain($"'{command.Fields[1]}x' is not a field of").And.Contain(
                $"known are {string.Join(", ", command.Fields)}.").And.Contain($"Did you mean {command.Fields[1]}?"));
            Assert.That(none.Output + wrong.Output, Is.Empty);
            Assert.That(workplace.Emulators[0].Requests, Is.Empty);
        });
    }

    [Test]
    public async Task Fields_come_in_the_order_in_which_they_are_given()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("show", "7", "-c", "storage", "-o", "jsonl", "--json", "name, id,owner,name");
        Assert.That(run.Output, Is.EqualTo("""{"name":"zabbix","id":"7","owner":{"id":"3","name":"admin","kind":"user"}}""" + "\n"));
    }

    [TestCase("list --json id -o csv", "--json goes with --output json or jsonl, not 'csv'.")]
    [TestCase("audit --json ruleId -o sarif", "--json goes with --output json or jsonl, not 'sarif'.")]
    [TestCase("export --json id --to tokens.csv", "name the file .json or .jsonl, not 'tokens.csv'")]
    [TestCase("list --json id,", "'' is not a field of tokens")]
    public async Task Fields_of_a_format_that_is_not_JSON_are_an_error(string command, string said)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync(command.Split(' '));
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Contain(said));
            Assert.That(workplace.Emulators[0].Requests, Is.Empty);
            Assert.That(File.Exists(workplace.In("tokens.csv")), Is.False);
        });
    }

    [Test]
    public async Task A_chosen_field_goes_to_a_file_of_lines_and_is_completed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("export", "--to", "ids.jsonl", "--json", "id");
        const string Line = "tokenwright list --json neverEx";
        var completed = await workplace.RunAsync($"[suggest:{Line.Length}]", Line);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(File.ReadAllLines(workplace.In("ids.jsonl")), Has.All.Match("^\\{\"id\":\"[0-9]+\"\\}$"));
            Assert.That(completed.Output, Does.Contain("neverExpires"));
        });
    }

    [Test]
    public async Task A_failed_connection_is_in_the_document_with_chosen_fields_too()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.Emulators[0].Faults.Inject(Fault.Status(403), times: 5);
        var run = await workplace.RunAsync("list", "--json", "id");
        Assert.That((string?)JsonNode.Parse(run.Output)!["failures"]![0]!["kind"], Is.EqualTo("permission"), run.ToString());
    }
}
