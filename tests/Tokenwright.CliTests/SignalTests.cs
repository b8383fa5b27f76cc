using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Cli.Configuration;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>Signals: the first one stops a command in an orderly way, a second Ctrl-C at once.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class SignalTests
{
    private const string HidesCursor = "\u001b[?25l";
    private const string ShowsCursor = "\u001b[?25h";

    [Test]
    public async Task A_second_Ctrl_C_restores_the_terminal_and_names_the_change_whose_outcome_is_unknown()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        string[] ids = [.. Enumerable.Range(0, 3).Select(i => workplace.Emulators[0].Add(new() { Name = $"bulk {i}" }).Id!)];
        workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        var silent = Fault.Stall();
        workplace.Emulators[0].Faults.Inject(silent, "DELETE", $"*/{ids[1]}");
        using var terminal = new PseudoTerminal(
            workplace, null, "revoke", "--from-file", "ids.txt", "-c", "storage", "--yes", "--parallel", "1");
        await silent.Happened.WaitAsync(TestContext.CurrentContext.CancellationToken);
        await terminal.SeesAsync(HidesCursor);
        terminal.Interrupt();
        await terminal.SeesAsync("Press Ctrl-C again");
        terminal.Interrupt();
        var status = await terminal.EndAsync();
        workplace.Emulators[0].CloseConnections();
        var again = await workplace.RunAsync("revoke", "--from-file", "ids.txt", "-c", "storage", "--yes", "-o", "jsonl");
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(6), terminal.Screen);
            Assert.That(terminal.Screen, Does.Contain($"Token {ids[1]}, revoke (Xms connection 'storage'): the outcome is unknown."));
            Assert.That(terminal.Screen, Does.Contain($"Token {ids[0]}, revoke: deleted").And.Not.Contain($"Token {ids[2]}"));
            Assert.That(terminal.Screen.LastIndexOf(ShowsCursor, StringComparison.Ordinal),
                Is.GreaterThan(terminal.Screen.LastIndexOf(HidesCursor, StringComparison.Ordinal)));
            Assert.That(terminal.Echoes);
            Assert.That(again.ExitCode, Is.Zero, "the next run continues: " + again);
            Assert.That(again.Output, Does.Contain("notFound").And.Contain($"\"token\":\"{ids[2]}\""));
        });
    }

    // The command that stores the secret ignores Ctrl-C, and waits.
    [Test]
    public async Task A_second_Ctrl_C_while_a_command_stores_the_secret_names_the_token_and_how_to_revoke_it()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = new PseudoTerminal(workplace, null, "create", "-c", "storage", "--name", "made", "--role", "admin", "--yes",
            "--secret-command", "trap '' INT; cat >/dev/null; echo storing; sleep 60");
        await terminal.SeesAsync("storing");
        terminal.Interrupt();
        await terminal.SeesAsync("Press Ctrl-C again");
        terminal.Interrupt();
        var made = workplace.Emulators[0].Tokens.Single(token => token.Name == "made");
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(6), terminal.Screen);
            Assert.That(terminal.Screen, Does.Contain($"The token exists: id {made.Id} 'made'")
                .And.Contain("Its secret is lost unless the command stored it.").And.Contain($"tokenwright revoke {made.Id} -c storage"));
        });
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    [TestCase("HUP")]
    public async Task A_signal_in_a_bulk_change_finishes_the_tokens_in_progress(string signal)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var workplace = new Workplace(clock, ["storage"]);
        string[] ids = [.. Enumerable.Range(0, 3).Select(i => workplace.Emulators[0].Add(new() { Name = $"bulk {i}" }).Id!)];
        workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        var held = Fault.Delay(TimeSpan.FromSeconds(5));
        workplace.Emulators[0].Faults.Inject(held, "DELETE", $"*/{ids[1]}");
        using var terminal = new PseudoTerminal(
            workplace, null, "revoke", "--from-file", "ids.txt", "-c", "storage", "--yes", "--parallel", "1");
        await held.Happened.WaitAsync(TestContext.CurrentContext.CancellationToken);
        terminal.Signal(signal);
        await terminal.SeesAsync("Press Ctrl-C again");

        // A closing terminal and the shell both send this signal. That is no reason to leave a change half known.
        if (signal != "INT")
            terminal.Signal(signal);
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(3), terminal.Screen);
            Assert.That(terminal.Screen, Does.Contain("1 token is left. The same command continues with them."));
            Assert.That(workplace.Emulators[0].Tokens.Select(token => token.Id).Intersect(ids), Is.EqualTo(new[] { ids[2] }));
        });
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    [TestCase("HUP")]
    public async Task A_signal_while_a_token_is_issued_leaves_no_secret_file_and_says_that_the_outcome_is_unknown(string signal)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var silent = Fault.Stall();
        workplace.Emulators[0].Faults.Inject(silent, "POST");
        using var terminal = new PseudoTerminal(workplace, null, "create", "-c", "storage", "--name", "made", "--role", "admin", "--yes",
            "--secret-file", "made.secret");
        await silent.Happened.WaitAsync(TestContext.CurrentContext.CancellationToken);
        Assert.That(File.Exists(workplace.In("made.secret")), "the file is reserved before the request");
        terminal.Signal(signal);
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(6), terminal.Screen);
            Assert.That(File.Exists(workplace.In("made.secret")), Is.False);
            Assert.That(terminal.Screen, Does.Contain("tokenwright create -c storage --resolve"));
        });
    }

    [TestCase("INT")]
    [TestCase("TERM")]
    [TestCase("HUP")]
    public async Task A_signal_at_the_confirmation_changes_nothing_and_leaves_no_secret_file(string signal)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = new PseudoTerminal(
            workplace, null, "create", "-c", "storage", "--name", "made", "--role", "admin", "--secret-file", "made.secret");
        await terminal.SeesAsync("Continue? [y/N]");
        terminal.Signal(signal);
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(130), terminal.Screen);
            Assert.That(workplace.Emulators[0].Tokens.Any(token => token.Name == "made"), Is.False);
            Assert.That(File.Exists(workplace.In("made.secret")), Is.False);
            Assert.That(terminal.Echoes);
        });
    }

    // A second Ctrl-C may come while a file is written. That takes too little time to hit it from outside.
    [Test]
    [NonParallelizable]
    public void Files_that_are_not_complete_are_deleted_when_the_process_is_stopped_at_once()
    {
        using var workplace = new Workplace(connections: []);
        PrivateFile.Finish(PrivateFile.Begin(workplace.In("whole")), isComplete: true);
        using var part = PrivateFile.Begin(workplace.In("part"));
        PrivateFile.DeleteUnfinished();
        Assert.That(Directory.EnumerateFiles(workplace.Folder).Select(Path.GetFileName), Is.EqualTo(new[] { "whole" }));
    }

    [Test]
    public async Task A_list_that_is_stopped_shows_the_cursor_again()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.Emulators[0].Faults.Inject(Fault.Stall());
        using var terminal = new PseudoTerminal(workplace, null, "list");
        await terminal.SeesAsync(HidesCursor);
        terminal.Interrupt();
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(130), terminal.Screen);
            Assert.That(terminal.Screen.LastIndexOf(ShowsCursor, StringComparison.Ordinal),
                Is.GreaterThan(terminal.Screen.LastIndexOf(HidesCursor, StringComparison.Ordinal)));
        });
    }

    // nohup does the same: the tool inherits that the signal is ignored.
    [Test]
    public async Task A_command_that_is_started_to_outlive_its_terminal_does()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "trap '' HUP; exec \"$0\" watch --every 1s -o jsonl", InstalledTool.Path])
            { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workplace.Folder };
        foreach (var (variable, value) in workplace.Variables())
            start.Environment[variable] = value;
        using var watch = Process.Start(start)!;
        await Workplace.HasFirstLookAsync(watch);
        await KillAsync(watch, "HUP");
        workplace.Emulators[0].Add(new() { Name = "comes" });
        var change = await watch.StandardOutput.ReadLineAsync(TestContext.CurrentContext.CancellationToken);
        await KillAsync(watch, "TERM");
        await watch.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        Assert.That(change, Does.Contain("comes"));
        Assert.That(watch.ExitCode, Is.Zero);
    }

    private static async Task KillAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
