using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Emulation;

/// <summary>
/// Provides access to the connections file of the emulators that run on this machine. The tool <c>tokenwright-emulator</c> writes it. Its
/// second line identifies the process. Both tools are built with this source file.
/// </summary>
internal static class EmulatorSessionFile
{
    /// <summary>Gets the path of the file that exists while emulators are starting.</summary>
    public static string Starting => $"{ToolPaths.EmulatorSession}.starting";

    /// <summary>Gets the line that identifies this process as the writer of the file.</summary>
    public static string Signature()
    {
        using var self = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"// process {self.Id} {self.StartTime.ToUniversalTime().Ticks}");
    }

    /// <summary>
    /// Gets the process that wrote the file, if it is still running. The start time is compared too, because process ids are reused.
    /// </summary>
    public static int? OwnerOf(string file)
    {
        try
        {
            var words = File.ReadLines(file).ElementAtOrDefault(1)?.Split(' ');
            if (words is not ["//", "process", var id, var started])
                return null;
            using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            var difference = process.StartTime.ToUniversalTime().Ticks - long.Parse(started, CultureInfo.InvariantCulture);
            return Math.Abs(difference) < TimeSpan.TicksPerSecond ? process.Id : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException or FormatException or OverflowException or Win32Exception)
        {
            return null;
        }
    }
}
