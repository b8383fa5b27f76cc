namespace Tokenwright.Http;

/// <summary>Represents a call that waits in the queue of a rate limiter. Its result is the time when it may be sent.</summary>
internal sealed class RateLimitWaiter : TaskCompletionSource<TimeSpan>
{
    /// <summary>Initializes a new instance of the <see cref="RateLimitWaiter"/> class.</summary>
    /// <param name="options">The limits of the call's connection.</param>
    /// <param name="sent">The request, which says how long the call can wait.</param>
    /// <param name="wait">The minimum wait.</param>
    public RateLimitWaiter(ConnectionOptions options, SentRequest sent, TimeSpan wait)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Options = options;
        Sent = sent;
        Wait = wait;
        Node = new(this);
    }

    /// <summary>Gets the limits of the call's connection.</summary>
    public ConnectionOptions Options { get; }

    /// <summary>Gets the request.</summary>
    public SentRequest Sent { get; }

    /// <summary>Gets the minimum wait, as estimated at its start.</summary>
    public TimeSpan Wait { get; }

    /// <summary>Gets the call's node in the queue. It belongs to no list after the call was sent or has given up.</summary>
    public LinkedListNode<RateLimitWaiter> Node { get; }
}
