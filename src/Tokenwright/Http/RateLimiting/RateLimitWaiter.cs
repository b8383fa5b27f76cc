namespace Tokenwright.Http;

/// <summary>A call that waits for a place in a rate limit. Its result is the time at which it was let through.</summary>
internal sealed class RateLimitWaiter : TaskCompletionSource<TimeSpan>
{
    /// <summary>Initializes a waiter.</summary>
    /// <param name="options">The limits of its connection.</param>
    /// <param name="sent">Its request; it says how long the call may wait.</param>
    /// <param name="wait">How long the wait is at the least.</param>
    public RateLimitWaiter(ConnectionOptions options, SentRequest sent, TimeSpan wait)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        Options = options;
        Sent = sent;
        Wait = wait;
        Node = new(this);
    }

    /// <summary>Gets the limits of its connection.</summary>
    public ConnectionOptions Options { get; }

    /// <summary>Gets its request.</summary>
    public SentRequest Sent { get; }

    /// <summary>Gets how long the wait is at the least, as it looked when it began.</summary>
    public TimeSpan Wait { get; }

    /// <summary>Gets its place in the queue; in no list once it was let through or has given up.</summary>
    public LinkedListNode<RateLimitWaiter> Node { get; }
}
