using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Emulation;

/// <summary>
/// The connections file of the emulators that run on this machine, which another tool writes, <c>tokenwright-emulator</c>. Its second line
/// says which process that is. Both tools are built with this file.
/// </summary>
internal static class EmulatorSessionFile
{
    /// <summary>Gets the content of the file while emulators are being started.</summary>
    public static string Starting => $"{ToolPaths.EmulatorSession}.starting";

    /// <summary>Gets the line that says that this process writes the file.</summary>
    public static string Signature()
    {
        using var self = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"// process {self.Id} {self.StartTime.ToUniversalTime().Ticks}");
    }

    /// <summary>Gets the process that wrote the file, if it lives still; a number alone could be another process's by now.</summary>
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
