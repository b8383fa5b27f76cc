namespace Tokenwright.Http;

/// <summary>What is known of one request, over all its attempts.</summary>
internal sealed class SentRequest
{
    private static readonly HttpRequestOptionsKey<SentRequest> Key = new("Tokenwright.SentRequest");
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly TimeSpan _budget;

    private SentRequest(HttpRequestMessage message, bool mayResend, TimeSpan budget, TimeProvider timeProvider)
    {
        Message = message;
        MayResend = mayResend;
        _budget = budget;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
    }

    public HttpRequestMessage Message { get; }

    /// <summary>Whether it may be sent again when nobody knows if it arrived.</summary>
    public bool MayResend { get; }

    /// <summary>How many times it was sent, or tried to.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether the last attempt may have been carried out: true from its start until the vendor surely refused it or was surely not reached.</summary>
    public bool MayHaveArrived { get; set; }

    /// <summary>Whether an attempt before the last one may have been carried out.</summary>
    public bool EarlierMayHaveArrived { get; set; }

    /// <summary>How much of the total time is left.</summary>
    public TimeSpan Left => _budget - _timeProvider.GetElapsedTime(_start);

    /// <summary>Begins to follow a request.</summary>
    public static SentRequest Begin(HttpRequestMessage request, TimeSpan budget, TimeProvider timeProvider)
    {
        // Without a scope, all that is known of a request is its method; fimidara reads with POST, which is then taken for a write.
        var scope = CallScope.Current;
        var sent = new SentRequest(request, scope?.MayResend ?? IsIdempotent(request.Method), budget, timeProvider);
        scope?.Sending(sent);
        request.Options.Set(Key, sent);
        return sent;
    }

    /// <summary>What is known of a request that <see cref="Begin"/> follows.</summary>
    public static SentRequest Of(HttpRequestMessage request)
        => request.Options.TryGetValue(Key, out var sent) ? sent : throw new InvalidOperationException("The request did not come through the connection's own pipeline.");

    private static bool IsIdempotent(HttpMethod method)
        => method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options || method == HttpMethod.Put || method == HttpMethod.Delete;
}
