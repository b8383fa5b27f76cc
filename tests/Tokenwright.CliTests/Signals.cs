using System.Runtime.InteropServices;

namespace Tokenwright.CliTests;

/// <summary>The signals that the tool inherits.</summary>
internal static partial class Signals
{
    private const int Hangup = 1;
    private const int Interrupt = 2;

    /// <summary>
    /// Resets Ctrl-C and the hang-up signal for the programs that are started later. A test run in the background of a script, or under
    /// <c>nohup</c>, ignores both, and its child processes inherit that.
    /// </summary>
    public static void ReachPrograms()
    {
        if (OperatingSystem.IsWindows())
            return;
        signal(Interrupt, 0);
        signal(Hangup, 0);
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}
