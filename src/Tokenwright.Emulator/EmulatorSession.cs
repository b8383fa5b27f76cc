using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Emulation;
using Tokenwright.Testing;

namespace Tokenwright.Emulator;

/// <summary>
/// Represents the time in which emulators run. The tool <c>tokenwright</c> reads their connections file in the user's state folder. The
/// file is written when they have started and removed when they stop.
/// </summary>
internal sealed class EmulatorSession : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly string _file = ToolPaths.EmulatorSession;
    private readonly string _starting = EmulatorSessionFile.Starting;

    /// <summary>
    /// Initializes a new instance of the <see cref="EmulatorSession"/> class and marks it as starting, so that other commands wait.
    /// </summary>
    /// <exception cref="IOException">Other emulators are running.</exception>
    public EmulatorSession()
    {
        if (EmulatorSessionFile.OwnerOf(_file) is { } other)
            throw new IOException(
                $"Emulators already run in process {other.ToString(CultureInfo.InvariantCulture)}, and the tool tokenwright uses them; " +
                "stop them first, or run others with --json.");
        Write(_starting, []);
    }

    /// <summary>Writes the connections of the running emulators.</summary>
    public void Publish(IEnumerable<VendorEmulator> emulators)
    {
        Write(_file, new JsonObject(emulators.Select(emulator => KeyValuePair.Create(
            emulator.Vendor, (JsonNode?)new JsonObject
            {
                [emulator.ConnectionName] = JsonSerializer.SerializeToNode(emulator.ConnectionSettings),
            }))));
        File.Delete(_starting);
    }

    /// <summary>Removes the files of this process.</summary>
    public void Dispose()
    {
        foreach (var file in new[] { _starting, _file })
        {
            if (EmulatorSessionFile.OwnerOf(file) == Environment.ProcessId)
                File.Delete(file);
        }
    }

    // The reader refuses a file that others can access. The file is replaced atomically, so that nobody reads a part of it.
    private static void Write(string path, JsonObject connections)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnerOnly;
        }

        var fresh = $"{path}.{Environment.ProcessId}.tmp";
        using (var writer = new StreamWriter(fresh, options))
            writer.Write(
                $"// Made by tokenwright-emulator; removed when it stops.\n{EmulatorSessionFile.Signature()}\n" +
                $"{new JsonObject { ["Tokenwright"] = connections }.ToJsonString(Indented)}\n");
        File.Move(fresh, path, overwrite: true);
    }
}
