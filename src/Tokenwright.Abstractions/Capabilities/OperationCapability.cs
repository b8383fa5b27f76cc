namespace Tokenwright;

/// <summary>What the capabilities say of one operation.</summary>
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

    /// <summary>Gets whether and how it is done.</summary>
    public OperationSupport Support { get; }

    /// <summary>Gets how it is emulated, or why it is unsupported; for native operations, what a caller should know, or null.</summary>
    public string? Remark { get; }

    /// <summary>Gets or initializes what to do instead of an unsupported operation; null if there is nothing.</summary>
    public string? Alternative { get; init; }

    /// <summary>
    /// Gets or initializes whether the same request may be sent twice without harm when it isn't known if the first one arrived.
    /// </summary>
    public bool SafeToRetry { get; init; }

    /// <summary>
    /// Gets or initializes the ways of naming a token that the operation takes; empty for those that name none (list and create).
    /// </summary>
    public TokenReferenceKinds References { get; init; }

    /// <summary>Creates the capability of an operation that the vendor has.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="remark">What a caller should know; null if nothing.</param>
    public static OperationCapability Native(TokenOperation operation, string? remark = null)
        => new(operation, OperationSupport.Native, remark);

    /// <summary>Creates the capability of an operation that the client puts together from others.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="how">How it is put together.</param>
    public static OperationCapability Emulated(TokenOperation operation, string how)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(how);
        return new(operation, OperationSupport.Emulated, how);
    }

    /// <summary>Creates the capability of an operation that can't be had.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="reason">Why not, as a sentence.</param>
    /// <param name="alternative">What to do instead, as a sentence; null if there is nothing.</param>
    public static OperationCapability Unsupported(TokenOperation operation, string reason, string? alternative = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(operation, OperationSupport.Unsupported, reason) { Alternative = alternative };
    }
}
