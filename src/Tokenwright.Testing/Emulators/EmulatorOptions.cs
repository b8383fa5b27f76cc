namespace Tokenwright.Testing;

/// <summary>Provides the options of an emulator.</summary>
public sealed class EmulatorOptions
{
    /// <summary>Gets or initializes the port on 127.0.0.1; 0 for a free port.</summary>
    public int Port { get; init; }

    /// <summary>Gets or initializes the emulator's clock, which decides when tokens expire.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets or initializes which behavior to emulate if the vendor's documents and its live service differ.</summary>
    public EmulatorBehaviour Behaviour { get; init; }
}
