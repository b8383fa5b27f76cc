namespace Tokenwright.Testing;

/// <summary>How an emulator is to run.</summary>
public sealed class EmulatorOptions
{
    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The emulator's clock; tokens expire by it.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Whose word is followed where the vendor's documents and its live service differ.</summary>
    public EmulatorBehaviour Behaviour { get; init; }
}

/// <summary>Whose word an emulator follows where a vendor's documents and its live service differ.</summary>
public enum EmulatorBehaviour
{
    /// <summary>As the live service was seen to do.</summary>
    Live,

    /// <summary>As the vendor's documents say.</summary>
    Documented,
}
