namespace Tokenwright;

/// <summary>The credential is good, but may not do this. Signing in again doesn't help; a scope, role or right is missing.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenPermissionException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
