using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Connections;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary><c>connections login</c> in a terminal: what it asks, what it writes, and what it leaves behind when it stops.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class LoginTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static IEnumerable<string> Vendors() => Workplace.ConnectionNames.Keys;

    [TestCaseSource(nameof(Vendors))]
    public async Task A_login_asks_for_what_the_vendor_needs_and_keeps_the_secret_in_a_private_file(string vendor)
    {
        using var workplace = new Workplace(connections: [Workplace.ConnectionNames[vendor]]);
        using var terminal = Login(workplace, vendor);
        await AnswerAsync(terminal, workplace.Emulators[0]);
        await AnswerAsync(terminal, "Keep ", "", "File:", "");
        Assert.That(await terminal.EndAsync(), Is.Zero, terminal.Screen);

        var name = vendor.ToLowerInvariant();
        var secretFile = Directory.EnumerateFiles(workplace.In("fresh/tokenwright/secrets")).Single();
        var test = await workplace.RunAsync(["connections", "test", "-o", "json"], Fresh(workplace));
        var row = JsonNode.Parse(test.Output)!["connections"]!.AsArray().Single()!;
        Assert.Multiple(() =>
        {
            Assert.That(terminal.Screen, Does.Contain($"Added {vendor} connection '{name}'").And.Not.Contain(SecretOf(workplace)));
            Assert.That(File.ReadAllText(ConnectionsFile(workplace)), Does.Not.Contain(SecretOf(workplace)));
            Assert.That(File.ReadAllText(secretFile), Is.EqualTo(SecretOf(workplace)));
            Assert.That(File.GetUnixFileMode(secretFile), Is.EqualTo(OwnerOnly));
            Assert.That(((string)row["connection"]!, (string)row["result"]!), Is.EqualTo((name, "works")), test.ToString());
            Assert.That(terminal.Echoes);
        });
    }

    [Test]
    public async Task A_secret_is_given_to_a_command_and_read_back()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = Login(workplace, "Xms");
        await AnswerAsync(terminal, workplace.Emulators[0]);
        await AnswerAsync(terminal, "Keep ", "command", "Command that stores", "cat > store", "Command that prints", "cat store");
        Assert.That(await terminal.EndAsync(), Is.Zero, terminal.Screen);
        var test = await workplace.RunAsync(["connections", "test"], Fresh(workplace));
        Assert.Multiple(() =>
        {
            Assert.That(File.ReadAllText(workplace.In("store")), Is.EqualTo(SecretOf(workplace)));
            Assert.That(Connection(workplace)["AccessToken"]!.ToJsonString(), Is.EqualTo("""{"Command":"cat store"}"""));
            Assert.That(test.ExitCode, Is.Zero, test.ToString());
        });
    }

    [Test]
    public async Task A_command_that_prints_another_secret_is_refused_and_no_connection_is_written()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = Login(workplace, "Xms");
        await AnswerAsync(terminal, workplace.Emulators[0]);
        await AnswerAsync(terminal, "Keep ", "command", "Command that stores", "", "Command that prints", "echo another");
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(2), terminal.Screen);
            Assert.That(terminal.Screen, Does.Contain("prints another secret"));
            Assert.That(Directory.Exists(workplace.In("fresh")), Is.False);
        });
    }

    [Test]
    public async Task A_secret_can_stay_in_an_environment_variable()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = Login(workplace, "Xms");
        await AnswerAsync(terminal, workplace.Emulators[0]);
        await AnswerAsync(terminal, "Keep ", "variable", "Environment variable:", "a-b", "Environment variable:", "");
        Assert.That(await terminal.EndAsync(), Is.Zero, terminal.Screen);
        var variables = Fresh(workplace);
        variables["XMS_ACCESSTOKEN"] = SecretOf(workplace);
        var test = await workplace.RunAsync(["connections", "test"], variables);
        Assert.Multiple(() =>
        {
            Assert.That(terminal.Screen, Does.Contain("letters, digits and underscores").And.Contain("Set XMS_ACCESSTOKEN to the secret"));
            Assert.That(Connection(workplace)["AccessToken"]!.ToJsonString(), Is.EqualTo("""{"EnvironmentVariable":"XMS_ACCESSTOKEN"}"""));
            Assert.That(Directory.Exists(workplace.In("fresh/tokenwright/secrets")), Is.False);
            Assert.That(test.ExitCode, Is.Zero, test.ToString());
        });
    }

    [Test]
    public async Task An_invalid_answer_is_explained_and_the_question_is_repeated()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        workplace.WritePrivate("fresh/tokenwright/connections.json", """{ "Tokenwright": { "Fimidara": { "xms": {} } } }""");
        workplace.WritePrivate("taken", "x");
        using var terminal = Login(workplace, "Xms");
        await AnswerAsync(terminal, "(xms-2)", "xms", "There is a connection 'xms'", "lab", "BaseAddress:", "", "It is required.",
            "xms.example/v1", "an address with its scheme", "http://xms.example/v1", "unencrypted", "https://xms.example/",
            "must end in the API's base path", workplace.Emulators[0].ConnectionSettings["BaseAddress"], "Sign in with", "both",
            "Answer with AccessToken or Username and Password.", "", "AccessToken (not shown):", "", "It is required.",
            SecretOf(workplace), "Keep ", "", "File:", "taken", "'taken' exists already", "");
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.Zero, terminal.Screen);
            Assert.That(File.ReadAllText(workplace.In("taken")), Is.EqualTo("x"));
        });
    }

    [Test]
    public async Task A_credential_that_is_rejected_is_reported_and_nothing_is_written()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = Login(workplace, "Xms", "-s", $"BaseAddress={workplace.Emulators[0].ConnectionSettings["BaseAddress"]}");
        await AnswerAsync(terminal, "Name of", "", "Sign in with", "", "AccessToken (not shown):", "wrong-secret-of-mine");
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(4), terminal.Screen);
            Assert.That(terminal.Screen, Does.Contain("Nothing was written.").And.Not.Contain("wrong-secret-of-mine"));
            Assert.That(Directory.Exists(workplace.In("fresh")), Is.False);
        });
    }

    [TestCase("Name of", 0)]
    [TestCase("AccessToken (not shown):", 0)]
    [TestCase("Keep ", 0)]
    [TestCase("File:", 0)]
    [TestCase("AccessToken (not shown):", 15)]
    [TestCase("AccessToken (not shown):", 1)]
    public async Task A_signal_at_a_question_leaves_nothing_behind_and_restores_the_terminal(string question, int signal)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        using var terminal = Login(workplace, "Xms");
        string[] answers = ["Name of", "", "BaseAddress:", workplace.Emulators[0].ConnectionSettings["BaseAddress"], "Sign in with", "",
            "AccessToken (not shown):", SecretOf(workplace), "Keep ", ""];
        await AnswerAsync(terminal, answers[..Math.Max(0, Array.IndexOf(answers, question) is var at && at < 0 ? answers.Length : at)]);
        await terminal.SeesAsync(question);
        if (signal == 0)
            terminal.Interrupt();
        else
            terminal.Signal(signal == 15 ? "TERM" : "HUP");
        Assert.Multiple(async () =>
        {
            Assert.That(await terminal.EndAsync(), Is.EqualTo(130), terminal.Screen);
            Assert.That(terminal.Screen, Does.Contain("Stopped."));
            Assert.That(Directory.Exists(workplace.In("fresh")), Is.False);
            Assert.That(terminal.Echoes);
        });
    }

    [Test]
    public async Task Without_a_terminal_the_error_names_the_command_for_scripts()
    {
        using var workplace = new Workplace(connections: []);
        var run = await workplace.RunAsync("connections", "login", "xms");
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
            Assert.That(run.Error, Does.Contain(
                "  tokenwright connections add NAME --of Xms -s BaseAddress=VALUE --secret AccessToken=SOURCE\nor\n" +
                "  tokenwright connections add NAME --of Xms -s BaseAddress=VALUE -s Username=VALUE --secret Password=SOURCE\n"));
        });
    }

    // The vendor's own validation of its options is what decides, so each way must be enough and have nothing to spare.
    [TestCaseSource(nameof(Vendors))]
    public void A_way_to_sign_in_is_complete_and_has_no_setting_to_spare(string vendor)
    {
        var entry = VendorEntry.Named(vendor);
        var ways = SignInWays.Of(entry);
        Assert.That(ways, Is.Not.Empty);
        Assert.That(ways.Select(way => way.Count(VendorEntry.IsSecret)), Has.All.EqualTo(1));
        Assert.That(ways.SelectMany(way => way).Where(VendorEntry.IsSecret).Select(setting => setting.Name),
            Is.EquivalentTo(entry.OwnSettings.Where(VendorEntry.IsSecret).Select(setting => setting.Name)), "each is a way to sign in");
    }

    private static PseudoTerminal Login(Workplace workplace, string vendor, params string[] more)
        => new(workplace, Fresh(workplace), ["connections", "login", vendor, .. more]);

    // Types an answer after each text that the terminal shows.
    private static async Task AnswerAsync(PseudoTerminal terminal, params string[] dialogue)
    {
        for (var i = 0; i < dialogue.Length; i += 2)
        {
            await terminal.SeesNextAsync(dialogue[i]);
            terminal.Type(dialogue[i + 1]);
        }
    }

    private static async Task AnswerAsync(PseudoTerminal terminal, VendorEmulator emulator)
    {
        var settings = emulator.ConnectionSettings;
        var entry = VendorEntry.Named(emulator.Vendor);
        var ways = SignInWays.Of(entry);
        var way = ways.First(way => way.All(setting => settings.ContainsKey(setting.Name)));
        var dialogue = new List<string> { "Name of the connection:", "", "BaseAddress", settings["BaseAddress"] };
        if (ways.Count > 1)
            dialogue.AddRange(["Sign in with", string.Join(" and ", way.Select(setting => setting.Name))]);
        foreach (var setting in way.Where(setting => !VendorEntry.IsSecret(setting)))
            dialogue.AddRange([setting.Name, settings[setting.Name]]);
        foreach (var setting in entry.OwnSettings.Where(setting => !VendorEntry.IsSecret(setting)
            && !ways.Any(other => other.Contains(setting))))
            dialogue.AddRange([setting.Name, settings.TryGetValue(setting.Name, out var value) ? value : ""]);
        dialogue.AddRange([$"{way[^1].Name} (not shown):", settings[way[^1].Name]]);
        await AnswerAsync(terminal, [.. dialogue]);
    }

    private static Dictionary<string, string> Fresh(Workplace workplace) => new() { ["XDG_CONFIG_HOME"] = workplace.In("fresh") };

    private static string ConnectionsFile(Workplace workplace) => workplace.In("fresh/tokenwright/connections.json");

    private static JsonNode Connection(Workplace workplace)
        => JsonNode.Parse(File.ReadAllText(ConnectionsFile(workplace)))!["Tokenwright"]!["Xms"]!["xms"]!;

    private static string SecretOf(Workplace workplace)
    {
        var settings = workplace.Emulators[0].ConnectionSettings;
        return settings[VendorEntry.Named(workplace.Emulators[0].Vendor).Secrets.First(settings.ContainsKey)];
    }
}
