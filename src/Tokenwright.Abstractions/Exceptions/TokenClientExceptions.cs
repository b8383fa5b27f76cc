namespace Tokenwright;

/// <summary>The vendor doesn't know the token, or doesn't show it to this caller.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenNotFoundException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);

/// <summary>
/// The vendor refused the connection's credential: it is wrong, expired or revoked. Not raised for a token that is merely being
/// validated.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenAuthenticationException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);

/// <summary>The credential is good, but may not do this. Signing in again doesn't help; a scope, role or right is missing.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenPermissionException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);

/// <summary>What was asked for collides with what is there, for example a name that another token has.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenConflictException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);

/// <summary>The request is wrong, as this SDK found before sending it or as the vendor answered.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenInvalidRequestException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>What is wrong, one entry per problem; empty where the vendor doesn't name fields.</summary>
    public IReadOnlyList<TokenRequestProblem> Problems { get; init; } = [];
}

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">The member, by the name that the caller or the vendor knows it by; null where it is the request as a whole.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record TokenRequestProblem(string? Field, string Message);

/// <summary>The vendor takes no more calls for now. <see cref="TokenClientException.RetryAfter"/> says how long, if the vendor does.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenRateLimitedException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);

/// <summary>The vendor could not be reached, didn't answer in time, or answered that it has a fault of its own.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenServiceUnavailableException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);

/// <summary>
/// The vendor answered with success, but the answer can't be read: it isn't JSON, is cut short, too large, or of another shape. Its body
/// is not shown, for it may hold a fresh secret.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenInvalidResponseException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);

/// <summary>
/// A create or regenerate left, but its answer was lost: it may or may not have happened. The message says what is known and what to do. The same call must not simply be made
/// again, unless <see cref="TokenClientException.IsTransient"/> says that nothing was left behind. The inner exception says how the answer was lost.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenOutcomeUnknownException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>When the call began, by the own clock: what was made since may be its work.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What can be done at this vendor when the answer to a create is lost.</summary>
    public CreationRecovery Recovery { get; init; }

    /// <summary>The tokens that the call may have made, as they were found afterwards. Empty if none was found, or if they can't be looked for.</summary>
    public IReadOnlyList<ApiToken> Strays { get; init; } = [];

    /// <summary>Whether the one stray that was found has been revoked, so that nothing is left behind.</summary>
    public bool IsStrayRevoked { get; init; }

    /// <summary>Until when a stray that can't be found may live; null if it can be found, or never ends.</summary>
    public DateTimeOffset? StrayLivesUntil { get; init; }

    /// <summary>How to look for the token later, where it has a name that was known before the call; null elsewhere.</summary>
    public TokenReference? StrayReference { get; init; }
}

/// <summary>
/// The vendor, or this SDK for that vendor, can't do the operation, or can't do it with this kind of reference or filter. Nothing was
/// sent. The capability card said so before.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenOperationNotSupportedException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>Why it can't be done.</summary>
    public required string Reason { get; init; }

    /// <summary>What to do instead; null if there is nothing.</summary>
    public string? Alternative { get; init; }
}
