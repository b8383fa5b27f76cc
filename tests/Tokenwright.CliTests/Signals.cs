using System.Runtime.InteropServices;

namespace Tokenwright.CliTests;

/// <summary>What the tool inherits of signals.</summary>
internal static partial class Signals
{
    private const int Hangup = 1;
    private const int Interrupt = 2;

    /// <summary>
    /// Lets Ctrl-C and the end of a terminal reach the programs that are started from now on: a run of the tests in the background of a
    /// script, or under <c>nohup</c>, ignores both, and hands that down.
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
