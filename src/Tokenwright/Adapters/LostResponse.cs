namespace Tokenwright.Adapters;

/// <summary>Describes a request that must not be sent twice and may have been sent, but whose response was lost.</summary>
public sealed class LostResponse
{
    internal LostResponse(TokenClientException cause, DateTimeOffset startedAt)
    {
        Cause = cause;
        StartedAt = startedAt;
    }

    /// <summary>Gets the failure with which the response was lost.</summary>
    public TokenClientException Cause { get; }

    /// <summary>Gets the time when the call began, by the local clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>
    /// Gets whether the vendor reported success, so that it certainly carried out the request, but the response can't be read.
    /// </summary>
    public bool IsDone => Cause is TokenInvalidResponseException;
}
