namespace Tokenwright;

/// <summary>Capability card entries for what vendors have and this version of the SDK doesn't do yet.</summary>
public static class NotYetSupported
{
    /// <summary>Makes the entry.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="typedClient">The typed client's interface, which has the vendor's own operation.</param>
    public static OperationCapability Entry(TokenOperation operation, Type typedClient)
    {
        ArgumentNullException.ThrowIfNull(typedClient);
        return OperationCapability.Unsupported(
            operation,
            "This version of the SDK doesn't do it through the facade yet.",
            $"Call the vendor's own operation on the typed client: GetService(typeof({typedClient.Name})).");
    }
}
