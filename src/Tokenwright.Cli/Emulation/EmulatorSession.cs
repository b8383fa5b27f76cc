using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Emulation;

/// <summary>
/// The connections file of the emulators that run on this machine, in the user's state folder: written when they have started, removed when
/// they stop. It is used where no connections are configured, and never mixed with those that are.
/// </summary>
internal static class EmulatorSession
{
    // A shell that starts the emulators in the background goes on at once; they need about a second to listen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan PatienceWithStarting = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    private static string StartingFile => $"{ToolPaths.EmulatorSession}.starting";

    /// <summary>Says that emulators are being started, so that a command that needs them waits.</summary>
    public static void Announce()
    {
        if (OwnerOf(ToolPaths.EmulatorSession) is { } other)
            throw new CliException(
                $"Emulators run already, in process {other.ToString(CultureInfo.InvariantCulture)}; stop them first, or start single " +
                $"ones by vendor.");
        PrivateFile.Replace(StartingFileIn(), Json(null));
    }

    /// <summary>Writes the connections of emulators that listen.</summary>
    /// <param name="connections">The settings of each connection, by vendor and name.</param>
    public static void Publish(JsonObject connections)
    {
        PrivateFile.Replace(ToolPaths.EmulatorSession, Json(connections));
        File.Delete(StartingFile);
    }

    /// <summary>Removes what this process wrote.</summary>
    public static void Withdraw()
    {
        foreach (var file in new[] { StartingFile, ToolPaths.EmulatorSession })
        {
            if (OwnerOf(file) == Environment.ProcessId)
                File.Delete(file);
        }
    }

    /// <summary>
    /// The connections file of emulators that run; null if there are none. Waits a moment for those that are just being started.
    /// </summary>
    public static async Task<string?> FindAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (OwnerOf(ToolPaths.EmulatorSession) is null)
        {
            if (clock.GetElapsedTime(start) > (OwnerOf(StartingFile) is null ? Patience : PatienceWithStarting))
                return null;
            await Task.Delay(BetweenLooks, clock, cancellationToken);
        }

        return ToolPaths.EmulatorSession;
    }

    private static string StartingFileIn()
    {
        // The file is replaced as a whole, which needs its folder.
        var folder = Path.GetDirectoryName(StartingFile)!;
        if (!Directory.Exists(folder))
        {
            using (PrivateFile.Append(StartingFile))
            {
            }
        }

        return StartingFile;
    }

    private static string Json(JsonObject? connections)
    {
        using var self = Process.GetCurrentProcess();
        var text = new StringBuilder("// Made by 'tokenwright emulator --all'; removed when it stops.\n");
        text.Append(CultureInfo.InvariantCulture, $"// process {Environment.ProcessId} {self.StartTime.ToUniversalTime().Ticks}\n");
        text.Append(new JsonObject { ["Tokenwright"] = connections?.DeepClone() ?? new JsonObject() }
            .ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return text.Append('\n').ToString();
    }

    // The process that wrote the file, if it lives still; a number alone could be another process's by now.
    private static int? OwnerOf(string file)
    {
        try
        {
            var words = File.ReadLines(file).ElementAtOrDefault(1)?.Split(' ');
            if (words is not ["//", "process", var id, var started])
                return null;
            using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            return Math.Abs(process.StartTime.ToUniversalTime().Ticks - long.Parse(
                started, CultureInfo.InvariantCulture)) < TimeSpan.TicksPerSecond ? process.Id : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException or FormatException or OverflowException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
