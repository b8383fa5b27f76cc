namespace Tokenwright.Rotation;

/// <summary>A rotation can't go on before a person or the time has changed something. Nothing was sent.</summary>
/// <param name="reason">What blocks it and what to do.</param>
/// <param name="retryAfter">When it is tried again.</param>
internal sealed class RotationBlockedException(string reason, TimeSpan retryAfter) : Exception(reason)
{
    public TimeSpan RetryAfter => retryAfter;
}
