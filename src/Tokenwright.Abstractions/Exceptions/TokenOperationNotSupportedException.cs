namespace Tokenwright;

/// <summary>
/// The vendor, or this SDK for that vendor, can't do the operation, or can't do it with this kind of reference or filter. Nothing was
/// sent. The capabilities said so before.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenOperationNotSupportedException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>Gets or initializes why it can't be done.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets or initializes what to do instead; null if there is nothing.</summary>
    public string? Alternative { get; init; }
}
