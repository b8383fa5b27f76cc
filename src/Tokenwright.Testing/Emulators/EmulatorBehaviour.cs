namespace Tokenwright.Testing;

/// <summary>Specifies which behavior an emulator has if a vendor's documents and its live service differ.</summary>
public enum EmulatorBehaviour
{
    /// <summary>The observed behavior of the live service.</summary>
    Live,

    /// <summary>The behavior in the vendor's documents.</summary>
    Documented,
}
