namespace Tokenwright;

/// <summary>Which vendor and connection a client works with, and what it can do there.</summary>
public sealed class TokenClientMetadata
{
    /// <summary>Gets or initializes the vendor's name as this SDK writes it, for example <c>SailPoint</c>.</summary>
    public required string Vendor { get; init; }

    /// <summary>Gets or initializes the connection's name, chosen by the caller.</summary>
    public required string Connection { get; init; }

    /// <summary>Gets or initializes the address that requests go to.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>Gets or initializes what the vendor's tokens can and can't do.</summary>
    public required TokenCapabilities Capabilities { get; init; }
}
