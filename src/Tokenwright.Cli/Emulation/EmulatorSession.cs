using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Emulation;

/// <summary>
/// Finds the emulators that run on this machine. Their connections are used if no others are configured, and are never mixed with others.
/// </summary>
internal static class EmulatorSession
{
    // A shell that starts the emulators in the background continues at once, but they need about a second to start.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan PatienceWithStarting = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Gets the connections file of the running emulators; null if there are none. Waits a moment for emulators that are just starting.
    /// </summary>
    public static async Task<string?> FindAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            // This is checked first, because the marker file is removed as soon as the session file exists.
            var isStarting = EmulatorSessionFile.OwnerOf(EmulatorSessionFile.Starting) is not null;
            if (EmulatorSessionFile.OwnerOf(ToolPaths.EmulatorSession) is not null)
                return ToolPaths.EmulatorSession;
            if (clock.GetElapsedTime(start) > (isStarting ? PatienceWithStarting : Patience))
                return null;
            await Task.Delay(BetweenLooks, clock, cancellationToken);
        }
    }
}
