namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a connection's secret can't be read from its source. Callers of <see cref="ITokenClient"/> get a
/// <see cref="TokenAuthenticationException"/> instead; callers of a typed client get this exception.
/// </summary>
/// <param name="message">The source of the secret, and why it can't be read.</param>
/// <param name="innerException">The cause; null if there is none.</param>
public sealed class SecretSourceException(string message, Exception? innerException = null) : Exception(message, innerException);
