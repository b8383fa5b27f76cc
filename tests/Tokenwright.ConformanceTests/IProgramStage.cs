using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>A vendor's emulator with clients as programs have them, for the fault matrix.</summary>
internal interface IProgramStage
{
    /// <summary>The emulator.</summary>
    VendorEmulator Emulator { get; }

    /// <summary>Whether clients can sign in as a user too, in place of working with a token.</summary>
    bool CanSignIn { get; }

    /// <summary>Gets the settings of a connection to it.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Creates a client with the default times and numbers. It is the caller's.</summary>
    /// <param name="transport">What sends its requests.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="signIn">Whether it signs in as a user.</param>
    /// <param name="maxResponseBytes">How many bytes a response may have; null for the default.</param>
    /// <remarks>It is watched and logged as a container's clients are; a <see cref="Recording"/> hears of it.</remarks>
    ITokenClient OpenAsPrograms(HttpMessageHandler transport, TimeProvider clock, bool signIn = false, int? maxResponseBytes = null);
}
