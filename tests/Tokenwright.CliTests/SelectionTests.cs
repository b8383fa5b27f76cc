using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>Which tokens a change of many includes: ids, filters over connections, and the policy's protected tokens.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class SelectionTests
{
    [Test]
    public async Task Several_ids_are_changed_at_once_and_counted_at_the_end()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace.Emulators[0], 3);
        workplace.Emulators[0].Faults.Inject(Fault.Status(403), "DELETE", $"*/{ids[2]}");

        var run = await workplace.RunAsync(["revoke", .. ids, "999999", "-c", "storage", "--yes", "-o", "jsonl"], null);

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(3), run.ToString());
            Assert.That(run.Error, Does.Contain($"  id {ids[0]} 'bulk 0', of "));
            Assert.That(run.Error, Does.Contain("  id 999999 not found: it is gone already, or this credential can't see it"));
            Assert.That(run.Error, Does.Contain(
                "4 tokens: 2 deleted, 1 failed, 1 not found (gone already, or not visible to this credential)."));
            Assert.That(Outcomes(run), Is.EquivalentTo(new[] { "deleted", "deleted", "failed", "notFound" }));
        });
    }

    [Test]
    public async Task A_filter_selects_tokens_of_all_connections_and_needs_their_number()
    {
        using var workplace = new Workplace();
        Fill(workplace.Emulator<XmsEmulator>(), 2);
        Fill(workplace.Emulator<SailPointEmulator>(), 1);
        string[] command = ["revoke", "--name", "bulk*", "-o", "jsonl"];

        var none = await workplace.RunAsync(command);
        var yes = await workplace.RunAsync([.. command, "--yes"]);
        var wrong = await workplace.RunAsync([.. command, "--count", "2"]);
        var dry = await workplace.RunAsync([.. command, "--dry-run"]);
        var dryWrong = await workplace.RunAsync([.. command, "--dry-run", "--count", "2"]);
        var before = Changes(workplace);
        var right = await workplace.RunAsync([.. command, "--count", "3"]);
        var again = await workplace.RunAsync([.. command, "--count", "0"]);

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.Empty);
            Assert.That(new[] { none, yes, wrong, dryWrong }.Select(run => run.ExitCode), Has.All.EqualTo(2), wrong.ToString());
            Assert.That(none.Error, Does.Contain("use --count 3 to confirm the number"));
            Assert.That(yes.Error, Does.Contain("selected 3 tokens. Confirm the number: --count 3 in place of --yes"));
            Assert.That(wrong.Error, Does.Contain("selected 3 tokens, not 2 as --count says. Nothing was changed."));
            Assert.That(dry.ExitCode, Is.Zero, dry.ToString());
            Assert.That(Unsent(dry), Has.Count.EqualTo(3));
            Assert.That(right.ExitCode, Is.Zero, right.ToString());
            Assert.That(right.Error, Does.Contain("Revoke 3 tokens of 2 connections:").And.Contain("  storage: id "));
            Assert.That(right.Error, Does.Contain("ExtremeCloudIQ connection 'network': no token was selected."));
            Assert.That(right.Error, Does.Contain("VMwareCloud connection 'cloud': no token was selected."));
            Assert.That(Outcomes(right), Is.EqualTo(new[] { "deleted", "deleted", "deleted" }));
            Assert.That(again.ExitCode, Is.Zero, again.ToString());
            Assert.That(again.Error, Does.Contain("No token was selected."));
        });
    }

    [Test]
    public async Task A_rule_selects_the_tokens_with_its_finding_but_not_the_connections_own_one_or_an_accepted_one()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace.Emulators[0], 2);
        workplace.WritePrivate("config/tokenwright/policy.json",
            $$"""{ "Exceptions": [{ "Rule": "TW003", "Token": "{{ids[1]}}", "Reason": "known", "Until": "2999-01-01" }] }""");
        var own = await OwnIdAsync(workplace, "storage");

        var run = await workplace.RunAsync("revoke", "--rule", "tw003", "--name", "*", "--dry-run", "-o", "json");

        var addresses = Unsent(run).Select(call => new Uri((string)call["address"]!).Segments[^1]).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(addresses, Has.Member(ids[0]).And.No.Member(ids[1]).And.No.Member(own));
            Assert.That(run.Error, Does.Contain($"Left out: token id {own} ").And.Contain("itself works with this token"));
        });
    }

    [TestCase("TW008")]
    [TestCase("TW010")]
    public async Task A_rule_about_several_tokens_selects_none(string rule)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("revoke", "--rule", rule, "--count", "1");
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain("doesn't say which of them to change"));
        Assert.That(workplace.Emulators[0].Requests, Is.Empty);
    }

    [Test]
    public async Task A_connection_that_cannot_be_read_does_not_stop_the_others()
    {
        using var workplace = new Workplace(connections: ["storage", "identity"]);
        Fill(workplace.Emulator<XmsEmulator>(), 1);
        workplace.Emulator<SailPointEmulator>().Faults.Inject(Fault.Status(500), "GET", "*");

        var run = await workplace.RunAsync("revoke", "--name", "bulk*", "--count", "1", "-o", "jsonl");

        Assert.That(run.ExitCode, Is.EqualTo(3), run.ToString());
        Assert.That(Outcomes(run), Is.EqualTo(new[] { "deleted" }));
        Assert.That(run.Error, Does.Contain("error: ").And.Contain("identity"));
    }

    [Test]
    public async Task A_token_that_is_left_out_is_a_warning_and_a_failure_if_the_vendor_failed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var failing = new Workplace(connections: ["storage"]);
        var policy = workplace.WritePrivate("policy.json",
            """{ "Protected": [{ "Name": "zabbix", "Reason": "r" }, { "Connection": "strage", "Reason": "r" }] }""");

        // The vendor fails to say which token the connection works with.
        failing.Emulators[0].Faults.Inject(Fault.Status(500), "POST", "*:validate", times: 8);
        var failed = await failing.RunAsync("revoke", "--name", "*", "-c", "storage", "--count", "0", "-q");
        var storage = await workplace.RunAsync("revoke", "--name", "zabbix", "-c", "storage", "--count", "0", "-q", "--policy", policy);

        Assert.That(failed.ExitCode, Is.EqualTo(5), failed.ToString());
        Assert.That(failed.Error, Does.Contain("warning: Left out: token id "));
        Assert.That(storage.ExitCode, Is.Zero, storage.ToString());
        Assert.That(storage.Error, Does.Contain("warning: Left out: token id 7 'zabbix'"));
        Assert.That(storage.Error, Does.Contain("warning: The policy protects tokens of connection 'strage', which is not configured."));
    }

    [Test]
    public async Task Two_spellings_of_an_id_are_one_token()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var id = Fill(workplace.Emulators[0], 1)[0];
        var run = await workplace.RunAsync("revoke", id, $"0{id}", "-c", "storage", "--yes", "-o", "jsonl");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Outcomes(run), Is.EqualTo(new[] { "deleted" }));
        Assert.That(run.Error, Does.Contain("Revoke 1 token of "));
    }

    [Test]
    [Platform("Linux")]
    [SupportedOSPlatform("linux")]
    public async Task In_a_terminal_the_number_is_typed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        Fill(workplace.Emulators[0], 2);
        using var refused = new PseudoTerminal(workplace, null, "revoke", "--name", "bulk*");
        await refused.SeesAsync("Type 2 to continue:");
        refused.Type("y");
        Assert.That(await refused.EndAsync(), Is.EqualTo(2), refused.Screen);
        Assert.That(Changes(workplace), Is.Empty);

        using var agreed = new PseudoTerminal(workplace, null, "revoke", "--name", "bulk*");
        await agreed.SeesAsync("Type 2 to continue:");
        agreed.Type("2");
        Assert.That(await agreed.EndAsync(), Is.Zero, agreed.Screen);
        Assert.That(Changes(workplace), Has.Count.EqualTo(2));
        Assert.That(agreed.Screen, Does.Contain("2 tokens: 2 deleted."));
    }

    [TestCase("""{ "Name": "BULK*", "Reason": "the build" }""", true)]
    [TestCase("""{ "Name": "bulk 1", "Connection": "storage", "Reason": "the build" }""", false)]
    [TestCase("""{ "Vendor": "xms", "Reason": "the build" }""", true)]
    public async Task A_protected_token_is_in_no_change_of_many(string entry, bool areAll)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace.Emulators[0], 3);
        var policy = workplace.WritePrivate("policy.json", $$"""{ "Protected": [{{entry}}] }""");
        var file = workplace.WritePrivate("ids.txt", string.Join('\n', ids));

        var listed = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--yes", "--policy", policy, "-o", "jsonl",
            "--dry-run");
        var run = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--yes", "--policy", policy, "-o", "jsonl");
        var filtered = await workplace.RunAsync("revoke", "--name", "bulk*", "--count", "0", "--policy", policy, "-o", "jsonl");

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(areAll ? 2 : 3), run.ToString());
            Assert.That(listed.ExitCode, Is.EqualTo(run.ExitCode), "a dry run exits as the real run");
            Assert.That(Outcomes(run).Count(outcome => outcome == "refused"), Is.EqualTo(areAll ? 3 : 1));
            Assert.That(run.Output, Does.Contain("The policy protects this token: the build"));
            Assert.That(filtered.ExitCode, Is.Zero, filtered.ToString());
            Assert.That(filtered.Error, Does.Contain("Left out: token id ").And.Contain("the build"));
            Assert.That(workplace.Emulators[0].Tokens.Count(token => ids.Contains(token.Id)), Is.EqualTo(areAll ? 3 : 1));
        });
    }

    [Test]
    public async Task A_token_whose_name_cannot_be_read_is_protected_if_the_policy_protects_names()
    {
        using var workplace = new Workplace(connections: ["cloud"]);
        var cloud = workplace.Emulators[0];
        var (prod, other) = (cloud.Add(new() { Name = "prod" }), cloud.Add(new() { Name = "other" }));
        var policy = workplace.WritePrivate("policy.json", """{ "Protected": [{ "Name": "prod", "Reason": "the site" }] }""");
        var secrets = workplace.WritePrivate("secrets.txt", $"{prod.Secret!.Reveal()}\n{other.Secret!.Reveal()}");

        var byId = await workplace.RunAsync("suspend", prod.Id!, other.Id!, "-c", "cloud", "--yes", "--policy", policy, "-o", "jsonl");
        var bySecret = await workplace.RunAsync(
            "suspend", "--from-file", secrets, "--secrets", "-c", "cloud", "--yes", "--policy", policy, "-o", "jsonl");

        Assert.Multiple(() =>
        {
            Assert.That(byId.ExitCode, Is.EqualTo(2), byId.ToString());
            Assert.That(byId.Output, Does.Contain("the vendor doesn't show those of this token"));
            Assert.That(bySecret.ExitCode, Is.EqualTo(3), bySecret.ToString());
            Assert.That(Outcomes(bySecret), Is.EquivalentTo(new[] { "refused", "suspended" }));
            Assert.That((prod.IsDeactivated, other.IsDeactivated), Is.EqualTo((false, true)));
        });
    }

    [TestCase("""{ "Protected": [{ "Name": "x" }] }""", "Reason is missing")]
    [TestCase("""{ "Protected": [{ "Reason": "x" }] }""", "names no Id, Name, Connection or Vendor")]
    [TestCase("""{ "Protected": [{ "Vendor": "SailPont", "Reason": "x" }] }""", "is not a vendor")]
    [TestCase("""{ "Protected": [{ "Nam": "a", "Reason": "x" }] }""", "Did you mean Name?")]
    [TestCase("""{ "Protected": [{ "Id": "8*", "Reason": "x" }] }""", "must be a whole id")]
    [TestCase("""{ "Protected": {} }""", "must be a list")]
    public async Task A_wrong_protection_is_reported_before_anything_is_sent(string text, string message)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var policy = workplace.WritePrivate("policy.json", text);
        var run = await workplace.RunAsync("revoke", "7", "8", "-c", "storage", "--yes", "--policy", policy);
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain(message).And.Contain("policy.json:1"));
        Assert.That(workplace.Emulators[0].Requests, Is.Empty);
    }

    [TestCase("revoke")]
    [TestCase("revoke", "7", "--name", "x")]
    [TestCase("revoke", "7", "--count", "1")]
    [TestCase("revoke", "--rule", "TW999", "--count", "1")]
    [TestCase("revoke", "--name", "x", "--from-file", "ids.txt")]
    public async Task Tokens_are_chosen_in_one_way(params string[] arguments)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync([.. arguments, "-c", "storage"]);
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(workplace.Emulators[0].Requests, Is.Empty);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Of_2000_tokens_no_receipt_is_lost_though_two_runs_compete_and_are_killed()
    {
        const int Count = 2000;
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace.Emulators[0], Count);
        var file = workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        var path = $"{file}.revoke.receipts.jsonl";
        string[] command = ["revoke", "--from-file", file, "-c", "storage", "--yes", "--parallel", "8", "-o", "jsonl", "-q"];
        var before = string.Empty;
        for (var kill = 1; kill <= 3; kill++)
        {
            using var first = workplace.Start(command);
            using var second = workplace.Start(command);
            var processes = new[] { first, second };
            var outputs = processes.Select(process => process.StandardOutput).ToList();
            var ended = processes.Select(process => process.StandardError.ReadToEndAsync()).ToList();

            // One of them works, and the other is refused. The one that works is killed in the middle.
            for (var i = 0; i < 300 * kill; i++)
            {
                var lines = await Task.WhenAll(outputs.Select(output => output.ReadLineAsync()));
                if (lines.All(line => line is null))
                    break;
            }

            foreach (var process in processes.Where(process => !process.HasExited))
                process.Kill();
            await Task.WhenAll(processes.Select(process => process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken)));
            Assert.That(processes.Select(process => process.ExitCode), Has.Member(2), string.Join('\n', await Task.WhenAll(ended)));
            var now = await File.ReadAllTextAsync(path);
            Assert.That(now, Does.StartWith(before), "a receipt was lost");
            Assert.That(now.Length, Is.GreaterThan(before.Length));
            before = now[..(now.LastIndexOf('\n') + 1)];
        }

        var last = await workplace.RunAsync(command);
        var receipts = (await File.ReadAllLinesAsync(path)).Skip(1).Select(TryParse).OfType<JsonObject>()
            .Select(line => (string)line["token"]!).ToList();
        var deletes = Changes(workplace);
        Assert.Multiple(() =>
        {
            Assert.That(last.ExitCode, Is.Zero, last.Error);
            Assert.That(receipts, Is.EquivalentTo(ids), "each token has one receipt");
            Assert.That(deletes.Distinct().Count(), Is.EqualTo(Count));
            Assert.That(deletes, Has.Count.LessThanOrEqualTo(Count + (3 * 8)), "only tokens in progress at a kill were tried again");
        });
    }

    private static JsonObject? TryParse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string[] Fill(VendorEmulator emulator, int count)
        => [.. Enumerable.Range(0, count).Select(i => emulator.Add(
            new EmulatedToken { Name = string.Create(CultureInfo.InvariantCulture, $"bulk {i}"), Roles = ["observer"] }).Id!)];

    private static async Task<string> OwnIdAsync(Workplace workplace, string connection)
    {
        var run = await workplace.RunAsync("show", "--self", "-c", connection, "-o", "json");
        return (string)JsonNode.Parse(run.Output)!["tokens"]![0]!["id"]!;
    }

    private static List<string> Changes(Workplace workplace)
        => [.. workplace.Emulators.SelectMany(emulator => emulator.Requests).Where(request => request.Method == "DELETE")
            .Select(request => request.Path)];

    private static IReadOnlyList<JsonNode> Unsent(Run run)
        => [.. (run.Output.StartsWith("{\n", StringComparison.Ordinal) ? JsonNode.Parse(run.Output)!["calls"]!.AsArray().OfType<JsonNode>()
            : run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!))
            .Where(call => !(bool)call["sent"]!)];

    private static List<string> Outcomes(Run run)
        => [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["outcome"]!)];
}
