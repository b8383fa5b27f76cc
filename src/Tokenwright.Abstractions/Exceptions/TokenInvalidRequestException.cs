namespace Tokenwright;

/// <summary>The request is wrong, as this SDK found before sending it, or as the vendor said.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenInvalidRequestException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>Gets or initializes what is wrong, one entry per problem; empty where the vendor doesn't name fields.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems { get; init; } = [];
}
