namespace Tokenwright;

/// <summary>What was asked for collides with what is there, for example a name that another token has.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenConflictException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
