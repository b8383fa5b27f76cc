using System.Runtime.Versioning;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>What the tool shows and asks in an interactive terminal.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class TerminalTests
{
    private const string Colour = "\u001b[38;5;";

    [TestCase("y", 0, false)]
    [TestCase("n", 2, true)]
    [TestCase("", 2, true)]
    public async Task A_revoke_says_what_it_will_do_and_asks(string response, int status, bool isStillThere)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = new PseudoTerminal(workplace, null, "revoke", "0", "-c", "storage");
        await terminal.SeesAsync("Continue? [y/N]");
        Assert.Multiple(() =>
        {
            Assert.That(terminal.Screen, Does.Contain("Revoke token id 0 'name'"));
            Assert.That(workplace.Emulators[0].Requests.Select(request => request.Method), Has.None.EqualTo("DELETE"));
        });
        terminal.Type(response);
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(status), terminal.Screen);
            Assert.That(workplace.Emulators[0].Tokens.Any(token => token.Id == "0"), Is.EqualTo(isStillThere));
        });
    }

    [Test]
    public async Task Ctrl_C_at_the_question_cancels_the_command()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = new PseudoTerminal(workplace, null, "revoke", "0", "-c", "storage");
        await terminal.SeesAsync("Continue? [y/N]");
        terminal.Interrupt();
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(130), terminal.Screen);
            Assert.That(workplace.Emulators[0].Tokens.Any(token => token.Id == "0"));
        });
    }

    [Test]
    public async Task A_table_has_colours_by_risk_and_fits_the_terminal()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = new PseudoTerminal(workplace, null, "audit");
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(1));
            Assert.That(terminal.Screen, Does.Contain("\u001b[").And.Contain("never expires"));
            Assert.That(Lines(terminal.Screen).Where(line => line.StartsWith("SEVERITY", StringComparison.Ordinal)), Is.Not.Empty);
            Assert.That(Lines(terminal.Screen).Select(line => line.Length), Has.All.LessThanOrEqualTo(140));
        });
    }

    [Test]
    public async Task NO_COLOR_disables_colours()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = new PseudoTerminal(workplace, new Dictionary<string, string> { ["NO_COLOR"] = "1" }, "audit");
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(1));
            Assert.That(terminal.Screen, Does.Contain("never expires").And.Not.Contain(Colour).And.Not.Match("\u001b\\[[0-9;]*3[0-7]m"));
        });
    }

    [Test]
    public async Task Rows_are_shown_while_another_vendor_has_not_responded_yet()
    {
        using var workplace = new Workplace(connections: ["storage", "identity"]);
        var silent = Fault.Stall();
        workplace.Emulator<SailPointEmulator>().Faults.Inject(silent);
        using var terminal = new PseudoTerminal(
            workplace, new Dictionary<string, string> { ["Tokenwright__SailPoint__identity__AttemptTimeout"] = "00:00:30" }, "list");
        await terminal.SeesAsync("zabbix");
        await terminal.SeesAsync("reading identity");
        await silent.Happened.WaitAsync(TestContext.CurrentContext.CancellationToken);
        Assert.That(terminal.Screen, Does.Contain("tokens, ").And.Contain(" a second"));
        workplace.Emulator<SailPointEmulator>().CloseConnections();
        Assert.That(await terminal.EndAsync(), Is.EqualTo(3), terminal.Screen);
    }

    [Test]
    public async Task Without_a_terminal_there_are_no_colours_and_no_progress()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("audit");
        Assert.That(run.Output + run.Error, Does.Not.Contain("\u001b"));
    }

    private static string[] Lines(string screen)
        => System.Text.RegularExpressions.Regex.Replace(screen, "\u001b(\\[[0-9;?]*[A-Za-z]|[=>])", string.Empty)
            .Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
