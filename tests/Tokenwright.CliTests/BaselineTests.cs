using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>What an audit reports in comparison with an earlier one, and what it hands over to a command.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class BaselineTests
{
    [Test]
    public async Task Only_new_findings_are_shown_and_counted_and_the_fixed_ones_are_told()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        var old = emulator.Add(Unlimited("old"));
        emulator.Add(Unlimited("kept"));
        await BaselineAsync(workplace);

        var same = await workplace.RunAsync("audit", "--baseline", "baseline.json", "--new");
        emulator.Remove(old);
        emulator.Add(Unlimited("fresh"));
        var changed = await workplace.RunAsync("audit", "--baseline", "baseline.json", "--new", "-o", "json");
        var whole = await workplace.RunAsync("audit", "--baseline", "baseline.json", "-o", "csv");

        Assert.Multiple(() =>
        {
            Assert.That((same.ExitCode, same.Output), Is.EqualTo((0, string.Empty)), same.ToString());
            Assert.That(same.Error, Does.Contain("2 tokens of 1 connection: no new findings.")
                .And.Contain("Since the baseline: 0 new findings, 0 fixed."));
            Assert.That(Findings(changed.Output), Is.EqualTo(new[] { ("fresh", true) }));
            Assert.That(changed.ExitCode, Is.EqualTo(1));
            Assert.That(changed.Error, Does.Contain("2 tokens of 1 connection: 1 new finding (1 high).")
                .And.Contain("Since the baseline: 1 new finding, 1 fixed."));
            Assert.That(Csv.Read(whole.Output).Select(row => (row["tokenName"], row["isNew"])),
                Is.EqualTo(new[] { ("fresh", "true"), ((string?)"kept", (string?)"false") }));
        });
    }

    [Test]
    public async Task In_a_table_a_new_finding_is_marked()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        emulator.Add(Unlimited("kept"));
        await BaselineAsync(workplace);
        emulator.Add(Unlimited("fresh"));

        var run = await workplace.RunAsync("audit", "--baseline", "baseline.json");

        var lines = run.Output.Split('\n');
        Assert.That(lines.Single(line => line.Contains("fresh", StringComparison.Ordinal)), Does.Match("^high +new +TW003 "));
        Assert.That(lines.Single(line => line.Contains("kept", StringComparison.Ordinal)), Does.Match("^high +– +TW003 "));
    }

    [Test]
    public async Task Findings_of_a_connection_that_cannot_be_read_are_unknown_and_not_fixed()
    {
        using var workplace = new Workplace(connections: ["identity", "storage"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        var old = emulator.Add(Unlimited("old"));
        await BaselineAsync(workplace);
        emulator.Remove(old);

        var ofStorage = JsonNode.Parse(File.ReadAllText(workplace.In("baseline.json")))!["findings"]!.AsArray()
            .Count(finding => (string?)finding!["connection"] == "storage");
        var oneOnly = await workplace.RunAsync("audit", "-c", "identity", "--baseline", "baseline.json", "--new");
        workplace.Emulator<XmsEmulator>().On("GET", "/v1/access-tokens/", VendorResponse.Json(500, "{}"));
        var failing = await workplace.RunAsync("audit", "--baseline", "baseline.json", "--new");

        Assert.Multiple(() =>
        {
            Assert.That(ofStorage, Is.GreaterThan(0));
            var told = $"Since the baseline: 0 new findings, 1 fixed, {ofStorage} findings unknown, because not checked completely now.";
            Assert.That(oneOnly.ExitCode, Is.Zero, oneOnly.ToString());
            Assert.That(oneOnly.Error, Does.Contain(told));
            Assert.That(failing.ExitCode, Is.EqualTo(3), failing.ToString());
            Assert.That(failing.Error, Does.Contain(told));
        });
    }

    [TestCase("--rule TW001", null)]
    [TestCase("--policy policy.json", null)]
    [TestCase("", "\"no record\"")]
    public async Task Findings_that_were_not_checked_completely_are_unknown_and_not_fixed(string options, string? element)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        workplace.WritePrivate("policy.json", """{ "Severities": { "TW003": "none" } }""");
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        var old = emulator.Add(Unlimited("old"));
        await BaselineAsync(workplace);
        emulator.Remove(old);
        if (element is not null)
            emulator.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, $"[{element}]"));

        var run = await workplace.RunAsync(
            ["audit", "--baseline", "baseline.json", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.That(run.Error, Does.Contain("0 fixed, 1 finding unknown, because not checked completely now."));
    }

    // Where the vendor has no list, another own token doesn't show what became of the one before.
    [TestCase(false, "Since the baseline: 0 new findings, 1 fixed.")]
    [TestCase(true, "Since the baseline: 0 new findings, 0 fixed, 1 finding unknown, because not checked completely now.")]
    public async Task Without_a_list_only_findings_of_the_token_that_is_seen_can_be_fixed(bool isAnother, string said)
    {
        using var workplace = new Workplace(connections: ["cloud"]);
        var own = workplace.Emulator<VMwareCloudEmulator>().OwnToken;
        own.ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(3);
        await BaselineAsync(workplace, "--rule", "TW002");
        own.ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(100);
        if (isAnother)
            own.Id = "another-token";

        var run = await workplace.RunAsync("audit", "--rule", "TW002", "--baseline", "baseline.json");

        Assert.That(run.Error, Does.Contain(said));
    }

    [Test]
    public async Task A_connection_that_the_baseline_lacks_because_it_failed_is_named()
    {
        using var workplace = new Workplace(connections: ["identity", "storage"]);
        var emulator = workplace.Emulator<XmsEmulator>();
        workplace.WritePrivate("baseline.json", """
            { "findings": [], "failures": [{ "vendor": "Xms", "connection": "storage", "kind": "serviceUnavailable" }] }
            """);
        emulator.Clear();

        var run = await workplace.RunAsync("audit", "--baseline", "baseline.json", "--new");

        Assert.That(run.Error, Does.Contain(
            "warning: The audit of the baseline couldn't read storage: all findings there count as new."));
    }

    [Test]
    public async Task A_finding_whose_exception_has_ended_is_new()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        emulator.Add(Unlimited("accepted"));
        var policy = workplace.WritePrivate("policy.json", """
            { "Exceptions": [{ "Rule": "TW003", "Token": "accepted", "Reason": "For now.", "Until": "2999-12-31" }] }
            """);
        await BaselineAsync(workplace, "--policy", policy);

        var before = await workplace.RunAsync("audit", "--baseline", "baseline.json", "--new", "--policy", policy);
        var after = await workplace.RunAsync("audit", "--baseline", "baseline.json", "--new", "-o", "json");

        Assert.Multiple(() =>
        {
            Assert.That((before.ExitCode, before.Output), Is.EqualTo((0, string.Empty)));
            Assert.That(after.ExitCode, Is.EqualTo(1));
            Assert.That(Findings(after.Output), Is.EqualTo(new[] { ("accepted", true) }));
        });
    }

    [TestCase(null, "--baseline 'baseline.json' can't be read: Could not find file")]
    [TestCase("", "it is empty. A shell empties the file of a '>'")]
    [TestCase("SEVERITY  RULE", "line 1 is not JSON")]
    [TestCase("{\"ruleId\":\"TW001\"}\n{\"ruleId\":\"TW002\"}", "line 2 is not JSON, or comes after the end of the document.")]
    [TestCase("{\"tokens\":[]}", "it has no list 'findings'.")]
    [TestCase("[]", "it has no list 'findings'.")]
    [TestCase("{\"findings\":{}}", "it has no list 'findings'.")]
    [TestCase("{\"findings\":[{\"ruleId\":\"TW001\",\"vendor\":\"v\",\"connection\":\"c\"}]}",
        "element 0 of 'findings' has no text 'fingerprint'.")]
    [TestCase("{\"findings\":[7]}", "element 0 of 'findings' has no text 'ruleId'.")]
    public async Task A_file_that_is_no_baseline_is_refused(string? text, string said)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        if (text is not null)
            workplace.WritePrivate("baseline.json", text);
        var run = await workplace.RunAsync("audit", "--baseline", "baseline.json");
        Assert.That((run.ExitCode, run.Error.Contains(said, StringComparison.Ordinal)), Is.EqualTo((2, true)), run.ToString());
    }

    [Test]
    public async Task New_without_a_baseline_is_refused()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var run = await workplace.RunAsync("audit", "--new");
        Assert.That((run.ExitCode, run.Error), Is.EqualTo(
            (2, "error: --new needs --baseline: the result of an earlier 'tokenwright audit -o json'.\n")));
    }

    [Test]
    public async Task The_baselines_state_is_in_SARIF()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        emulator.Add(Unlimited("kept"));
        await BaselineAsync(workplace);
        emulator.Add(Unlimited("fresh"));

        var run = await workplace.RunAsync("audit", "--baseline", "baseline.json", "-o", "sarif");

        Assert.That(JsonNode.Parse(run.Output)!["runs"]![0]!["results"]!.AsArray().Select(result => (string?)result!["baselineState"]),
            Is.EquivalentTo(new[] { "new", "unchanged" }));
    }

    // The name of a token is the work of others. It must reach the command as it is, and the shell never.
    [Test]
    [Platform("Linux,MacOsX")]
    public async Task The_command_runs_once_and_gets_all_findings_but_the_accepted_ones_as_JSON()
    {
        const string Hostile = "$(touch hacked) `touch hacked` '; touch hacked; \" ключ \u001b[31m";
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        emulator.Add(Unlimited(Hostile));
        emulator.Add(Unlimited("second"));
        emulator.Add(Unlimited("accepted"));
        var policy = workplace.WritePrivate("policy.json", """
            { "Exceptions": [{ "Rule": "TW003", "Token": "accepted", "Reason": "For now.", "Until": "2999-12-31" }] }
            """);

        var run = await workplace.RunAsync(
            "audit", "--policy", policy, "-o", "json", "--on-finding", "cat > handed.json; echo run >> runs; echo told");

        var handed = JsonNode.Parse(File.ReadAllText(workplace.In("handed.json")))!;
        var printed = JsonNode.Parse(run.Output)!;
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(File.ReadAllLines(workplace.In("runs")), Has.Length.EqualTo(1));
            Assert.That(File.Exists(workplace.In("hacked")), Is.False);
            Assert.That(handed["findings"]!.AsArray().Select(finding => (string?)finding!["tokenName"]),
                Is.EquivalentTo(new[] { Hostile, "second" }));
            Assert.That(handed["failures"]!.AsArray(), Is.Empty);
            Assert.That(printed["findings"]!.AsArray(), Has.Count.EqualTo(3));
            Assert.That(run.Error, Does.Contain("told\n"));
        });
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task With_a_baseline_the_command_gets_the_new_findings_only()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        emulator.Add(Unlimited("kept"));
        await BaselineAsync(workplace);

        string[] audit = ["audit", "--baseline", "baseline.json", "--fail-on", "none", "--on-finding", "cat > handed.json"];
        var same = await workplace.RunAsync(audit);
        var isHanded = File.Exists(workplace.In("handed.json"));
        emulator.Add(Unlimited("fresh"));
        var changed = await workplace.RunAsync(audit);

        Assert.Multiple(() =>
        {
            Assert.That((same.ExitCode, isHanded), Is.EqualTo((0, false)));
            Assert.That(changed.ExitCode, Is.Zero);
            Assert.That(Findings(File.ReadAllText(workplace.In("handed.json"))), Is.EqualTo(new[] { ("fresh", true) }));
        });
    }

    [TestCase("cat > /dev/null; exit 7", "The command of --on-finding failed with status 7; the findings may not have arrived.", 3)]
    [TestCase("./is-not-there", "warning: The command of --on-finding failed with status 127; ", 3)]
    [TestCase("exit 7", "failed with status 7", 3)]
    [TestCase("true", "5 tokens of 1 connection: ", 1)]
    [Platform("Linux,MacOsX")]
    public async Task A_command_that_fails_is_a_warning_and_a_partial_result(string command, string said, int status)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();

        // More than a pipe holds.
        foreach (var name in "abcde")
            emulator.Add(Unlimited(new string(name, 100_000)));

        var run = await workplace.RunAsync("audit", "-o", "json", "--on-finding", command);

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(status), run.Error);
            Assert.That(run.Error, Does.Contain(said));
            Assert.That(JsonNode.Parse(run.Output)!["findings"]!.AsArray(), Has.Count.EqualTo(5));
        });
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Ctrl_C_stops_the_command_too()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        workplace.Emulator<SailPointEmulator>().Add(Unlimited("endless"));
        using var process = workplace.Start(["audit", "-q", "-o", "csv", "--on-finding", "echo started; sleep 3600"]);
        process.StandardInput.Close();
        string? line;
        do
            line = await process.StandardError.ReadLineAsync(TestContext.CurrentContext.CancellationToken);
        while (line is not (null or "started"));

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        // The command has the same error output, so that this one ends only with the command.
        await process.StandardError.ReadToEndAsync(TestContext.CurrentContext.CancellationToken);
        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        Assert.That((line, process.ExitCode), Is.EqualTo(("started", 130)));
    }

    private static EmulatedToken Unlimited(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new EmulatedToken { Name = name, CreatedAt = now.AddDays(-10), LastUsedAt = now, Scopes = ["sp:scopes:default"] };
    }

    private static async Task BaselineAsync(Workplace workplace, params string[] options)
        => workplace.WritePrivate("baseline.json", (await workplace.RunAsync(["audit", "-o", "json", .. options])).Output);

    private static IEnumerable<(string?, bool?)> Findings(string json) => JsonNode.Parse(json)!["findings"]!.AsArray()
        .Select(finding => ((string?)finding!["tokenName"], (bool?)finding["isNew"]));
}
