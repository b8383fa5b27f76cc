using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>Updates of many tokens: with few requests where the vendor supports it, and one by one otherwise.</summary>
[TestFixture]
internal sealed class BulkUpdateTests
{
    private const string Bulk = "/personal-access-tokens/v1/bulk-update";
    private static readonly string[] Update = ["update", "-c", "identity", "--expires", "2099-01-31", "--yes", "-o", "jsonl"];

    [Test]
    public async Task Tokens_of_a_file_are_updated_with_few_requests_and_the_run_continues_where_it_was()
    {
        using var workplace = Identity();
        var tokens = Fill(workplace, 60);
        var file = Write(workplace, tokens);
        Emulator(workplace).Faults.Inject(Fault.Status(503), "PATCH", Bulk);
        string[] command = [.. Update, "--from-file", file, "--parallel", "1"];

        var first = await workplace.RunAsync(command);
        var second = await workplace.RunAsync(command);
        var third = await workplace.RunAsync([.. command.Select(word => word == "2099-01-31" ? "2099-02-28" : word)]);

        Assert.Multiple(() =>
        {
            Assert.That(first.ExitCode, Is.EqualTo(6), first.ToString());
            Assert.That(Outcomes(first), Is.EqualTo(Enumerable.Repeat("unknown", 25).Concat(Enumerable.Repeat("updated", 35))));
            Assert.That(first.Error, Does.Contain("60 tokens: 25 with an unknown outcome, 35 updated."));
            Assert.That(second.ExitCode, Is.Zero, second.ToString());
            Assert.That(Outcomes(second), Is.EqualTo(Enumerable.Repeat("updated", 25)));
            Assert.That(Writes(workplace), Is.EqualTo(Enumerable.Repeat($"PATCH {Bulk}", 4)));
            Assert.That(tokens.Select(token => token.ExpiresAt!.Value.Year), Is.All.EqualTo(2099));
            Assert.That(third.ExitCode, Is.EqualTo(2), third.ToString());
            Assert.That(third.Error, Does.Contain("receipts of another change (expires on 2099-01-31"));
        });
    }

