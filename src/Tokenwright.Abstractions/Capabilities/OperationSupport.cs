namespace Tokenwright;

/// <summary>Specifies how a client supports an operation.</summary>
public enum OperationSupport
{
    /// <summary>
    /// The operation isn't supported. The call throws <see cref="TokenOperationNotSupportedException"/> before anything is sent.
    /// </summary>
    Unsupported,

    /// <summary>The vendor has the operation.</summary>
    Native,

    /// <summary>The client combines other operations of the vendor. <see cref="OperationCapability.Remark"/> says how.</summary>
    Emulated,
}
