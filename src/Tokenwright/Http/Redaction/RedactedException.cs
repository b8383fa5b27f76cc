namespace Tokenwright;

/// <summary>
/// Replaces an exception whose text may contain a secret and that can't be created again without it. It keeps the type's name and, if that
/// is known to contain no secret, the message.
/// </summary>
public sealed class RedactedException : Exception
{
    internal RedactedException(string originalType, string? message, Exception? innerException = null)
        : base($"{originalType}: {message ?? "the message is left out because it may contain a secret."}", innerException)
        => OriginalType = originalType;

    /// <summary>Gets the full type name of the original exception.</summary>
    public string OriginalType { get; }
}
