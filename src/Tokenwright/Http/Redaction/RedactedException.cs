namespace Tokenwright;

/// <summary>
/// Stands in place of an exception whose text may hold a secret and that can't be made anew without it. It keeps the type's name and, where
/// that is known to hold no secret, the message.
/// </summary>
public sealed class RedactedException : Exception
{
    internal RedactedException(string originalType, string? message, Exception? innerException = null)
        : base($"{originalType}: {message ?? "the message is left out, for it may hold a secret."}", innerException)
        => OriginalType = originalType;

    /// <summary>Gets the full name of the type of the exception that it stands for.</summary>
    public string OriginalType { get; }
}
