using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>The token that a connection itself works with is changed only with --own-credential.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class OwnCredentialTests
{
    private static IEnumerable<TestCaseData> Changes()
    {
        foreach (var connection in Workplace.ConnectionNames.Values)
            yield return Case(connection, "revoke", "--self");
        yield return Case("storage", "revoke", "ID");
        yield return Case("storage", "revoke", "00ID");
        yield return Case("storage", "revoke", "--secret", "env:SECRET");
        yield return Case("storage", "revoke", "ID", "0");
        yield return Case("storage", "regenerate", "ID", "--reveal");
        yield return Case("storage", "update", "ID", "--name", "x");
        yield return Case("identity", "revoke", "ID");
        yield return Case("identity", "update", "--self", "--name", "x");
        yield return Case("files", "revoke", "ID");
        yield return Case("cloud", "suspend", "ID");
        yield return Case("cloud", "suspend", "--self");
        yield return Case("cloud", "revoke", "--secret", "env:SECRET");
        yield return Case("network", "revoke", "--secret", "env:SECRET");
    }

    [TestCaseSource(nameof(Changes))]
    public async Task A_change_of_the_connections_own_token_is_refused_unless_the_user_allows_it(string connection, string[] arguments)
    {
        using var workplace = new Workplace(connections: [connection]);
        var emulator = workplace.Emulators[0];
        var secret = emulator.ConnectionSettings.First(setting => setting.Key is "ApiToken" or "AccessToken" or "Token" or "ClientSecret");
        var environment = new Dictionary<string, string> { ["SECRET"] = secret.Value };

        // By default, the connection to fimidara works with a user's session.
        if (connection == "files")
            environment["Tokenwright__Fimidara__files__Token"] =
                emulator.Tokens.First(token => token.IsActive(TimeProvider.System.GetUtcNow())).Secret!.Reveal();
        var own = JsonNode.Parse((await workplace.RunAsync(["show", "--self", "-o", "json"], environment)).Output)!["tokens"]![0]!;
        string[] command = [.. arguments.Select(word => word.Replace("ID", (string?)own["id"], StringComparison.Ordinal)), "-o", "json"];
        var before = Snapshot(emulator);

        var refused = await workplace.RunAsync([.. command, "--yes"], environment);
        var dry = await workplace.RunAsync([.. command, "--dry-run"], environment);
        var after = Snapshot(emulator);
        var allowed = await workplace.RunAsync([.. command, "--yes", "--own-credential"], environment);
        var works = await workplace.RunAsync(["validate", "--self"], environment);

        Assert.Multiple(() =>
        {
            var isOne = !command.Contains("0");
            Assert.That(refused.ExitCode, Is.EqualTo(isOne ? 2 : 3), refused.ToString());
            Assert.That(dry.ExitCode, Is.EqualTo(refused.ExitCode), "a dry run exits as the real run");
            Assert.That(refused.Output + refused.Error, Does.Contain($"Connection '{connection}' itself works with this token"));
            Assert.That(refused.Output + refused.Error, Does.Contain("use --own-credential."));
            if (isOne)
                Assert.That(after, Is.EqualTo(before));
            Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
            if (works.ExitCode == 0)
                Assert.That(Snapshot(emulator), Is.Not.EqualTo(after));
        });
    }

    [Test]
    [Platform("Linux")]
    [SupportedOSPlatform("linux")]
    public async Task The_prompt_says_what_happens_to_the_connection()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = new PseudoTerminal(workplace, null, "regenerate", "--self", "-c", "storage", "--reveal", "--own-credential");
        await terminal.SeesAsync("Continue? [y/N]");
        terminal.Type("n");
        Assert.That(await terminal.EndAsync(), Is.EqualTo(2), terminal.Screen);
        Assert.That(terminal.Screen, Does.Contain("Connection 'storage' itself works with this token: it and everything else"));
    }

    [Test]
    public async Task A_users_session_that_contains_its_id_is_none_of_the_tokens_and_nothing_is_asked_for_it()
    {
        using var workplace = new Workplace(connections: ["files"]);
        var emulator = workplace.Emulators[0];
        var id = emulator.Tokens[0].Id!;

        var revoked = await workplace.RunAsync("revoke", id, "--yes");

        Assert.That(revoked.ExitCode, Is.Zero, revoked.ToString());
        Assert.That(emulator.Tokens.Select(token => token.Id), Does.Not.Contain(id));
        Assert.That(emulator.Requests.Select(request => $"{request.Method} {request.Path}"),
            Is.EqualTo(new[] { "POST /v1/agentTokens/getToken", "DELETE /v1/agentTokens/deleteToken" }));
    }

    [TestCase("ClientAssignedToken")]
    [TestCase("ProgramAccessToken")]
    [TestCase("ClientAssignedToken2023")]
    [TestCase("ProgramAccessToken2023")]
    public async Task A_users_session_changes_tokens_of_the_older_generations_too(string kind)
    {
        using var workplace = new Workplace(connections: ["files"]);
        var emulator = (FimidaraEmulator)workplace.Emulators[0];
        var token = emulator.Tokens.First(token => emulator.SettingsFor(token.Kind)["TokenKind"] == kind);
        var environment = new Dictionary<string, string> { ["Tokenwright__Fimidara__files__TokenKind"] = kind };

        var revoked = await workplace.RunAsync(["revoke", token.Id!, "--yes"], environment);

        Assert.That(revoked.ExitCode, Is.Zero, revoked.ToString());
        Assert.That(emulator.Tokens, Does.Not.Contain(token));
    }

    [Test]
    public async Task If_the_own_token_cannot_be_read_the_change_is_refused()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var other = workplace.Emulators[0].Add(new EmulatedToken { Name = "other" });
        workplace.Emulators[0].Faults.Inject(Fault.Status(403), "GET", "*", times: 10);

        var refused = await workplace.RunAsync("revoke", other.Id!, "-c", "identity", "--yes");
        var allowed = await workplace.RunAsync("revoke", other.Id!, "-c", "identity", "--yes", "--own-credential");

        Assert.That(refused.ExitCode, Is.EqualTo(4), refused.ToString());
        Assert.That(refused.Error, Does.Contain("It is unknown whether this is the token that connection 'identity' itself works with"));
        Assert.That(allowed.ExitCode, Is.Zero, allowed.ToString());
    }

    private static TestCaseData Case(string connection, params string[] arguments)
        => new TestCaseData(connection, arguments).SetArgDisplayNames($"{connection}: {string.Join(' ', arguments)}");

    private static string Snapshot(VendorEmulator emulator) => string.Join('\n',
        emulator.Tokens.Concat(emulator is VMwareCloudEmulator cloud ? [cloud.OwnToken] : []).Select(
            token => $"{token.Id} {token.Name} {token.Secret!.Reveal()} {token.IsDeactivated} {token.IsRevoked}"));
}
