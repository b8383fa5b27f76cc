namespace Tokenwright;

/// <summary>Describes the vendor, the connection and the capabilities of a client.</summary>
public sealed class TokenClientMetadata
{
    /// <summary>Gets or initializes the vendor's name as this SDK writes it, for example <c>SailPoint</c>.</summary>
    public required string Vendor { get; init; }

    /// <summary>Gets or initializes the connection's name, which the caller chooses.</summary>
    public required string Connection { get; init; }

    /// <summary>Gets or initializes the address that requests go to.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>Gets or initializes the capabilities of the vendor's tokens.</summary>
    public required TokenCapabilities Capabilities { get; init; }
}
