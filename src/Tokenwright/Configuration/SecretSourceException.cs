namespace Tokenwright;

/// <summary>
/// A connection's secret can't be read from where it should come from. Callers of the facade see a
/// <see cref="TokenAuthenticationException"/> instead; callers of a typed client see this.
/// </summary>
/// <param name="message">Where it should come from, and why it can't be read.</param>
/// <param name="innerException">The cause; null if there is none.</param>
public sealed class SecretSourceException(string message, Exception? innerException = null) : Exception(message, innerException);
