using System.Diagnostics;
using System.Runtime.Versioning;

namespace Tokenwright.CliTests;

/// <summary>
/// Output and files that can't be written. After a change, the tool still reports what was done, and the exit status is never that of no
/// change.
/// </summary>
[TestFixture]
[Platform("Linux")]
[SupportedOSPlatform("linux")]
[Parallelizable(ParallelScope.All)]
internal sealed class LostOutputTests
{
    private const string Create = "create -c storage --name made --role admin --yes";

    private static IEnumerable<TestCaseData> Lost()
    {
        string[] ways = ["TOOL > /dev/full", "TOOL >&-", "TOOL <&- >&-", "(TOOL; echo $? >&3) 3>status | head -c 0", "TOOL 1</dev/null"];
        string[] formats = ["", "-o json", "-o jsonl", "-o csv", "-o markdown"];
        return from way in ways from format in way == ways[0] ? formats : formats[..1] select new TestCaseData(way, format);
    }

    [TestCaseSource(nameof(Lost))]
    public async Task A_token_whose_output_is_lost_is_named_and_its_secret_is_reported_as_lost(string way, string format)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await ShellAsync(workplace, way, $"{Create} --reveal {format}");
        var made = workplace.Emulators[0].Tokens.Single(token => token.Name == "made");
        AssertUnknown(run, $"id {made.Id} 'made'", "lost", $"tokenwright revoke {made.Id} -c storage");
        Assert.That(run.Error, Does.Not.Contain(made.Secret!.Reveal()));
    }

    [TestCase("TOOL > /dev/full")]
    [TestCase("TOOL >&-")]
    public async Task A_token_whose_secret_is_in_a_file_is_reported_with_the_file(string way)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await ShellAsync(workplace, way, $"{Create} --secret-file made.secret");
        var made = workplace.Emulators[0].Tokens.Single(token => token.Name == "made");
        AssertUnknown(run, $"id {made.Id} 'made'", "in file made.secret");
        Assert.That(await File.ReadAllTextAsync(workplace.In("made.secret")), Is.EqualTo(made.Secret!.Reveal()));
    }

    // A file that reached its size limit behaves like a file on a full disk.
    [Test]
    public async Task A_secret_file_on_a_full_disk_is_reported_with_its_token()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await ShellAsync(
            workplace, "trap '' XFSZ; ulimit -f 0; DOTNET_EnableWriteXorExecute=0 TOOL", $"{Create} --secret-file made.secret");
        var made = workplace.Emulators[0].Tokens.Single(token => token.Name == "made");
        AssertUnknown(run, "made.secret", $"id {made.Id} 'made'", "Its secret is lost", $"tokenwright revoke {made.Id} -c storage");
        Assert.That(run.Output, Does.Contain("not delivered"));
        Assert.That(File.Exists(workplace.In("made.secret")), Is.False, "a part of a secret looks like a whole one");
    }

    [Test]
    public async Task The_status_reports_lost_output_even_if_the_error_output_is_closed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await ShellAsync(workplace, "TOOL >&- 2>&-", $"{Create} --reveal");
        var full = await ShellAsync(workplace, "TOOL >/dev/full 2>/dev/full", "regenerate 0 -c storage --yes --reveal");
        Assert.That((run.ExitCode, full.ExitCode), Is.EqualTo((6, 6)));
    }

    [TestCase("storage", "regenerate 0 -c storage --yes --reveal", "id 0 'name'")]
    [TestCase("storage", "update 0 -c storage --yes --name other", "Token id 0 was changed")]
    [TestCase("storage", "revoke 0 -c storage --yes", "Token 0, revoke: deleted")]
    [TestCase("cloud", "suspend synthetic-token-id-0001 -c cloud --yes --own-credential",
        "Token synthetic-token-id-0001, suspend: suspended")]
    [TestCase("network", "create -c network --scope auth:r --description made --expires 7d --yes --reveal", "'made'")]
    [TestCase("files", "create -c files --name made --expires 7d --yes --reveal", "'made'")]
    [TestCase("identity", "create -c identity --name made --scope sp:scopes:default --expires 7d --yes --reveal", "'made'")]
    public async Task Every_change_whose_output_is_lost_is_reported(string connection, string command, string told)
    {
        using var workplace = new Workplace(connections: [connection]);
        AssertUnknown(await ShellAsync(workplace, "TOOL > /dev/full", command), told);
    }

    [Test]
    public async Task A_bulk_change_whose_output_is_lost_stops_and_reports_what_was_done()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Enumerable.Range(0, 40).Select(i => workplace.Emulators[0].Add(new() { Name = $"bulk {i}", Roles = ["observer"] }).Id!)
            .ToList();
        workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        var run = await ShellAsync(workplace, "TOOL > /dev/full", "revoke --from-file ids.txt -c storage --yes -o jsonl --parallel 1");
        var gone = ids.Except(workplace.Emulators[0].Tokens.Select(token => token.Id!)).ToList();
        var again = await workplace.RunAsync("revoke", "--from-file", "ids.txt", "-c", "storage", "--yes", "-o", "jsonl");
        AssertUnknown(run, [.. gone.Select(id => $"Token {id}, revoke: deleted")]);
        Assert.That(again.ExitCode, Is.Zero, again.ToString());
        Assert.That(workplace.Emulators[0].Requests.Count(request => request.Method == "DELETE"), Is.EqualTo(40),
            "each once: the receipts had those of the first run");
    }

    [Test]
    public async Task Receipts_that_can_t_be_written_stop_a_bulk_change_and_the_tokens_without_one_are_named()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Enumerable.Range(0, 12).Select(i => workplace.Emulators[0].Add(new() { Name = $"bulk {i}", Roles = ["observer"] }).Id!)
            .ToList();
        workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        var run = await ShellAsync(
            workplace,
            "trap '' XFSZ; ulimit -f 1; DOTNET_EnableWriteXorExecute=0 TOOL",
            "revoke --from-file ids.txt -c storage --yes -o jsonl --parallel 1 --receipts done.jsonl");
        var gone = ids.Except(workplace.Emulators[0].Tokens.Select(token => token.Id!)).ToList();
        Assert.That(gone, Has.Count.InRange(1, 11), run.ToString());
        AssertUnknown(run, "The receipts can't be written", $"Token {gone[^1]}, revoke: deleted", "tokens are left");
    }

    [TestCase("TOOL > /dev/full")]
    [TestCase("TOOL >&-")]
    public async Task New_findings_are_handed_over_even_if_the_output_is_lost(string way)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await ShellAsync(workplace, way, "audit -o json --on-finding 'cat > handed.json'");
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(File.ReadAllText(workplace.In("handed.json")), Does.Contain("\"TW003\""));
    }

    [TestCase("TOOL >&-", "list", 2, "The standard output is closed")]
    [TestCase("TOOL >&-", "--help", 2, "The standard output is closed")]
    [TestCase("TOOL >&-", "audit -o sarif", 2, "The standard output is closed")]
    [TestCase("TOOL > /dev/full", "list", 2, "No space left on device")]
    [TestCase("TOOL > /dev/full", "list --help", 2, "No space left on device")]
    [TestCase("TOOL > /dev/full", "vendors -o json", 2, "No space left on device")]
    public async Task If_nothing_was_changed_the_error_is_a_plain_sentence(string way, string command, int exitCode, string said)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await ShellAsync(workplace, way, command);
        Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.ToString());
        Assert.That(run.Error, Does.Contain("error: ").And.Contain(said).And.Not.Contain("   at ").And.Not.Contain("Access to the path"));
    }

    [Test]
    public async Task A_list_stops_silently_when_its_reader_closes_the_pipe()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        for (var i = 0; i < 3000; i++)
            workplace.Emulators[0].Add(new() { Name = $"token {i} {new string('x', 40)}", Roles = ["observer"] });
        var run = await ShellAsync(workplace, "(TOOL; echo $? >&3) 3>status | head -n 1", "list -o jsonl --page-size 100");
        Assert.That(run.ExitCode, Is.EqualTo(141), run.ToString());
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));
        Assert.That(run.Error, Does.Not.Contain("error").And.Not.Contain("written"));
    }

    // Nothing changes after the first line, so only the closed output can stop the watch.
    [Test]
    [CancelAfter(120_000)]
    public async Task A_watch_stops_when_its_output_is_closed_even_with_nothing_to_write()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var watch = workplace.Start(["watch", "--every", "1h", "-o", "jsonl"]);
        await Workplace.HasFirstLookAsync(watch);
        watch.StandardOutput.Close();
        await watch.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        Assert.That(watch.ExitCode, Is.EqualTo(141));
    }

    [TestCase("/proc/nowhere/trace.jsonl")]
    [TestCase("/dev/full")]
    [TestCase("/")]
    public async Task A_trace_file_that_can_t_be_written_is_reported_once_and_fails_no_command(string path)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var list = await workplace.RunAsync("list", "-o", "jsonl", "--trace-file", path);
        var create = await workplace.RunAsync([.. Create.Split(' '), "--reveal", "--trace-file", path]);
        Assert.Multiple(() =>
        {
            Assert.That((list.ExitCode, create.ExitCode), Is.EqualTo((0, 0)), $"{list}\n{create}");
            Assert.That(list.Output, Is.Not.Empty);
            Assert.That(list.Error.Split("can't be written"), Has.Length.EqualTo(2), list.Error);
            Assert.That(list.Error, Does.Contain($"--trace-file '{path}'"));
        });
    }

    [Test]
    public async Task A_trace_file_that_becomes_full_is_reported_once_and_has_complete_lines()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await ShellAsync(
            workplace, "trap '' XFSZ; ulimit -f 1; DOTNET_EnableWriteXorExecute=0 TOOL", $"{Create} --reveal --trace-file trace.jsonl");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Error.Split("can't be written").Length, Is.LessThanOrEqualTo(2));
        Assert.That(workplace.Emulators[0].Tokens.Count(token => token.Name == "made"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_byte_order_mark_and_line_breaks_around_a_secret_on_the_input_are_removed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var secret = workplace.Emulators[0].ConnectionSettings["AccessToken"];
        var run = await workplace.RunAsync(["validate", "--secret", "stdin", "-c", "storage"], null, $"\ufeff {secret}\r\n");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
    }

    private static void AssertUnknown(Run run, params string[] told)
        => Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(6), run.ToString());
            foreach (var text in told)
                Assert.That(run.Error, Does.Contain(text));
            Assert.That(run.Error, Does.Not.Contain("   at "));
        });

    // A shell, because nothing else can close an output. If the tool is part of a pipe, it writes its status to a file.
    private static async Task<Run> ShellAsync(Workplace workplace, string way, string command)
    {
        var start = new ProcessStartInfo(
            "/bin/bash", ["-c", way.Replace("TOOL", $"'{InstalledTool.Path}' {command}", StringComparison.Ordinal)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workplace.Folder,
        };
        foreach (var (name, value) in workplace.Variables())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        var status = workplace.In("status");
        return new Run(File.Exists(status) ? int.Parse(await File.ReadAllTextAsync(status),
            System.Globalization.CultureInfo.InvariantCulture) : process.ExitCode, await output, await error);
    }
}
