namespace Tokenwright;

/// <summary>How a client does an operation.</summary>
public enum OperationSupport
{
    /// <summary>Not at all: the call throws <see cref="TokenOperationNotSupportedException"/> before anything is sent.</summary>
    Unsupported,

    /// <summary>By the vendor's own operation.</summary>
    Native,

    /// <summary>By other operations of the vendor; <see cref="OperationCapability.Remark"/> says how.</summary>
    Emulated,
}
