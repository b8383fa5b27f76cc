using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;

namespace Tokenwright.CliTests;

/// <summary>The tool with emulators, sample tokens and a fixed time.</summary>
internal sealed partial class SampleTool : IDisposable
{
    private static readonly DateTimeOffset Day = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

    private readonly Workplace _workplace = new(new FakeTimeProvider(Day));
    private readonly string _before = Directory.GetCurrentDirectory();

    public SampleTool()
    {
        foreach (var emulator in _workplace.Emulators)
            emulator.AddSampleTokens();
        Directory.SetCurrentDirectory(_workplace.Folder);
        TakeSecretsFromFiles();
    }

    /// <summary>Runs the tool and returns its output.</summary>
    /// <param name="command">The arguments.</param>
    /// <param name="width">The width of the terminal in columns.</param>
    public async Task<string> RunAsync(string command, int width = 80)
    {
        using var text = new StringWriter { NewLine = "\n" };
        await RunAsync(command, Console(text, width), text);

        // Ports differ from run to run, and so do the names of the tokens of a rotation.
        var same = Port().Replace(text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal), "127.0.0.1:40105");
        return TrailingBlanks().Replace(RandomName().Replace(same, "$1-abcdefghij"), "\n");
    }

    public async Task<string> RecordAsync(string command, string title)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var recorder = Console(text, 80).CreateRecorder();
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
        await CommandTree.RunAsync([.. words, "--config", Path.GetRelativePath(_workplace.Folder, _workplace.ConnectionsFile)],
            new Surroundings { Clock = new FakeTimeProvider(Day), Page = (pretty, writer) });
    }

    // Secrets in files, as recommended, so that no page shows a warning.
    private void TakeSecretsFromFiles()
    {
        var root = JsonNode.Parse(File.ReadAllText(_workplace.ConnectionsFile))!;
        foreach (var (vendor, connections) in root["Tokenwright"]!.AsObject())
        {
            var settings = connections![Workplace.ConnectionNames[vendor]]!;
            foreach (var name in VendorEntry.Find(vendor)!.Secrets.Where(name => settings[name] is not null).ToList())
                settings[name] = new JsonObject
                    { ["File"] = Path.GetFileName(_workplace.WritePrivate($"{vendor}.{name}", (string)settings[name]!)) };
        }

        _workplace.WritePrivate(_workplace.ConnectionsFile, root.ToJsonString());
    }

    private static IAnsiConsole Console(TextWriter text, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d{5}")]
    private static partial Regex Port();

    [GeneratedRegex(@"(-\d+)-[a-z2-7]{10}\b")]
    private static partial Regex RandomName();

    [GeneratedRegex(@" +\n")]
    private static partial Regex TrailingBlanks();

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
