namespace Tokenwright.Testing;

/// <summary>How an emulator is to run.</summary>
public sealed class EmulatorOptions
{
    /// <summary>Gets or initializes the port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Gets or initializes the emulator's clock; tokens expire by it.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets or initializes which of the two is followed where the vendor's documents and its live service differ.</summary>
    public EmulatorBehaviour Behaviour { get; init; }
}
