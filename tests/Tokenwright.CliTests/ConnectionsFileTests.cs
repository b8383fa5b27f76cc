using System.Text.Json.Nodes;
using NJsonSchema;

namespace Tokenwright.CliTests;

/// <summary>The connections file: errors name the file, the line and the field, and never contain a secret.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class ConnectionsFileTests
{
    private const string Secret = "canary-0123456789abcdef";

    // The content of the file, the line that the error names (0 for none), and the text that the error contains. isSemantic: only the tool
    // finds the error, the schema can't.
    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("empty", "", 1, "the file is empty", json: false);
        yield return Case("not JSON", "{\n  \"Tokenwright\": {\n    oops\n}", 3, "this is not JSON", json: false);
        yield return Case("cut short", "{ \"Tokenwright\": {\n  \"Xms\": {", 2, "this is not JSON", json: false);
        yield return Case("two documents", "{ \"Tokenwright\": {} }\n{}", 2, "JSON", json: false);
        yield return Case("a list", "[]", 1, "must be an object, not a list");
        yield return Case("no root", "{ \"$schema\": \"x\" }", 1, "has no member \"Tokenwright\"");
        yield return Case("misspelt root", "{\n  \"Tokenwrigth\": {}\n}", 2, "Did you mean Tokenwright?");
        yield return Case("root is a text", "{\n  \"Tokenwright\": \"x\"\n}", 2, "must be an object: vendors");
        yield return Case("unknown vendor", Vendor("SalePoint", "{ \"a\": {} }"), 3, "Did you mean SailPoint?");
        yield return Case("vendor is a list", Vendor("Xms", "[]"), 3, "must be an object: connections by name, not a list");
        yield return Case("connection is a text", Vendor("Xms", "{ \"lab\": \"x\" }"), 3, "must be an object: the connection's settings");
        yield return Case("name with a colon", Vendor("Xms", "{ \"a:b\": {} }"), 3, "without colons");
        yield return Case("empty name", Vendor("Xms", "{ \"\": {} }"), 3, "must have a text");
        yield return Case("name twice", Vendor("Xms", "{ \"lab\": {},\n \"lab\": {} }"), 4, "occurs here a second time", json: false);
        yield return Case("setting twice", Xms("\"MaxRetries\": 1,\n\"maxRetries\": 2"), 6,
            "occurs here a second time; the first is in line 5", json: false);
        yield return Case(
            "name at two vendors",
            "{ \"Tokenwright\": {\n\"Xms\": { \"lab\": { \"BaseAddress\": \"https://x.example/v1\", \"AccessToken\": { \"File\": \"t\" } " +
            "} },\n\"Fimidara\": { \"lab\": { \"Token\": { \"File\": \"t\" } } } } }", 3, "names are unique over all vendors",
            isSemantic: true);
        yield return Case("misspelt setting", Xms("\"AccesToken\": \"" + Secret + "\""), 5, "Did you mean AccessToken?");
        yield return Case("setting of another vendor", Xms("\"ClientId\": \"x\""), 5, "is not a setting of Xms");
        yield return Case("address without scheme", Xms("\"BaseAddress\": \"xms.example/v1\""), 5, "an address with its scheme");
        yield return Case("address is a number", Xms("\"BaseAddress\": 5"), 5, "an address with its scheme");
        yield return Case("plain http", Xms("\"BaseAddress\": \"http://xms.example/v1\""), 5, "unencrypted", isSemantic: true);
        yield return Case("address with a user", Xms("\"BaseAddress\": \"https://u:" + Secret + "@xms.example/v1\""), 5,
            "must have no user", isSemantic: true);
        yield return Case("address without the base path", Xms("\"BaseAddress\": \"https://xms.example/\""), 5,
            "must end in the API's base path", isSemantic: true);
        yield return Case("time as a number", Xms("\"TotalTimeout\": 30"), 5, "hours:minutes:seconds");
        yield return Case("time without colons", Xms("\"TotalTimeout\": \"30\""), 5, "hours:minutes:seconds");
        yield return Case("time out of range", Xms("\"TotalTimeout\": \"2.00:00:00\""), 5, "TotalTimeout", isSemantic: true);
        yield return Case("total shorter than attempt", Xms("\"TotalTimeout\": \"00:00:05\""), 5, "must not be shorter", isSemantic: true);
        yield return Case("number is a word", Xms("\"MaxRetries\": \"many\""), 5, "a whole number");
        yield return Case("number is a fraction", Xms("\"MaxRetries\": 1.5"), 5, "a whole number");
        yield return Case("number out of range", Xms("\"MaxRetries\": 99"), 5, "MaxRetries", isSemantic: true);
        yield return Case("truth is a word", Xms("\"FollowRateLimitHeaders\": \"perhaps\""), 5, "true or false");
        yield return Case(
            "word of no list", Vendor("Fimidara", "{ \"f\": {\n\"Token\": { \"File\": \"t\" },\n\"TokenKind\": \"Agent\" } }"), 5,
            "one of AgentToken, ClientAssignedToken, ProgramAccessToken, ClientAssignedToken2023, ProgramAccessToken2023");
        yield return Case("setting is null", Xms("\"MaxRetries\": null"), 5, "a whole number, not null");
        yield return Case("empty secret", Xms("\"AccessToken\": \"\""), 5, "an empty secret");
        yield return Case("secret is a number", Xms("\"AccessToken\": 12345"), 5, "a secret is");
        yield return Case("secret from nowhere", Xms("\"AccessToken\": {}"), 5, "exactly one source");
        yield return Case(
            "secret from two places", Xms("\"AccessToken\": { \"File\": \"a\", \"EnvironmentVariable\": \"B\" }"), 5, "exactly one source");
        yield return Case(
            "secret from an unknown place", Xms("\"AccessToken\": { \"Vault\": \"a\" }"), 5, "is not a source of a secret");
        yield return Case("secret from an empty file name", Xms("\"AccessToken\": { \"File\": \"\" }"), 5, "File is empty");
        yield return Case("secret from an empty command", Xms("\"AccessToken\": { \"Command\": [] }"), 5, "Command must be");
        yield return Case("consumer alone", Xms("\"AccessToken\": { \"Consumer\": \"a\" }"), 5, "exactly one source");
        yield return Case("consumer of a variable", Xms("\"AccessToken\": { \"EnvironmentVariable\": \"A\", \"Consumer\": \"b\" }"), 5,
            "acknowledges a secret from a File only");
        yield return Case("consumer is a number", Xms("\"AccessToken\": { \"File\": \"a\", \"Consumer\": 1 }"), 5,
            "Consumer must be a text");
        yield return Case("consumer with a slash", Xms("\"AccessToken\": { \"Consumer\": \"b/c\", \"File\": \"a\" }"), 5,
            "1 to 64 ASCII letters");
        yield return Case("no id", Vendor("SailPoint", "{ \"lab\": { \"BaseAddress\": \"https://x.example\", \"ClientSecret\": " +
            "{ \"EnvironmentVariable\": \"A\" } } }"), 3, "ClientId is missing", isSemantic: true);
        yield return Case("stdin is no", Xms("\"AccessToken\": { \"Stdin\": false }"), 5, "Stdin must be true");
        yield return Case("secret with a line end", Xms("\"AccessToken\": \"" + Secret + "\\n\""), 5,
            "a line break or another control character", isSemantic: true);
        yield return Case("no credential", Vendor("Xms", "{ \"lab\": { \"BaseAddress\": \"https://x.example/v1\" } }"), 3,
            "AccessToken is missing", isSemantic: true);
        yield return Case("two credentials", Xms("\"AccessToken\": { \"File\": \"a\" }, \"Username\": \"b\""), 5,
            "keep the one or the others", isSemantic: true);
        yield return Case("no address", Vendor("SailPoint", "{ \"lab\": { \"ClientId\": \"a\", \"ClientSecret\": { \"File\": \"b\" } } }"),
            3, "BaseAddress is missing", isSemantic: true);
        yield return Case("UTF-16", "\ufeff{ }", 1, "is UTF-16", json: false);
    }

    [TestCaseSource(nameof(Broken))]
    public async Task An_error_is_reported_with_its_line(string name, string text, int line, string said, bool json, bool isSemantic)
    {
        using var workplace = new Workplace(connections: []);
        var path = workplace.WritePrivate("broken.json", text);
        if (name == "UTF-16")
            await File.WriteAllTextAsync(path, text, System.Text.Encoding.Unicode);
        var run = await workplace.RunAsync("connections", "list", "--config", path);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Contain(line > 0 ? $"{path}:{line}: " : path), run.ToString());
            Assert.That(run.Error, Does.Contain(said));
            Assert.That(run.Error + run.Output, Does.Not.Contain(Secret));
            Assert.That(run.Error, Does.Not.Contain("   at "), "no stack is shown");
        });

        // The schema checks what an editor can check: forms and names, not how settings depend on each other.
        if (json)
            Assert.That((await SchemaAsync()).Validate(text), isSemantic ? Is.Empty : Is.Not.Empty);
    }

    [Test]
    public void There_are_at_least_30_kinds_of_errors() => Assert.That(Broken().Count(), Is.GreaterThanOrEqualTo(30));

    [Test]
    public async Task All_problems_are_reported_together()
    {
        using var workplace = new Workplace(connections: []);
        var path = workplace.WritePrivate("broken.json", Xms("\"A\": 1,\n\"B\": 2,\n\"MaxRetries\": \"x\""));
        var run = await workplace.RunAsync("list", "--config", path);
        Assert.That(run.Error.Split('\n').Where(line => line.Contains(path, StringComparison.Ordinal)).ToList(), Has.Count.EqualTo(3),
            run.ToString());
    }

    [Test]
    public async Task The_schema_accepts_what_the_tool_accepts()
    {
        using var workplace = new Workplace(connections: []);
        var text = """
            {
              "$schema": "connections.schema.json",
              "Tokenwright": {
                "SailPoint": { "identity": { "BaseAddress": "https://acme.api.identitynow.com", "ClientId": "a",
                "ClientSecret": { "Command": ["pass", "show", "a"] }, "ApiVersion": "v2025" } },
                "ExtremeCloudIQ": { "network": { "ApiToken": { "EnvironmentVariable": "XIQ" }, "CallsPerWindow": null,
                "FollowRateLimitHeaders": "true" } },
                "Fimidara": { "files": { "Token": { "File": "token" }, "TokenKind": "AgentToken", "TotalTimeout": "00:01:00",
                "MaxRetries": "2" } },
                "Xms": { "storage": { "BaseAddress": "https://x.example/api/v1", "Username": "u", "Password": { "Stdin": true } } },
                "VMwareCloud": { "cloud": { "ApiToken": "in plain text" } }
              }
            }
            """;
        var run = await workplace.RunAsync("connections", "list", "-o", "json", "--config", workplace.WritePrivate("good.json", text));
        Assert.Multiple(async () =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That((await SchemaAsync()).Validate(text), Is.Empty);
            Assert.That(run.Error, Does.Match("good.json:11: Tokenwright:VMwareCloud:cloud:ApiToken is a secret in plain text"));
            Assert.That(run.Output + run.Error, Does.Not.Contain("in plain text\"").And.Not.Contain("pass"));
        });
    }

    [Test]
    public void The_schema_file_matches_the_options_of_the_vendors()
        => SchemaFile.Hold("connections.schema.json", ConnectionsSchema.Make());

    [Test]
    [Platform("Linux,MacOsX")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_file_that_others_can_write_is_refused_and_one_that_they_can_read_if_it_holds_a_secret()
    {
        using var workplace = new Workplace(connections: []);
        var plain = workplace.WritePrivate("plain.json", Xms("\"AccessToken\": \"" + Secret + "\""));
        var careful = workplace.WritePrivate("careful.json", Xms("\"AccessToken\": { \"File\": \"x\" }"));
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        var kept = await workplace.RunAsync("connections", "list", "--config", plain);
        File.SetUnixFileMode(plain, Readable);
        File.SetUnixFileMode(careful, Readable);
        var read = await workplace.RunAsync("connections", "list", "--config", plain);
        var fine = await workplace.RunAsync("connections", "list", "--config", careful);
        File.SetUnixFileMode(careful, Readable | UnixFileMode.GroupWrite);
        var written = await workplace.RunAsync("connections", "list", "--config", careful);
        Assert.Multiple(() =>
        {
            Assert.That(kept.ExitCode, Is.Zero);
            Assert.That(kept.Error, Does.Contain("warning:").And.Contain("plain.json:5").And.Contain("in plain text"));
            Assert.That(read.ExitCode, Is.EqualTo(2));
            Assert.That(read.Error, Does.Contain("chmod 600"));
            Assert.That(fine.ExitCode, Is.Zero, fine.ToString());
            Assert.That(written.ExitCode, Is.EqualTo(2));
            Assert.That(written.Error, Does.Contain("can be written by other users"));
        });
    }

    [Test]
    public async Task Options_override_the_environment_which_overrides_the_file()
    {
        using var workplace = new Workplace(connections: []);
        workplace.WritePrivate("config/tokenwright/connections.json",
            Vendor("Xms", "{ \"lab\": { \"BaseAddress\": \"https://file.example/v1\", \"AccessToken\": { \"File\": \"x\" } } }"));
        async Task<string> AddressAsync(string[] more, Dictionary<string, string>? environment)
            => (string)JsonNode.Parse((await workplace.RunAsync(["connections", "list", "-o", "json", .. more], environment)).Output)![
                "connections"]![0]!["baseAddress"]!;
        var variable = new Dictionary<string, string> { ["Tokenwright__Xms__lab__BaseAddress"] = "https://env.example/v1" };
        Assert.Multiple(async () =>
        {
            Assert.That(await AddressAsync([], null), Is.EqualTo("https://file.example/v1/"));
            Assert.That(await AddressAsync([], variable), Is.EqualTo("https://env.example/v1/"));
            Assert.That(await AddressAsync(["--set", "Xms:lab:BaseAddress=https://option.example/v1"], variable),
                Is.EqualTo("https://option.example/v1/"));
        });
    }

    [TestCase("Xms:lab:AccessToken=" + Secret)]
    [TestCase("SailPoint:x:ClientSecret=" + Secret)]
    public async Task A_secret_is_never_taken_from_an_argument(string set)
    {
        using var workplace = new Workplace(connections: []);
        var run = await workplace.RunAsync("list", "--set", set);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Error, Does.Contain("arguments are seen by other users").And.Not.Contain(Secret));
        });
    }

    [TestCase("env")]
    [TestCase("file")]
    [TestCase("command")]
    [TestCase("command list")]
    [TestCase("stdin")]
    [TestCase("variable of the connection")]
    public async Task A_secret_is_read_from_each_source(string place)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var emulator = workplace.Emulators[0];
        var secret = emulator.ConnectionSettings["AccessToken"];
        var source = place switch
        {
            "env" => """{ "EnvironmentVariable": "THE_TOKEN" }""",
            "file" => $$"""{ "File": {{JsonValue.Create(workplace.WritePrivate("token", secret + "\n")).ToJsonString()}} }""",
            "command" => """{ "Command": "printf '%s\n' \"$THE_TOKEN\"" }""",
            "command list" => """{ "Command": ["printenv", "THE_TOKEN"] }""",
            _ => """{ "Stdin": true }""",
        };
        var settings =
            $$"""{ "Tokenwright": { "Xms": { "lab": { "BaseAddress":""" +
            $$""" "{{emulator.ConnectionSettings["BaseAddress"]}}"{{(place.StartsWith("variable", StringComparison.Ordinal)
            ? string.Empty : $", \"AccessToken\": {source}")}} } } } }""";
        var run = await workplace.RunAsync(
            ["connections", "test", "--config", workplace.WritePrivate("c.json", settings)],
            new Dictionary<string, string> { ["THE_TOKEN"] = secret,
                [place.StartsWith("variable", StringComparison.Ordinal) ? "Tokenwright__Xms__lab__AccessToken" : "UNUSED"] = secret },
            place == "stdin" ? secret + "\n" : string.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run.Output + run.Error, Does.Not.Contain(secret));
        });
    }

    [Test]
    public async Task A_file_gives_id_and_secret_at_once_and_is_acknowledged()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var settings = workplace.Emulators[0].ConnectionSettings;
        var secret = workplace.WritePrivate("pair.json", new JsonObject
            { ["generation"] = 2, ["id"] = settings["ClientId"], ["secret"] = settings["ClientSecret"] }.ToJsonString());
        var connection = new JsonObject
        {
            ["BaseAddress"] = settings["BaseAddress"],
            ["ClientSecret"] = new JsonObject { ["Consumer"] = "the-tool", ["File"] = secret },
        };
        var file = new JsonObject
            { ["Tokenwright"] = new JsonObject { ["SailPoint"] = new JsonObject { ["lab"] = connection } } }.ToJsonString();
        Assert.That((await SchemaAsync()).Validate(file), Is.Empty);

        var run = await workplace.RunAsync("connections", "test", "--config", workplace.WritePrivate("c.json", file));

        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(run.Output + run.Error, Does.Not.Contain(settings["ClientSecret"]));
        var acknowledged = JsonNode.Parse(await File.ReadAllTextAsync(secret + ".ack.the-tool"))!;
        Assert.That(((string?)acknowledged["consumer"], (int?)acknowledged["generation"]), Is.EqualTo(("the-tool", (int?)2)));
    }

    [TestCase("""{ "EnvironmentVariable": "NOT_SET_ANYWHERE" }""", "NOT_SET_ANYWHERE")]
    [TestCase("""{ "File": "there/is/none" }""", "there/is/none")]
    [TestCase("""{ "File": "c.json" }""", "it begins as a JSON object, and \"secret\" is missing")]
    [TestCase("""{ "Command": "echo why >&2; exit 3" }""", "why\n.*The command '/bin/sh' for a secret failed with status 3\\.")]
    [TestCase("""{ "Command": ["no-such-program-anywhere"] }""", "The command 'no-such-program-anywhere' can't be started: .*No such file")]
    [TestCase("""{ "Command": "true" }""", "The command '/bin/sh' for a secret gave nothing instead of a secret\\.")]
    [TestCase("""{ "Command": "echo a; echo b" }""", "gave more than one line")]
    [TestCase("""{ "Stdin": true }""", "The standard input gave nothing")]
    public async Task A_secret_that_can_t_be_read_is_a_failure_of_authentication(string source, string said)
    {
        using var workplace = new Workplace(connections: []);
        var run = await workplace.RunAsync("list", "--config", workplace.WritePrivate("c.json", Xms($"\"AccessToken\": {source}")));
        var dry = await workplace.RunAsync(
            "create", "--name", "x", "--role", "y", "--reveal", "--dry-run", "--config", workplace.In("c.json"));
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(4), run.ToString());
            Assert.That(dry.ExitCode, Is.EqualTo(4), dry.ToString());
            Assert.That(run.Error, Does.Match($"(?s){said}").And.Not.Contain("delegate").And.Not.Contain("Exception"));
            Assert.That(dry.Error, Does.Not.Contain("   at "));
        });
    }

    [Test]
    public async Task A_connection_is_added_tested_listed_and_removed()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var emulator = workplace.Emulators[0];
        var environment = new Dictionary<string, string>
            { ["THE_TOKEN"] = emulator.ConnectionSettings["AccessToken"], ["XDG_CONFIG_HOME"] = workplace.In("fresh") };
        Task<Run> Tool(params string[] arguments) => workplace.RunAsync(arguments, environment);
        var none = await Tool("list");
        var added = await Tool("connections", "add", "lab", "--of", "xms", "-s",
            $"BaseAddress={emulator.ConnectionSettings["BaseAddress"]}", "--secret", "AccessToken=env:THE_TOKEN");
        var again = await Tool("connections", "add", "lab", "--of", "Xms", "--secret", "AccessToken=env:THE_TOKEN");
        var wrong = await Tool("connections", "add", "two", "--of", "Xms", "-s", "BaseAdress=https://x.example/v1");
        var plain = await Tool("connections", "add", "two", "--of", "Xms", "--secret", "AccessToken=" + Secret);
        var tested = await Tool("connections", "test", "-o", "json");
        var removed = await Tool("connections", "remove", "lab", "--yes");
        var gone = await Tool("connections", "remove", "lab", "--yes");
        Assert.Multiple(() =>
        {
            Assert.That(none.ExitCode, Is.EqualTo(2));
            Assert.That(none.Error, Does.Contain("tokenwright connections add").And.Contain("tokenwright-emulator --all"));
            Assert.That(added.ExitCode, Is.Zero, added.ToString());
            Assert.That(again.Error, Does.Contain("already"));
            Assert.That(wrong.ExitCode, Is.EqualTo(2));
            Assert.That(wrong.Error, Does.Contain("Did you mean BaseAddress?"));
            Assert.That(plain.ExitCode, Is.EqualTo(2));
            Assert.That(plain.Error, Does.Not.Contain(Secret));
            Assert.That((string?)JsonNode.Parse(tested.Output)!["connections"]![0]!["result"], Is.EqualTo("works"), tested.ToString());
            Assert.That(removed.ExitCode, Is.Zero, removed.ToString());
            Assert.That(gone.ExitCode, Is.EqualTo(2));
            if (!OperatingSystem.IsWindows())
                Assert.That(File.GetUnixFileMode(workplace.In("fresh/tokenwright/connections.json")),
                    Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        });
    }

    private static TestCaseData Case(string name, string text, int line, string said, bool json = true, bool isSemantic = false)
        => new TestCaseData(name, text, line, said, json, isSemantic).SetArgDisplayNames(name);

    private static string Vendor(string vendor, string value) => $"{{\n  \"Tokenwright\": {{\n    \"{vendor}\": {value}\n  }}\n}}";

    // The settings start in line 5.
    private static string Xms(string settings)
    {
        var address = settings.Contains("\"BaseAddress\"", StringComparison.Ordinal)
            ? string.Empty : "\"BaseAddress\": \"https://x.example/v1\", ";
        var token = settings.Contains("\"AccessToken\"", StringComparison.Ordinal)
            ? string.Empty : ", \"AccessToken\": { \"File\": \"token\" }";
        return $"{{\n  \"Tokenwright\": {{\n    \"Xms\": {{\n      \"lab\": {{ {address}\n{settings}{token} }}\n    }}\n  }}\n}}";
    }

    private static async Task<JsonSchema> SchemaAsync()
        => await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(SchemaFile.PathOf("connections.schema.json")));
}
