using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Tokenwright.Cli.Audit;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;
using Tokenwright.ConformanceTests;

namespace Tokenwright.CliTests;

/// <summary>
/// What docs/cli.md and the README show of the tool is what it prints: with TOKENWRIGHT_WRITE_DOCS=1 it is written there.
/// </summary>
[TestFixture]
internal sealed partial class PageTests
{
    private const string Page = "docs/cli.md";
    private static readonly DateTimeOffset Day = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

    // Each is a part of the page, and a command whose output stands there.
    private static readonly (string Part, string Command)[] Shown =
    [
        ("audit", "audit"),
        ("list", "list --vendor SailPoint --unused-since 90d"),
        ("vendors", "vendors"),
        ("show", "show 7 -c storage -o json"),
        ("jsonl", "audit -c cloud -o jsonl"),
        ("csv", "list -c storage -o csv"),
        ("create", "create -c identity --name \"build server\" --scope sp:scopes:default --expires 30d --secret-file build-server.secret " +
            "--yes"),
        ("dry-run", "create -c storage --name zabbix-2 --role observer --dry-run"),
        ("revoke", "revoke 8 -c storage --yes"),
        ("validate", "validate --self -c network"),
    ];

    [TestCaseSource(nameof(Shown))]
    public async Task The_page_shows_what_the_tool_prints((string Part, string Command) shown)
    {
        using var world = new World();
        GeneratedDocs.Hold(Page, shown.Part, $"```\n$ tokenwright {shown.Command}\n{await world.RunAsync(shown.Command)}```\n");
    }

    [Test]
    public async Task The_picture_in_the_README_is_what_the_tool_prints()
    {
        using var world = new World();
        var picture =
            await world.RecordAsync("audit --rule TW001 --rule TW002 --rule TW004 --rule TW006 --rule TW010", "tokenwright audit");
        Assert.That(System.Xml.Linq.XDocument.Parse(picture).Root!.Name.LocalName, Is.EqualTo("svg"));
        GeneratedDocs.HoldWhole("docs/images/audit.svg", picture);
    }

    [Test]
    public void The_page_has_all_rules()
        => GeneratedDocs.Hold(Page, "rules", GeneratedDocs.Table(["rule", "severity", "what it finds", "what to do"],
            AuditRule.All.Select(rule => new[] { $"`{rule.Id}` {rule.Name}", Shapes.Word(rule.Severity), rule.Summary, rule.Remedy })));

    [Test]
    public void The_page_has_all_settings()
        => GeneratedDocs.Hold(
            Page, "settings", GeneratedDocs.Table(["vendor", "settings", "secrets"], VendorEntry.All.Select(vendor => new[]
        {
            vendor.Name,
            string.Join(", ", vendor.Settings.Values.Where(setting => setting.DeclaringType != typeof(ConnectionOptions)
                && !VendorEntry.IsSecret(setting)).Select(setting => $"`{setting.Name}`").DefaultIfEmpty("–")),
            string.Join(", ", vendor.Secrets.Select(name => $"`{name}`")),
        })));

    /// <summary>The emulators with their seeds, on a day that stands still.</summary>
    private sealed partial class World : IDisposable
    {
        private readonly Workplace _workplace = new(new FakeTimeProvider(Day));
        private readonly string _before = Directory.GetCurrentDirectory();

        public World()
        {
            foreach (var emulator in _workplace.Emulators)
                emulator.AddSampleTokens();
            Directory.SetCurrentDirectory(_workplace.Folder);
            TakeSecretsFromFiles();
        }

        public async Task<string> RunAsync(string command)
        {
            using var text = new StringWriter { NewLine = "\n" };
            await RunAsync(command, Console(text), text);

            // Ports differ from run to run, and so does the time that a create takes.
            return TrailingBlanks()
                .Replace(Port().Replace(text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal), "127.0.0.1:40105"), "\n");
        }

        public async Task<string> RecordAsync(string command, string title)
        {
            using var text = new StringWriter { NewLine = "\n" };
            var recorder = Console(text).CreateRecorder();
            await RunAsync(command, recorder, text);
            return recorder.Export(new SvgPicture(title));
        }

        public void Dispose()
        {
            Directory.SetCurrentDirectory(_before);
            _workplace.Dispose();
        }

        private async Task RunAsync(string command, IAnsiConsole pretty, TextWriter writer)
        {
            var words = Words().Matches(command).Select(word => word.Value.Trim('"'));
            await CommandTree.RunAsync([.. words, "--config", _workplace.ConnectionsFile],
                new Surroundings { Clock = new FakeTimeProvider(Day), Page = (pretty, writer) });
        }

        // As it should be done, and so that no page has a warning in it.
        private void TakeSecretsFromFiles()
        {
            var root = JsonNode.Parse(File.ReadAllText(_workplace.ConnectionsFile))!;
            foreach (var (vendor, connections) in root["Tokenwright"]!.AsObject())
            {
                var settings = connections![Workplace.ConnectionNames[vendor]]!;
                foreach (var name in VendorEntry.Find(vendor)!.Secrets.Where(name => settings[name] is not null).ToList())
                    settings[name] = new JsonObject { ["File"] = _workplace.WritePrivate($"{vendor}.{name}", (string)settings[name]!) };
            }

            _workplace.WritePrivate(_workplace.ConnectionsFile, root.ToJsonString());
        }

        private static IAnsiConsole Console(TextWriter text)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
            console.Profile.Width = 128;
            console.Profile.Capabilities.Unicode = true;
            return console;
        }

        [GeneratedRegex(@"127\.0\.0\.1:\d{5}")]
        private static partial Regex Port();

        [GeneratedRegex(@" +\n")]
        private static partial Regex TrailingBlanks();

        [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
        private static partial Regex Words();
    }
}
