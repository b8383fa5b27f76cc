using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>
/// Changes: confirmation, dry runs, receipts, interruption and continuation. New secrets are written only where the user asked for them.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ChangeTests
{
    private static readonly string[] Create = ["create", "-c", "storage", "--name", "made", "--role", "admin"];

    [Test]
    public async Task Without_a_place_for_the_secret_nothing_is_issued()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync([.. Create, "--yes"]);
        AssertUnchanged(workplace, run, "--reveal, --secret-file or --secret-command");
    }

    [Test]
    public async Task Without_a_terminal_and_without_yes_nothing_is_changed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        AssertUnchanged(workplace, await workplace.RunAsync([.. Create, "--reveal"]), "The terminal isn't interactive");
        AssertUnchanged(workplace, await workplace.RunAsync("revoke", "0", "-c", "storage"), "Revoke token id 0 'name'");
    }

    [Test]
    public async Task A_secret_file_is_readable_by_its_owner_only_and_never_overwritten()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var path = workplace.In("made.secret");
        var run = await workplace.RunAsync([.. Create, "--secret-file", path, "--yes"]);
        var secret = await File.ReadAllTextAsync(path);
        var again = await workplace.RunAsync([.. Create, "--secret-file", path, "--yes"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(workplace.Emulators[0].Tokens.Select(token => token.Secret!.Reveal()), Has.Member(secret));
            Assert.That(run.Output + run.Error, Does.Not.Contain(secret));
            if (!OperatingSystem.IsWindows())
                Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(again.ExitCode, Is.EqualTo(2));
            Assert.That(again.Error, Does.Contain("not overwritten"));
            Assert.That(workplace.Emulators[0].Tokens, Has.Count.EqualTo(3), "the second one was not issued");
        });
    }

    [Test]
    public async Task A_secret_file_is_not_left_behind_by_a_create_that_failed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.Emulators[0].Faults.Inject(Fault.Status(403), "POST");
        var run = await workplace.RunAsync([.. Create, "--secret-file", "made.secret", "--yes"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(4), run.ToString());
            Assert.That(File.Exists(workplace.In("made.secret")), Is.False);
        });
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task A_secret_command_receives_only_the_secret_on_its_input()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync([.. Create, "--secret-command", "cat > kept", "--yes"]);
        var failed = await workplace.RunAsync("regenerate", "0", "-c", "storage", "--secret-command", "cat > /dev/null; exit 4", "--yes");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(
                workplace.Emulators[0].Tokens.Select(token => token.Secret!.Reveal()), Has.Member(File.ReadAllText(workplace.In("kept"))));
            Assert.That(failed.ExitCode, Is.EqualTo(3), "the token has a new secret, and nobody has it");
            Assert.That(failed.Error, Does.Contain("tokenwright revoke 0 -c storage"));
        });
    }

    [Test]
    public async Task After_a_lost_response_the_tool_prints_a_command_that_resolves_it()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.Emulators[0].Faults.Inject(Fault.Cut(), "POST", "/v1/access-tokens/");
        var run = await workplace.RunAsync([.. Create, "--secret-file", "made.secret", "--yes"]);
        var orphan = workplace.Emulators[0].Tokens.Single(token => token.Name == "made");
        var line = run.Error.Split('\n').Single(line => line.Contains("To find out: ", StringComparison.Ordinal));
        var resolved = await workplace.RunAsync([.. line.Split("To find out: tokenwright ")[1].Split(' '), "-o", "json"], null);
        var revoked = await workplace.RunAsync("revoke", orphan.Id!, "-c", "storage", "--yes");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(6), run.ToString());
            Assert.That(run.Error, Does.Contain($"tokenwright revoke {orphan.Id} -c storage"));
            Assert.That(File.Exists(workplace.In("made.secret")), Is.False);
            Assert.That(resolved.ExitCode, Is.EqualTo(1), resolved.ToString());
            Assert.That((string?)JsonNode.Parse(resolved.Output)!["tokens"]![0]!["id"], Is.EqualTo(orphan.Id));
            Assert.That(revoked.ExitCode, Is.Zero);
        });
    }

    [Test]
    public async Task A_lost_create_at_a_vendor_with_keys_is_recovered_automatically()
    {
        using var workplace = new Workplace(connections: ["files"]);
        workplace.Emulators[0].Faults.Inject(Fault.Cut(), "POST", "*/addToken");
        var run = await workplace.RunAsync(
            "create", "-c", "files", "--name", "made", "--expires", "1d", "--secret-file", "made.secret", "--yes");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(File.ReadAllText(workplace.In("made.secret")), Is.Not.Empty);
            Assert.That(workplace.Emulators[0].Tokens.Count(token => token.Name == "made"), Is.EqualTo(1));
        });
    }

    private static IEnumerable<TestCaseData> DryRuns()
    {
        yield return Dry("storage", "create", "-c", "storage", "--name", "x", "--role", "admin", "--reveal");
        yield return Dry("storage", "update", "7", "-c", "storage", "--name", "x", "--own-credential");
        yield return Dry("storage", "regenerate", "7", "-c", "storage", "--own-credential", "--reveal");
        yield return Dry("storage", "revoke", "7", "-c", "storage", "--own-credential");
        yield return Dry("identity", "create", "-c", "identity", "--name", "x", "--expires", "30d", "--reveal");
        yield return Dry("identity", "update", "86f1dc6fe8f54414950454cbb11278fa", "-c", "identity", "--name", "x", "--own-credential");
        yield return Dry("identity", "revoke", "--self", "-c", "identity", "--own-credential");
        yield return Dry("files", "create", "-c", "files", "--name", "x", "--expires", "30d", "--reveal");
        yield return Dry("files", "update", "agtoken_N3VSaPwSRBsYfTSpJpJF-", "-c", "files", "--name", "x", "--own-credential");
        yield return Dry("files", "revoke", "agtoken_N3VSaPwSRBsYfTSpJpJF-", "-c", "files", "--own-credential");
        yield return Dry("network", "create", "-c", "network", "--scope", "auth:r", "--expires", "7d", "--description", "x", "--reveal");
        yield return Dry("network", "revoke", "--self", "-c", "network", "--own-credential");
        yield return Dry(
            "cloud", "create", "-c", "cloud", "--name", "x", "--scope", "openid", "--expires", "7d", "--id-token", "env:ID_TOKEN",
            "--reveal");
        yield return Dry("cloud", "revoke", "--self", "-c", "cloud", "--own-credential");
        yield return Dry("cloud", "suspend", "synthetic-token-id-0001", "-c", "cloud", "--own-credential");
        yield return Dry("cloud", "resume", "synthetic-token-id-0001", "-c", "cloud");
    }

    [TestCaseSource(nameof(DryRuns))]
    public async Task A_dry_run_shows_the_calls_and_changes_nothing(string connection, string[] arguments)
    {
        using var workplace = new Workplace(connections: [connection]);
        var emulator = workplace.Emulators[0];
        var before = Snapshot(emulator);
        var idToken = VMwareCloudEmulator.IdToken.Reveal();
        var run = await workplace.RunAsync(
            [.. arguments, "--dry-run", "-o", "json"], new Dictionary<string, string> { ["ID_TOKEN"] = idToken });
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var calls = JsonNode.Parse(run.Output)!["calls"]!.AsArray();
        var held = calls.Last()!;
        Assert.Multiple(() =>
        {
            Assert.That(calls.Count(call => !(bool)call!["sent"]!), Is.EqualTo(1), run.ToString());
            Assert.That((bool)held["sent"]!, Is.False);
            Assert.That(
                emulator.Requests.Select(request => $"{request.Method} {request.Path}"), Is.EqualTo(calls.Take(calls.Count - 1).Select(
                call => $"{call!["method"]} {new Uri((string)call["address"]!).AbsolutePath}")), "what was sent is what is shown as sent");
            Assert.That(Snapshot(emulator), Is.EqualTo(before));
            Assert.That(run.Output + run.Error, Does.Not.Contain(idToken));
            foreach (var secret in emulator.ConnectionSettings.Where(
                setting => setting.Key is "ClientSecret" or "ApiToken" or "Token" or "AccessToken"))
                Assert.That(run.Output + run.Error, Does.Not.Contain(secret.Value));
        });
    }

    [TestCase("network", "suspend", "--self")]
    [TestCase("network", "update", "--self", "--name", "x")]
    [TestCase("cloud", "regenerate", "--self", "--reveal")]
    public async Task An_unsupported_operation_is_reported_before_anything_is_sent(string connection, params string[] arguments)
    {
        using var workplace = new Workplace(connections: [connection]);
        var run = await workplace.RunAsync([.. arguments, "-c", connection, "--yes"]);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(workplace.Emulators[0].Requests, Is.Empty);
        });
    }

    [Test]
    public async Task A_bulk_revoke_continues_after_failures_and_the_next_run_retries_them()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace.Emulators[0], 6);
        workplace.Emulators[0].Faults.Inject(Fault.Status(500), "DELETE", $"*/{ids[2]}");
        var file = workplace.WritePrivate("ids.txt", $"# what is to go\n{string.Join('\n', ids)}\n\n999999\n{ids[0]}\n");
        var first = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--yes", "-o", "jsonl");
        var second = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--yes", "-o", "jsonl");
        var third = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--yes", "-o", "jsonl");
        Assert.Multiple(() =>
        {
            Assert.That(first.ExitCode, Is.EqualTo(3), first.ToString());
            Assert.That(
                Outcomes(first), Is.EquivalentTo(new[] { "deleted", "deleted", "deleted", "deleted", "deleted", "failed", "notFound" }));
            Assert.That(second.ExitCode, Is.Zero, second.ToString());
            Assert.That(Outcomes(second), Is.EqualTo(new[] { "deleted" }));
            Assert.That(third.ExitCode, Is.Zero);
            Assert.That(Outcomes(third), Is.Empty);
            Assert.That(workplace.Emulators[0].Tokens.Select(token => token.Id), Has.None.AnyOf(ids.Cast<object>().ToArray()));
        });
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Ctrl_C_in_a_bulk_revoke_completes_the_current_calls_and_the_next_run_does_the_rest()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var workplace = new Workplace(clock, ["storage"]);
        var ids = Fill(workplace.Emulators[0], 12);
        var file = workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        var held = Fault.Delay(TimeSpan.FromSeconds(5));
        workplace.Emulators[0].Faults.Inject(held, "DELETE", $"*/{ids[4]}");

        using var process = workplace.Start(["revoke", "--from-file", file, "-c", "storage", "--yes", "--parallel", "1", "-o", "jsonl"]);
        var output = process.StandardOutput.ReadToEndAsync();
        await held.Happened.WaitAsync(TestContext.CurrentContext.CancellationToken);
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();

        // The current call may continue once the tool has received the signal.
        var error = string.Empty;
        while (!error.Contains("Stopping", StringComparison.Ordinal))
        {
            var line = await process.StandardError.ReadLineAsync(TestContext.CurrentContext.CancellationToken);
            Assert.That(line, Is.Not.Null, $"The tool ended before it said that it stops:\n{error}");
            error += line + "\n";
        }

        clock.Advance(TimeSpan.FromSeconds(5));
        error += await process.StandardError.ReadToEndAsync(TestContext.CurrentContext.CancellationToken);
        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        var first = new Run(process.ExitCode, await output, error);
        var done = Outcomes(first).Count;
        var second = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--yes", "-o", "jsonl");
        Assert.Multiple(() =>
        {
            Assert.That(first.ExitCode, Is.EqualTo(3), first.ToString());
            Assert.That(first.Error, Does.Contain("The same command continues with them"));
            Assert.That(done, Is.EqualTo(5), first.ToString());
            Assert.That(second.ExitCode, Is.Zero, second.ToString());
            Assert.That(Outcomes(second), Has.Count.EqualTo(12 - done).And.All.EqualTo("deleted"));
            Assert.That(workplace.Emulators[0].Requests.Count(request => request.Method == "DELETE"), Is.EqualTo(12), "each once");
        });
    }

    [Test]
    public async Task Receipts_of_a_bulk_revoke_by_secret_contain_fingerprints()
    {
        using var workplace = new Workplace(connections: ["cloud"]);
        var cloud = workplace.Emulators[0];
        string[] secrets = [.. Enumerable.Range(0, 3).Select(i => cloud.Add(new() { Name = $"leaked {i}" }).Secret!.Reveal())];
        var file = workplace.WritePrivate("leaked.txt", string.Join('\n', secrets));
        var run = await workplace.RunAsync("revoke", "--from-file", file, "--secrets", "--receipts", "done.jsonl", "-c", "cloud", "--yes");
        var receipts = await File.ReadAllTextAsync(workplace.In("done.jsonl"));
        var again = await workplace.RunAsync(
            "revoke", "--from-file", file, "--secrets", "--receipts", "done.jsonl", "-c", "cloud", "--yes");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(cloud.Tokens.Where(token => token.Name!.StartsWith("leaked", StringComparison.Ordinal)).Select(
                token => token.IsDeactivated), Has.All.True);
            Assert.That(secrets.Where(secret =>
                (run.Output + run.Error + receipts + again.Output + again.Error).Contains(secret, StringComparison.Ordinal)), Is.Empty);
            Assert.That(receipts.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(4));
            Assert.That(again.Error, Does.Contain("3 of 3 tokens are done already"));
            if (!OperatingSystem.IsWindows())
                Assert.That(File.GetUnixFileMode(workplace.In("done.jsonl")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        });
    }

    [Test]
    public async Task Receipts_of_another_connection_or_another_file_are_refused_but_a_cut_line_is_accepted()
    {
        using var workplace = new Workplace(connections: ["storage", "identity"]);
        var ids = Fill(workplace.Emulator<XmsEmulator>(), 2);
        var file = workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        await workplace.RunAsync("revoke", "--from-file", file, "--receipts", "r.jsonl", "-c", "storage", "--yes");
        var other = await workplace.RunAsync("revoke", "--from-file", file, "--receipts", "r.jsonl", "-c", "identity", "--yes");
        var foreign = await workplace.RunAsync("revoke", "--from-file", file, "--receipts", file, "-c", "storage", "--yes");
        await File.AppendAllTextAsync(workplace.In("r.jsonl"), "{\"token\":\"999\",\"outc");
        var cut = await workplace.RunAsync("revoke", "--from-file", file, "--receipts", "r.jsonl", "-c", "storage", "--yes");
        Assert.Multiple(() =>
        {
            Assert.That(other.ExitCode, Is.EqualTo(2), other.ToString());
            Assert.That(other.Error, Does.Contain("has receipts of Xms connection 'storage'"));
            Assert.That(foreign.ExitCode, Is.EqualTo(2));
            Assert.That(cut.ExitCode, Is.Zero, cut.ToString());
            Assert.That(cut.Error, Does.Contain("2 of 2 tokens are done already"));
        });
    }

    private static TestCaseData Dry(string connection, params string[] arguments)
        => new TestCaseData(connection, arguments).SetArgDisplayNames(string.Join(' ', arguments));

    private static void AssertUnchanged(Workplace workplace, Run run, string said)
        => Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Contain(said));
            Assert.That(workplace.Emulators[0].Requests.Where(request => !request.Path.EndsWith(":validate", StringComparison.Ordinal))
                .Select(request => request.Method), Has.None.AnyOf("POST", "DELETE", "PATCH"));
        });

    private static string[] Fill(VendorEmulator emulator, int count)
        => [.. Enumerable.Range(0, count).Select(i => emulator.Add(new() { Name = $"bulk {i}", Roles = ["observer"] }).Id!)];

    private static IReadOnlyList<string> Outcomes(Run run)
        => [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string)JsonNode.Parse(line)!["outcome"]!)];

    private static string Snapshot(VendorEmulator emulator) => string.Join(
        '\n', emulator.Tokens.Select(token => $"{token.Id} {token.Name} {token.Secret!.Reveal()} {token.IsDeactivated} {token.IsRevoked}"));
}
