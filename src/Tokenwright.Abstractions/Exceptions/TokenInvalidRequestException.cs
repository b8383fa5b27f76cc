namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a request is invalid. Either this SDK found it before sending the request, or the vendor reported it.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenInvalidRequestException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>Gets or initializes the problems of the request; empty if the vendor doesn't name fields.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems { get; init; } = [];
}
