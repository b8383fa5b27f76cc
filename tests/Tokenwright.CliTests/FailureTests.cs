using System.Text.Json.Nodes;
using Tokenwright.Testing;
using Tokenwright.UnitTests;

namespace Tokenwright.CliTests;

/// <summary>
/// Vendors that fail, one after the other and all together. The tool shows the results of the others, and the exit status tells what
/// happened.
/// </summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class FailureTests
{
    private static IEnumerable<TestCaseData> Failing()
        => from connection in Workplace.ConnectionNames from command in connection.Key == "Xms"
            ? ["list", "audit", "connections test"] : new[] { "list" } select new TestCaseData(connection.Key, command);

    [TestCaseSource(nameof(Failing))]
    public async Task A_vendor_that_is_down_doesn_t_delay_the_others(string vendor, string command)
    {
        using var workplace = new Workplace();
        var down = workplace.Emulators.Single(emulator => emulator.Vendor == vendor);
        using var port = ClosedPort.Of(down, down.BaseAddress);
        var run = await workplace.RunAsync([.. command.Split(' '), "-o", "json"]);
        var root = JsonNode.Parse(run.Output)!;
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(3), run.ToString());
            if (command == "connections test")
            {
                Assert.That(root["connections"]!.AsArray().Where(row => (string)row!["result"]! != "works").Select(
                    row => (string)row!["vendor"]!), Is.EqualTo(new[] { vendor }));
                return;
            }

            var rows = root[command == "list" ? "tokens" : "findings"]!.AsArray().Select(row => (string)row!["vendor"]!).Distinct();
            Assert.That(rows, Is.SupersetOf(Workplace.ConnectionNames.Keys.Except([vendor, "VMwareCloud"])));
            Assert.That(rows, Has.None.EqualTo(vendor));
            Assert.That(root["failures"]!.AsArray().Select(row => (string)row!["vendor"]!), Is.EqualTo(new[] { vendor }));
            Assert.That((string)root["failures"]![0]!["kind"]!, Is.EqualTo("serviceUnavailable"));
            Assert.That(run.Error, Does.Contain($"error: {vendor} connection"));
        });
    }

    [TestCase("list")]
    [TestCase("audit")]
    [TestCase("connections list")]
    [TestCase("connections test")]
    public async Task A_wrong_entry_fails_its_connection_and_the_others_go_on(string command)
    {
        using var workplace = new Workplace(connections: ["storage", "identity"]);
        var text = await File.ReadAllTextAsync(workplace.ConnectionsFile);
        workplace.WritePrivate(workplace.ConnectionsFile, text.Replace("\"ClientId\"", "\"ClientIdd\"", StringComparison.Ordinal));

        var run = await workplace.RunAsync([.. command.Split(' '), "-o", "json"]);
        var one = await workplace.RunAsync([.. command.Split(' '), "-c", "storage"]);
        var root = JsonNode.Parse(run.Output)!.AsObject();

        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(3), run.ToString());
            Assert.That(root.First().Value!.AsArray().Select(row => (string)row!["connection"]!), Has.Some.EqualTo("storage"));
            Assert.That(run.Output, Does.Match(@"connections\.json:\d+: .*ClientIdd.* Did you mean ClientId\?"));
            Assert.That(one.ExitCode, Is.EqualTo(command == "audit" ? 1 : 0), one.ToString());
        });
    }

    [Test]
    public async Task If_all_vendors_are_down_the_status_is_5()
    {
        using var workplace = new Workplace();
        var ports = workplace.Emulators.Select(emulator => ClosedPort.Of(emulator, emulator.BaseAddress)).ToList();
        Assert.That((await workplace.RunAsync("list")).ExitCode, Is.EqualTo(5));
        ports.ForEach(port => port.Dispose());
    }

    [Test]
    public async Task The_status_is_4_if_all_vendors_refuse_the_credential_and_3_if_one_does()
    {
        using var workplace = new Workplace();
        var wrong = new Dictionary<string, string>
        {
            ["Tokenwright__ExtremeCloudIQ__network__ApiToken"] = "wrong", ["Tokenwright__Fimidara__files__Token"] = "wrong",
                ["Tokenwright__SailPoint__identity__ClientSecret"] = "wrong",
            ["Tokenwright__VMwareCloud__cloud__ApiToken"] = "wrong-wrong", ["Tokenwright__Xms__storage__AccessToken"] = "wrong",
        };
        var all = await workplace.RunAsync(["list"], wrong);
        var one = await workplace.RunAsync(["list"], wrong.Take(1).ToDictionary());
        Assert.Multiple(() =>
        {
            Assert.That(all.ExitCode, Is.EqualTo(4), all.ToString());
            Assert.That(one.ExitCode, Is.EqualTo(3), one.ToString());
        });
    }

    [TestCase(401, 4)]
    [TestCase(403, 4)]
    [TestCase(404, 1)]
    [TestCase(429, 5)]
    [TestCase(503, 5)]
    public async Task A_vendor_s_response_leads_to_the_documented_status(int status, int exitCode)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.Emulators[0].Faults.Inject(Fault.Status(status), times: 5);
        Assert.That((await workplace.RunAsync("show", "7", "-c", "storage")).ExitCode, Is.EqualTo(exitCode));
    }

    [TestCase("--count must be a whole number, not 'abc'.", "revoke", "--name", "x", "--count", "abc")]
    [TestCase("--fail-on must be one of None, Low, Medium, High, not 'hihg'.", "audit", "--fail-on", "hihg")]
    [TestCase("'..': ", "revoke", "..", "-c", "storage")]
    [TestCase("Token id abc: ", "revoke", "7", "abc", "-c", "storage", "--dry-run")]
    public async Task A_wrong_value_is_named(string message, params string[] arguments)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync(arguments);
        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain(message));
    }

    [TestCase("nonsense")]
    [TestCase("list", "--nonsense")]
    [TestCase("list", "--page-size", "0")]
    [TestCase("audit", "--on-finding", "")]
    [TestCase("create", "-c", "storage", "--name", "x", "--role", "admin", "--dry-run")]
    [TestCase("create", "-c", "storage", "--name", "x", "--role", "admin", "--yes", "--secret-file", "no-folder/x")]
    [TestCase("create", "-c", "storage", "--name", "x", "--role", "admin", "--dry-run", "--secret-file",
        "config/tokenwright/connections.json")]
    [TestCase("list", "-o", "xml")]
    [TestCase("list", "-o", "sarif")]
    [TestCase("list", "-c", "nonsense")]
    [TestCase("list", "--vendor", "nonsense")]
    [TestCase("list", "--unused-since", "yesterday")]
    [TestCase("list", "--config", "nonsense.json")]
    [TestCase("show", "7")]
    [TestCase("show", "-c", "storage")]
    [TestCase("show", "7", "--self", "-c", "storage")]
    [TestCase("show", "..", "-c", "storage")]
    [TestCase("show", "--secret", "the-secret-itself", "-c", "storage")]
    [TestCase("audit", "--rule", "TW999")]
    [TestCase("audit", "--fail-on", "9000")]
    [TestCase("revoke", "-c", "storage")]
    [TestCase("revoke", "7", "--from-file", "x", "-c", "storage")]
    [TestCase("revoke", "--from-file", "nonsense.txt", "-c", "storage")]
    [TestCase("revoke", "7", "--parallel", "0", "-c", "storage")]
    [TestCase("create", "-c", "storage", "--expires", "soon", "--reveal")]
    [TestCase("create", "-c", "storage", "--reveal", "--secret-file", "x")]
    [TestCase("create", "-c", "storage", "--name", "x", "--reveal", "--yes")]
    [TestCase("update", "7", "-c", "storage", "--yes")]
    [TestCase("create", "-c", "storage", "--reveal", "--expires", "05/06/2027")]
    [TestCase("create", "-c", "storage", "--reveal", "--expires", "1.2.2027")]
    [TestCase("create", "-c", "storage", "--reveal", "--expires", "2027-1-2")]
    [TestCase("create", "-c", "storage", "--reveal", "--expires", "2027")]
    [TestCase("list", "--expires-before", "Jan 5 2027")]
    [TestCase("list", "--unused-since", "12:30")]
    [TestCase("watch", "--every", "0s")]
    [TestCase("completion", "nonsense")]
    [TestCase("vendors", "--vendor", "nonsense")]
    public async Task A_command_that_makes_no_sense_returns_status_2_and_says_why(params string[] arguments)
    {
        using var workplace = new Workplace(connections: []);
        workplace.WritePrivate("config/tokenwright/connections.json", """
            { "Tokenwright": {
              "Xms": { "storage": { "BaseAddress": "http://127.0.0.1:1/v1", "AccessToken": { "EnvironmentVariable": "UNSET" },
              "MaxRetries": 0 } },
              "SailPoint": { "identity": { "BaseAddress": "http://127.0.0.1:1/", "ClientId": "x",
              "ClientSecret": { "EnvironmentVariable": "UNSET" }, "MaxRetries": 0 } } } }
            """);
        var run = await workplace.RunAsync(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Contain("error: ").And.Not.Contain("   at "));
            Assert.That(run.Error, Does.Not.Contain("the-secret-itself"));
        });
    }

    [TestCase("2027-02-01", "2027-02-01T00:00:00Z")]
    [TestCase("2027-02-01T12:30Z", "2027-02-01T12:30:00Z")]
    [TestCase("2027-02-01T12:30:05.25+05:30", "2027-02-01T07:00:05.25Z")]
    public async Task A_time_of_ISO_8601_is_read(string text, string instant)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var run = await workplace.RunAsync(
            "create", "-c", "identity", "--name", "x", "--expires", text, "--reveal", "--dry-run", "-o", "json");
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        var body = (string)JsonNode.Parse(run.Output)!["calls"]!.AsArray().Last()!["body"]!;
        Assert.That(
            DateTimeOffset.Parse((string)JsonNode.Parse(body)!["expirationDate"]!, System.Globalization.CultureInfo.InvariantCulture),
            Is.EqualTo(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
