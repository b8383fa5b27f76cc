namespace Tokenwright;

/// <summary>Describes whether and how a client supports one operation.</summary>
public sealed record OperationCapability
{
    private OperationCapability(TokenOperation operation, OperationSupport support, string? remark)
    {
        Operation = operation;
        Support = support;
        Remark = remark;
    }

    /// <summary>Gets the operation.</summary>
    public TokenOperation Operation { get; }

    /// <summary>Gets whether the operation is supported, and whether it is native or emulated.</summary>
    public OperationSupport Support { get; }

    /// <summary>
    /// Gets how the operation is emulated, or why it is unsupported. For a native operation, gets what a caller should know, or null.
    /// </summary>
    public string? Remark { get; }

    /// <summary>Gets or initializes what to do instead of an unsupported operation; null if there is no alternative.</summary>
    public string? Alternative { get; init; }

    /// <summary>
    /// Gets or initializes whether a request can be sent again without harm when it isn't known whether the first one arrived.
    /// </summary>
    public bool SafeToRetry { get; init; }

    /// <summary>
    /// Gets or initializes the kinds of reference that the operation accepts; empty for operations without a reference (list and create).
    /// </summary>
    public TokenReferenceKinds References { get; init; }

    /// <summary>Creates the capability of an operation that the vendor itself has.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="remark">What a caller should know; null if there is nothing to add.</param>
    public static OperationCapability Native(TokenOperation operation, string? remark = null)
        => new(operation, OperationSupport.Native, remark);

    /// <summary>Creates the capability of an operation that the client builds from other operations.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="how">How the operation is built, as a sentence.</param>
    public static OperationCapability Emulated(TokenOperation operation, string how)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(how);
        return new(operation, OperationSupport.Emulated, how);
    }

    /// <summary>Creates the capability of an operation that isn't supported.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="reason">Why the operation isn't supported, as a sentence.</param>
    /// <param name="alternative">What to do instead, as a sentence; null if there is no alternative.</param>
    public static OperationCapability Unsupported(TokenOperation operation, string reason, string? alternative = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(operation, OperationSupport.Unsupported, reason) { Alternative = alternative };
    }
}
