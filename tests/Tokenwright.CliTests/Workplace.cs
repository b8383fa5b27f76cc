using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>A user of the tool: a home folder, and accounts at all vendors. Emulators in this process replace the vendors.</summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>The names of the connections, by the vendor's name.</summary>
    public static readonly IReadOnlyDictionary<string, string> ConnectionNames = new Dictionary<string, string>
    {
        ["ExtremeCloudIQ"] = "network", ["Fimidara"] = "files", ["SailPoint"] = "identity", ["VMwareCloud"] = "cloud", ["Xms"] = "storage",
    };

    private static readonly ConcurrentDictionary<(string Vendor, int Port), bool> Used = new();

    private readonly List<VendorEmulator> _emulators = [];

    /// <summary>Starts the emulators and writes the connections file.</summary>
    /// <param name="clock">The emulators' clock; null for the system's.</param>
    /// <param name="connections">The vendors that have a connection; null for all.</param>
    public Workplace(TimeProvider? clock = null, IReadOnlyCollection<string>? connections = null)
    {
        var options = new EmulatorOptions { TimeProvider = clock ?? TimeProvider.System };
        _emulators.AddRange(VendorEmulators.Vendors.Where(vendor => connections?.Contains(ConnectionNames[vendor]) != false)
            .Select(vendor => Start(vendor, options)));
        if (_emulators.Count == 0)
            return;
        var root = new JsonObject();
        foreach (var emulator in _emulators)
        {
            // Other tests cover the SDK's retries. Here they would only take time.
            var settings = new JsonObject
            {
                ["MaxRetries"] = 0,
                ["CreationSettleTime"] = "00:00:00",

                // Much longer than any machine needs.
                ["AttemptTimeout"] = "00:02:00",
                ["TotalTimeout"] = "00:05:00",
            };
            foreach (var (name, value) in emulator.ConnectionSettings)
                settings[name] = value;
            root[emulator.Vendor] = new JsonObject { [ConnectionNames[emulator.Vendor]] = settings };
        }

        var file = new JsonObject { ["Tokenwright"] = root };
        if (SampleLineages.For(_emulators.Select(emulator => ConnectionNames[emulator.Vendor]).ToHashSet()) is { } rotation)
        {
            file["Rotation"] = rotation;
            WritePrivate(SampleLineages.KeyFile, SampleLineages.Key);
        }

        WritePrivate(ConnectionsFile, file.ToJsonString(new() { WriteIndented = true }));
    }

    // An emulator continues the ids of an earlier one at its port. Then a page would show other ids.
    private static VendorEmulator Start(string vendor, EmulatorOptions options)
    {
        while (true)
        {
            var emulator = VendorEmulators.Start(vendor, options);
            if (Used.TryAdd((vendor, emulator.BaseAddress.Port), true))
                return emulator;
            emulator.Dispose();
        }
    }

    /// <summary>Gets the home folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tokenwright-cli-").FullName;

    public string ConnectionsFile => In("config/tokenwright/connections.json");

    public IReadOnlyList<VendorEmulator> Emulators => _emulators;

    public TEmulator Emulator<TEmulator>()
        where TEmulator : VendorEmulator
        => _emulators.OfType<TEmulator>().Single();

    /// <summary>Gets or sets the folder in which the tool runs; null for the home folder.</summary>
    public string? RunsIn { get; set; }

    /// <summary>Returns a path in the home folder.</summary>
    public string In(string path) => Path.Combine(Folder, path);

    /// <summary>Writes a file that only its owner can read.</summary>
    public string WritePrivate(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(In(path), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return In(path);
    }

    /// <summary>Runs the tool until it exits.</summary>
    public Task<Run> RunAsync(params string[] arguments) => RunAsync(arguments, null);

    /// <summary>Runs the tool until it exits, with environment variables and a standard input.</summary>
    public async Task<Run> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, string input = "")
    {
        using var process = Start(arguments, environment);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool exited without reading its input.
        }

        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        return new Run(process.ExitCode, await output, await error);
    }

    /// <summary>Waits until a <c>watch</c> has read the tokens once. It reports all later changes.</summary>
    public static async Task HasFirstLookAsync(Process watch)
    {
        // The earlier lines are about the connections file.
        string? line;
        do
            line = await watch.StandardError.ReadLineAsync(TestContext.CurrentContext.CancellationToken);
        while (line?.StartsWith("Watching", StringComparison.Ordinal) == false);
        Assert.That(line, Is.Not.Null, "The watch ended before it began.");
    }

    /// <summary>Starts the tool.</summary>
    public Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
        => Start(InstalledTool.Path, arguments, environment);

    /// <summary>Starts tokenwright-emulator.</summary>
    public Process StartEmulators(params string[] arguments) => Start(InstalledTool.EmulatorPath, arguments, null);

    private Process Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = RunsIn ?? Folder,
        };
        foreach (var (name, value) in Variables(environment))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Gets the environment variables that make the tool use this home folder.</summary>
    public Dictionary<string, string> Variables(IReadOnlyDictionary<string, string>? more = null)
    {
        var variables = new Dictionary<string, string>
        {
            ["XDG_CONFIG_HOME"] = In("config"), ["XDG_STATE_HOME"] = In("state"), ["HOME"] = Folder, ["TOKENWRIGHT_CONFIG"] = string.Empty,
                ["NO_COLOR"] = string.Empty, ["COLUMNS"] = string.Empty,
            ["TERM"] = "xterm-256color", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
            variables[name] = value;
        return variables;
    }

    public void Dispose()
    {
        _emulators.ForEach(emulator => emulator.Dispose());
        Directory.Delete(Folder, recursive: true);
    }
}
