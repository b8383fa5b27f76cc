namespace Tokenwright;

/// <summary>
/// The exception that is thrown when the credential is valid but lacks a scope, role or right. Signing in again doesn't help.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenPermissionException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
