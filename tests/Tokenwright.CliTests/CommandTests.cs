using System.Diagnostics;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;

namespace Tokenwright.CliTests;

/// <summary>Help, completion, emulators, export and watch.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class CommandTests
{
    private static IEnumerable<string> Names() => CommandTree.Build().Subcommands.SelectMany(
        command => command.Subcommands.Count == 0 ? [command.Name] : command.Subcommands.Select(child => $"{command.Name} {child.Name}"));

    [TestCaseSource(nameof(Names))]
    public async Task Every_command_has_help_with_examples(string command)
    {
        using var workplace = new Workplace(connections: []);
        var run = await workplace.RunAsync([.. command.Split(' '), "--help"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero);
            Assert.That(run.Output, Does.Match("Examples?:").And.Contain($"tokenwright {command}"));
        });
    }

    // A list of commands shows only this line.
    [Test]
    public void The_first_line_of_each_description_ends_with_a_sentence()
    {
        var all = CommandTree.Build().Subcommands.SelectMany(command => command.Subcommands.Prepend(command));

        Assert.That(all.Select(command => command.Description!.Split('\n')[0]), Is.All.EndsWith("."));
    }

    [Test]
    public void The_tool_has_the_documented_commands()
        => Assert.That(CommandTree.Build().Subcommands.Select(command => command.Name), Is.SupersetOf(new[]
        {
            "vendors", "connections", "list", "show", "create", "update", "regenerate", "revoke", "suspend", "resume", "validate", "audit",
                "watch", "export",
        }));

    [TestCase("bash", "complete -o default -F _tokenwright tokenwright")]
    [TestCase("zsh", "compdef _tokenwright tokenwright")]
    [TestCase("fish", "complete -c tokenwright")]
    [TestCase("powershell", "Register-ArgumentCompleter")]
    public async Task Completion_scripts_are_printed(string shell, string line)
    {
        using var workplace = new Workplace(connections: []);
        Assert.That((await workplace.RunAsync("completion", shell)).Output, Does.Contain(line));
    }

    [TestCase("tokenwright rev", "revoke")]
    [TestCase("tokenwright list --ven", "--vendor")]
    [TestCase("tokenwright list --vendor Sail", "SailPoint")]
    [TestCase("tokenwright list -c sto", "storage")]
    [TestCase("tokenwright list -o mark", "Markdown")]
    public async Task Words_are_completed(string line, string word)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync($"[suggest:{line.Length}]", line);
        Assert.That(run.Output.Split('\n').Select(text => text.Trim()), Has.Member(word), run.ToString());
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Bash_completes_with_the_script()
    {
        using var workplace = new Workplace(connections: []);
        var script = (await workplace.RunAsync("completion", "bash")).Output;
        var program =
            $"PATH='{Path.GetDirectoryName(InstalledTool.Path)}':$PATH\n{script}\nCOMP_LINE='tokenwright sus'; COMP_POINT=15; " +
            $"COMP_WORDS=(tokenwright sus); COMP_CWORD=1; _tokenwright; echo \"${{COMPREPLY[*]}}\"";
        if (!File.Exists("/bin/bash"))
            Assert.Ignore("There is no bash here.");
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", program]) { RedirectStandardOutput = true })!;
        Assert.That((await bash.StandardOutput.ReadToEndAsync()).Trim(), Is.EqualTo("suspend"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Emulators_of_all_vendors_are_found_by_an_audit_that_is_started_at_the_same_time()
    {
        using var workplace = new Workplace(connections: []);
        using var emulators = workplace.StartEmulators("--all");
        var output = emulators.StandardOutput.ReadToEndAsync();
        var audit = await workplace.RunAsync("audit", "-o", "json");
        using var second = workplace.StartEmulators("--all");
        await second.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        using (var kill = Process.Start("kill", ["-TERM", emulators.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await emulators.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        var findings = JsonNode.Parse(audit.Output)!["findings"]!.AsArray();
        Assert.Multiple(async () =>
        {
            Assert.That(audit.ExitCode, Is.EqualTo(1), audit.ToString());
            Assert.That(findings.Select(finding => (string)finding!["vendor"]!).Distinct(),
                Is.EquivalentTo(VendorEntry.All.Select(vendor => vendor.Name)));
            Assert.That(audit.Error, Does.Contain("these are tokens of the emulators"));
            Assert.That(second.ExitCode, Is.EqualTo(2), "a second set doesn't replace the first");
            Assert.That(emulators.ExitCode, Is.Zero);
            Assert.That((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(5));
            Assert.That(Directory.EnumerateFiles(workplace.In("state"), "*", SearchOption.AllDirectories), Is.Empty,
                "the session is gone with its emulators");
            Assert.That(File.Exists(workplace.ConnectionsFile), Is.False, "the user's own connections are not touched");
        });
    }

    [Test]
    public async Task A_user_s_connections_are_never_mixed_with_emulators()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var emulators = workplace.StartEmulators("--all");
        await emulators.StandardOutput.ReadLineAsync(TestContext.CurrentContext.CancellationToken);
        var run = await workplace.RunAsync("connections", "list", "-o", "json");
        emulators.Kill();
        Assert.That(JsonNode.Parse(run.Output)!["connections"]!.AsArray().Select(row => (string)row!["connection"]!),
            Is.EqualTo(new[] { "storage" }));
    }

    [TestCase("tokens.json")]
    [TestCase("tokens.csv")]
    [TestCase("tokens.jsonl")]
    [TestCase("tokens.md")]
    public async Task An_export_is_a_new_private_file_in_the_format_of_its_extension(string name)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("export", "--to", name);
        var text = await File.ReadAllTextAsync(workplace.In(name));
        var again = await workplace.RunAsync("export", "--to", name);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(text, Does.StartWith(Path.GetExtension(
                name) switch { ".json" => "{\n", ".csv" => "vendor,", ".md" => "| vendor", _ => "{\"vendor\"" }).And.Contain("zabbix"));
            Assert.That(again.ExitCode, Is.EqualTo(2));
            if (!OperatingSystem.IsWindows())
                Assert.That(File.GetUnixFileMode(workplace.In(name)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        });
    }

    [Test]
    public async Task A_watch_reports_new_changed_and_missing_tokens()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var emulator = workplace.Emulators[0];
        var gone = emulator.Add(new() { Name = "goes" });
        using var process = workplace.Start(["watch", "--every", "1s", "--looks", "2", "-o", "jsonl"]);
        var output = process.StandardOutput.ReadToEndAsync();
        await Workplace.HasFirstLookAsync(process);
        emulator.Remove(gone);
        emulator.Add(new() { Name = "comes" });
        emulator.Tokens.Single(token => token.Id == "7").Name = "renamed";
        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        var changes = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Select(row => $"{row["change"]} {row["name"]} {row["detail"]}".Trim());
        Assert.That(changes, Is.EquivalentTo(new[] { "appeared comes", "changed renamed name: zabbix -> renamed", "disappeared goes" }));
    }

    [Test]
    public async Task Quiet_still_prints_the_results()
    {
        using var workplace = new Workplace(connections: ["cloud"]);
        var run = await workplace.RunAsync("list", "-q");
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Contain("build server"));
            Assert.That(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.All.StartsWith("warning:"));
        });
    }

    [TestCase("banana", "'banana'")]
    [TestCase("expird", "Did you mean expired?")]
    [TestCase("", "''")]
    public async Task A_state_that_does_not_exist_is_an_error_with_those_that_do(string state, string said)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("list", "--state", state);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Contain("--state must be active, expired, deactivated, revoked or unknown").And.Contain(said));
            Assert.That(workplace.Emulators[0].Requests, Is.Empty);
        });
    }

    [Test]
    public async Task An_empty_list_says_so_on_the_error_output()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("list", "--name", "no such token");
        Assert.That((run.ExitCode, run.Output, run.Error.Contains("No token was found.", StringComparison.Ordinal)),
            Is.EqualTo((0, string.Empty, true)), run.ToString());
    }
}
