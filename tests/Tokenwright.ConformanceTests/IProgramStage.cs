using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>A vendor's emulator, and clients as in a program, for the fault matrix.</summary>
internal interface IProgramStage
{
    /// <summary>Gets the emulator.</summary>
    VendorEmulator Emulator { get; }

    /// <summary>Gets whether clients can also sign in as a user, in place of using a token.</summary>
    bool CanSignIn { get; }

    /// <summary>Gets the settings of a connection to it.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Creates a client with the default options. The caller owns it.</summary>
    /// <param name="transport">What sends its requests.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="signIn">Whether it signs in as a user.</param>
    /// <param name="maxResponseBytes">How many bytes a response may have; null for the default.</param>
    /// <remarks>It has the telemetry and logs of a container's client, and a <see cref="Recording"/> records them.</remarks>
    ITokenClient OpenAsPrograms(HttpMessageHandler transport, TimeProvider clock, bool signIn = false, int? maxResponseBytes = null);
}
