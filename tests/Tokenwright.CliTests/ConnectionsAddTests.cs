using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>
/// <c>connections add</c> tests a connection before it writes it. A problem is one message, and leaves the file as it is.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ConnectionsAddTests
{
    private const string Secret = "canary-0123456789abcdef";

    // The arguments, and what the error says. Each has one problem.
    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case("misspelt setting", "--of Xms -s BaseAdress=https://x.example/v1", "Did you mean BaseAddress?");
        yield return Case("unknown vendor", "--of SalePoint", "Did you mean SailPoint?");
        yield return Case("no address", "--of SailPoint -s ClientId=a --secret ClientSecret=env:X", "BaseAddress is missing");
        yield return Case("no credential", "--of Xms -s BaseAddress=https://x.example/v1", "AccessToken is missing");
        yield return Case("two credentials", "--of ExtremeCloudIQ -s Username=u --secret ApiToken=env:X",
            "ApiToken is set together with Username or Password; give either the token or the other two.");
        yield return Case("an id with a slash", "--of VMwareCloud -s OrganizationId=a/b --secret ApiToken=env:X",
            "OrganizationId has a slash; it must be an id alone");
        yield return Case("plain http", "--of Xms -s BaseAddress=http://x.example/v1 --secret AccessToken=env:X", "unencrypted");
        yield return Case("a value of another type", "--of Fimidara -s MaxRetries=many --secret Token=env:X", "a whole number");
        yield return Case("secret as a setting", $"--of Xms -s AccessToken={Secret}", "AccessToken is a secret: set its source");
        yield return Case(
            "setting as a secret", "--of SailPoint --secret ClientId=env:X", "ClientId is not a secret: set it with --setting");
        yield return Case("the secret itself", $"--of Xms --secret AccessToken={Secret}", "never a secret itself");
        yield return Case("a setting twice", "--of Xms -s MaxRetries=1 -s maxRetries=2", "--setting maxRetries is given twice");
        yield return Case("a secret twice", "--of Xms --secret AccessToken=env:X --secret AccessToken=file:y", "is given twice");
        yield return Case("no value", "--of Xms -s BaseAddress", "--setting must be NAME=VALUE");
        yield return Case("name with a colon", "--of Fimidara --secret Token=env:X", "without colons", name: "a:b");
        yield return Case("name in use", "--of Fimidara --secret Token=env:X", "There is a connection 'storage'", name: "storage");
        yield return Case("name of a variable's connection", "--of Fimidara --secret Token=env:X", "names are unique", name: "outside");
        yield return Case("unreadable secret", "--of Fimidara --secret Token=env:NOT_SET", "NOT_SET", exitCode: 4);
        yield return Case("nobody there", "--of Xms -s BaseAddress=http://127.0.0.1:1/v1 -s MaxRetries=0 --secret AccessToken=env:X",
            "could not be reached", exitCode: 5);
    }

    [TestCaseSource(nameof(Wrong))]
    public async Task A_problem_is_one_message_and_nothing_is_written(string arguments, string said, string name, int exitCode)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var before = await File.ReadAllTextAsync(workplace.ConnectionsFile);
        var variables = new Dictionary<string, string> { ["X"] = Secret };
        if (name == "outside")
            variables["Tokenwright__Xms__outside__MaxRetries"] = "1";
        var run = await workplace.RunAsync(["connections", "add", name, .. arguments.Split(' ')], variables);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(exitCode), run.ToString());
            Assert.That(run.Error, Does.Contain(said).And.Not.Contain(Secret).And.Not.Contain("   at "));
            var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.That(lines, Has.Length.EqualTo(exitCode == 2 ? 1 : 2), run.Error);
            Assert.That(exitCode == 2 || lines[1].StartsWith("Nothing was written.", StringComparison.Ordinal), run.Error);
            Assert.That(run.Output, Is.Empty);
            Assert.That(File.ReadAllText(workplace.ConnectionsFile), Is.EqualTo(before));
            Assert.That(Directory.EnumerateFiles(Path.GetDirectoryName(workplace.ConnectionsFile)!), Has.Exactly(1).Items);
        });
    }

    [Test]
    public async Task A_rejected_credential_is_not_written_unless_the_user_wants_no_test()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var emulator = workplace.Emulators[0];
        string[] add = ["connections", "add", "lab", "--of", "Xms", "-s", $"BaseAddress={emulator.ConnectionSettings["BaseAddress"]}",
            "--secret", $"AccessToken=file:{workplace.WritePrivate("wrong", Secret)}"];
        var fresh = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = workplace.In("fresh") };
        var tested = await workplace.RunAsync(add, fresh);
        var isWritten = Directory.Exists(workplace.In("fresh"));
        var requests = emulator.Requests.Count;
        var untested = await workplace.RunAsync([.. add, "--no-test", "-o", "json"], fresh);
        Assert.Multiple(() =>
        {
            Assert.That(tested.ExitCode, Is.EqualTo(4), tested.ToString());
            Assert.That(tested.Error, Does.Contain("Nothing was written.").And.Contain("--no-test").And.Not.Contain(Secret));
            Assert.That(isWritten, Is.False);
            Assert.That(untested.ExitCode, Is.Zero, untested.ToString());
            Assert.That(untested.Error, Does.Contain("tokenwright connections test -c lab"));
            Assert.That((string?)JsonNode.Parse(untested.Output)!["connections"]![0]!["result"], Is.Null);
            Assert.That(emulator.Requests, Has.Count.EqualTo(requests), "nothing was sent");
        });
    }

    [Test]
    public async Task The_test_changes_nothing_and_shows_whose_token_it_is()
    {
        using var workplace = new Workplace();
        foreach (var emulator in workplace.Emulators)
        {
            var secret = emulator.ConnectionSettings.First(
                setting => setting.Key is "ClientSecret" or "ApiToken" or "Token" or "AccessToken");
            var before = emulator.Tokens.Select(token => $"{token.Id} {token.Name} {token.IsRevoked} {token.IsDeactivated}").ToList();
            var settings = emulator.ConnectionSettings.Where(setting => setting.Key != secret.Key)
                .SelectMany(setting => new[] { "-s", $"{setting.Key}={setting.Value}" });
            var run = await workplace.RunAsync(["connections", "add", emulator.Vendor, "--of", emulator.Vendor, .. settings, "--secret",
                $"{secret.Key}=env:X", "-o", "json"], new Dictionary<string, string> { ["X"] = secret.Value });
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            var row = JsonNode.Parse(run.Output)!["connections"]![0]!;
            Assert.Multiple(() =>
            {
                Assert.That((string)row["result"]!, Is.EqualTo("works"), run.ToString());
                Assert.That(emulator.Tokens.Select(token => $"{token.Id} {token.Name} {token.IsRevoked} {token.IsDeactivated}"),
                    Is.EqualTo(before));
                HoldFacts(row);
            });
        }
    }

    [Test]
    public async Task A_test_says_of_every_connection_what_is_known_of_its_token_and_why_the_rest_is_not()
    {
        using var workplace = new Workplace();
        var run = await workplace.RunAsync("connections", "test", "-o", "json");
        var rows = JsonNode.Parse(run.Output)!["connections"]!.AsArray();
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(rows, Has.Count.EqualTo(Workplace.ConnectionNames.Count));
        Assert.Multiple(() =>
        {
            foreach (var row in rows)
                HoldFacts(row!);
            Assert.That(rows.Select(row => row!["owner"]).OfType<JsonObject>(), Is.Not.Empty);
        });
    }

    [Test]
    public async Task If_the_token_has_no_record_or_the_credential_may_not_read_it_the_facts_are_unknown_with_the_reason()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var address = workplace.Emulators[0].ConnectionSettings["BaseAddress"];
        var path = workplace.WritePrivate("session.json", $$"""
            { "Tokenwright": { "Xms": { "session": { "BaseAddress": "{{address}}", "Username": "{{XmsEmulator.Username}}",
              "Password": { "EnvironmentVariable": "P" } } } } }
            """);
        var session = await workplace.RunAsync(["connections", "test", "-o", "json", "--config", path],
            new Dictionary<string, string> { ["P"] = XmsEmulator.Password.Reveal() });
        workplace.Emulators[0].Faults.Inject(Fault.Status(403), "POST", "*:validate");
        var forbidden = await workplace.RunAsync("connections", "test", "-o", "json");
        Assert.Multiple(() =>
        {
            Assert.That((session.ExitCode, forbidden.ExitCode), Is.EqualTo((0, 0)), $"{session}\n{forbidden}");
            foreach (var (run, why) in new[] { (session, "has no token of its own"), (forbidden, "403") })
            {
                var row = JsonNode.Parse(run.Output)!["connections"]![0]!;
                Assert.That(row["unknown"]!.AsArray().Select(field => (string)field!),
                    Is.EqualTo(new[] { "owner", "expiresAt", "scopes" }), run.ToString());
                Assert.That((string)row["unknownReason"]!, Does.Contain(why));
                Assert.That((row["neverExpires"], row["owner"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
            }
        });
    }

    [Test]
    public async Task A_path_of_a_secret_is_valid_from_every_folder()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.WritePrivate("token", workplace.Emulators[0].ConnectionSettings["AccessToken"]);
        var added = await workplace.RunAsync("connections", "add", "lab", "--of", "Xms", "-s",
            $"BaseAddress={workplace.Emulators[0].ConnectionSettings["BaseAddress"]}", "--secret", "AccessToken=file:token");
        Assert.That(added.ExitCode, Is.Zero, added.ToString());
        Assert.That((string)JsonNode.Parse(await File.ReadAllTextAsync(workplace.ConnectionsFile))!["Tokenwright"]!["Xms"]!["lab"]![
            "AccessToken"]!["File"]!, Is.EqualTo(workplace.In("token")));
    }

    // Each fact is there, or it is unknown and the reason says why. It is never both.
    private static void HoldFacts(JsonNode row)
    {
        var unknown = row["unknown"]!.AsArray().Select(field => (string)field!).ToList();
        Assert.That(unknown.Contains("owner"), Is.EqualTo(row["owner"] is null), row.ToJsonString());
        Assert.That(unknown.Contains("expiresAt"), Is.EqualTo(row["expiresAt"] is null && (bool?)row["neverExpires"] != true));
        Assert.That(unknown.Contains("scopes"), Is.EqualTo(row["scopes"]!.AsArray().Count + row["roles"]!.AsArray().Count == 0));
        Assert.That(unknown.Count == 0, Is.EqualTo(row["unknownReason"] is null), row.ToJsonString());
    }

    private static TestCaseData Case(string title, string arguments, string said, string name = "two", int exitCode = 2)
        => new TestCaseData(arguments, said, name, exitCode).SetArgDisplayNames(title);
}