    [Test]
    public async Task If_the_vendor_refuses_a_request_its_tokens_are_updated_one_by_one()
    {
        using var workplace = Identity();
        var tokens = Fill(workplace, 3);
        var file = Write(workplace, tokens, "gone");

        var run = await workplace.RunAsync([.. Update, "--from-file", file, "--parallel", "1"]);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Outcomes(run), Is.EqualTo(new[] { "updated", "updated", "updated", "notFound" }));
        Assert.That(Writes(workplace).Take(2), Is.EqualTo(new[] { $"PATCH {Bulk}", $"PATCH /personal-access-tokens/v1/{tokens[0].Id}" }));
    }

    [Test]
    public async Task Without_a_bulk_update_tokens_are_updated_one_by_one()
    {
        using var workplace = Identity(version: null);
        var tokens = Fill(workplace, 2);

        var run = await workplace.RunAsync([.. Update, tokens[0].Id!, tokens[1].Id!]);

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Outcomes(run), Is.EqualTo(new[] { "updated", "updated" }));
        Assert.That(Writes(workplace), Is.EquivalentTo(tokens.Select(token => $"PATCH /v2025/personal-access-tokens/{token.Id}")));
    }

    [Test]
    public async Task A_change_that_the_bulk_update_lacks_is_made_one_by_one()
    {
        using var workplace = Identity();
        var tokens = Fill(workplace, 2);

        var run = await workplace.RunAsync(
            "update", tokens[0].Id!, tokens[1].Id!, "-c", "identity", "--scope", "sp:scopes:default", "--yes", "-o", "jsonl");

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(Writes(workplace), Is.EquivalentTo(tokens.Select(token => $"PATCH /personal-access-tokens/v1/{token.Id}")));
        Assert.That(tokens.Select(token => token.Scopes.Single()), Is.All.EqualTo("sp:scopes:default"));
    }

    [Test]
    public async Task A_dry_run_shows_one_call_for_each_part_and_sends_none()
    {
        using var workplace = Identity();
        var file = Write(workplace, Fill(workplace, 30));

        var run = await workplace.RunAsync(
            "update", "--from-file", file, "-c", "identity", "--expires", "never", "--dry-run", "-o", "json");

        var calls = JsonNode.Parse(run.Output)!["calls"]!.AsArray().Where(call => !(bool)call!["sent"]!).ToList();
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(calls.Select(call => $"{call!["method"]} {new Uri((string)call["address"]!).AbsolutePath}"),
            Is.EqualTo(Enumerable.Repeat($"PATCH {Bulk}", 2)));
        Assert.That(calls.Select(call => JsonNode.Parse((string)call!["body"]!)!["ids"]!.AsArray().Count), Is.EqualTo(new[] { 25, 5 }));
        Assert.That(run.Error, Does.Contain("Change 30 tokens of SailPoint connection 'identity' (never expires):"));
        Assert.That(Writes(workplace), Is.Empty);
    }

    [Test]
    public async Task The_connections_own_token_and_protected_tokens_are_not_updated()
    {
        using var workplace = Identity();
        var tokens = Fill(workplace, 2);
        var file = Write(workplace, tokens, SailPointEmulator.ClientId);
        var policy = workplace.WritePrivate("policy.json", """{"Protected":[{"Name":"bulk 1","Reason":"Not this one."}]}""");

        var run = await workplace.RunAsync([.. Update, "--from-file", file, "--policy", policy, "--parallel", "1"]);

        Assert.That(run.ExitCode, Is.EqualTo(3), run.ToString());
        Assert.That(Outcomes(run).Order(), Is.EqualTo(new[] { "refused", "refused", "updated" }));
        Assert.That(run.Error, Does.Contain("Not this one.").And.Contain("use --own-credential"));
        Assert.That(tokens.Select(token => token.ExpiresAt?.Year), Is.EqualTo(new int?[] { 2099, null }));

        var allowed = await workplace.RunAsync([.. Update, "--from-file", file, "--own-credential", "--receipts", "other.jsonl"]);
        Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
        Assert.That(Emulator(workplace).Tokens[0].ExpiresAt?.Year, Is.EqualTo(2099));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Without_yes_many_tokens_need_a_confirmation()
    {
        using var workplace = Identity();
        var file = Write(workplace, Fill(workplace, 2));

        var run = await workplace.RunAsync("update", "--from-file", file, "-c", "identity", "--expires", "30d");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain("Change 2 tokens of").And.Contain("Nothing was changed."));
        Assert.That(Writes(workplace), Is.Empty);
    }

    [TestCase("--name", "n", "7", "8", "--name and --new-key are for one token")]
    [TestCase("--new-key", "n", "7", "8", "--name and --new-key are for one token")]
    [TestCase("--expires", "30d", "--receipts", "r.jsonl", "go with --from-file")]
    [TestCase("--expires", "30d", "--from-file", "none.txt", "can't be read")]
    public async Task A_wrong_command_line_changes_nothing(string option, string value, string one, string other, string message)
    {
        using var workplace = Identity();

        var run = await workplace.RunAsync("update", "-c", "identity", "--yes", option, value, one, other);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain(message));
        Assert.That(workplace.Emulators[0].Requests, Is.Empty);
    }

    [Test]
    public async Task A_vendor_that_can_t_update_is_named_before_anything_is_sent()
    {
        using var workplace = new Workplace(connections: ["cloud"]);

        var run = await workplace.RunAsync("update", "a", "b", "-c", "cloud", "--expires", "30d", "--yes");

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain("no operation that changes a token's name"));
        Assert.That(workplace.Emulators[0].Requests, Is.Empty);
    }

    private static Workplace Identity(string? version = "v1")
    {
        var workplace = new Workplace(connections: ["identity"]);
        if (version is null)
            return workplace;
        var root = JsonNode.Parse(File.ReadAllText(workplace.ConnectionsFile))!;
        root["Tokenwright"]!["SailPoint"]!["identity"]!["ApiVersion"] = version;
        workplace.WritePrivate(workplace.ConnectionsFile, root.ToJsonString());
        return workplace;
    }

    private static SailPointEmulator Emulator(Workplace workplace) => workplace.Emulator<SailPointEmulator>();

    private static List<EmulatedToken> Fill(Workplace workplace, int count)
        => [.. Enumerable.Range(0, count).Select(i => workplace.Emulators[0].Add(new EmulatedToken { Name = $"bulk {i}" }))];

    private static string Write(Workplace workplace, IEnumerable<EmulatedToken> tokens, params string[] others)
        => workplace.WritePrivate("ids.txt", string.Join('\n', tokens.Select(token => token.Id).Concat(others)));

    private static IEnumerable<string?> Outcomes(Run run)
        => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (string?)JsonNode.Parse(line)!["outcome"]);

    private static IEnumerable<string> Writes(Workplace workplace)
        => workplace.Emulators[0].Requests.Where(request => request.Method is "PATCH" or "POST" && request.Path != "/oauth/token")
            .Select(request => $"{request.Method} {request.Path}");
}
