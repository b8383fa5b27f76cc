namespace Tokenwright;

/// <summary>
/// The exception that is thrown when the vendor, or this SDK for that vendor, doesn't support the operation, or doesn't support it with
/// this kind of reference or filter. Nothing was sent. The capabilities show it before the call.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenOperationNotSupportedException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>Gets or initializes why the operation isn't supported.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets or initializes what to do instead; null if there is no alternative.</summary>
    public string? Alternative { get; init; }
}
