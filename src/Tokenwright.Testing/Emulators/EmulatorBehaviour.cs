namespace Tokenwright.Testing;

/// <summary>What an emulator follows where a vendor's documents and its live service differ.</summary>
public enum EmulatorBehaviour
{
    /// <summary>As the live service was seen to do.</summary>
    Live,

    /// <summary>As the vendor's documents say.</summary>
    Documented,
}
