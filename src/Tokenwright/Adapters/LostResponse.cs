namespace Tokenwright.Adapters;

/// <summary>The response to a request that must not be sent twice was lost after it may have left.</summary>
public sealed class LostResponse
{
    internal LostResponse(TokenClientException cause, DateTimeOffset startedAt)
    {
        Cause = cause;
        StartedAt = startedAt;
    }

    /// <summary>Gets how it was lost.</summary>
    public TokenClientException Cause { get; }

    /// <summary>Gets the time when the call began, by the local clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>
    /// Gets whether the vendor responded with success, so that what was asked for was surely done: what came can't be read.
    /// </summary>
    public bool IsDone => Cause is TokenInvalidResponseException;
}
