using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Emulation;

/// <summary>
/// Emulators that run on this machine: their connections are used where none are configured, and never mixed with those that are.
/// </summary>
internal static class EmulatorSession
{
    // A shell that starts the emulators in the background goes on at once; they need about a second to listen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan PatienceWithStarting = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Gets the connections file of emulators that run; null if there are none. Waits a moment for those that are just being started.
    /// </summary>
    public static async Task<string?> FindAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            // Asked first: it goes as soon as the file is there.
            var isStarting = EmulatorSessionFile.OwnerOf(EmulatorSessionFile.Starting) is not null;
            if (EmulatorSessionFile.OwnerOf(ToolPaths.EmulatorSession) is not null)
                return ToolPaths.EmulatorSession;
            if (clock.GetElapsedTime(start) > (isStarting ? PatienceWithStarting : Patience))
                return null;
            await Task.Delay(BetweenLooks, clock, cancellationToken);
        }
    }
}
