using Tokenwright.Adapters;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <summary>What is known of one request, over all its attempts.</summary>
internal sealed class SentRequest
{
    private static readonly HttpRequestOptionsKey<SentRequest> Key = new("Tokenwright.SentRequest");
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly TimeSpan _budget;
    private readonly OperationContext? _context;
    private readonly Func<IEnumerable<TokenSecret>> _connectionSecrets;
    private TokenSecret[] _secrets = [];

    private SentRequest(
        HttpRequestMessage message, OperationContext? context, Func<IEnumerable<TokenSecret>> connectionSecrets, TimeSpan budget,
        TimeProvider timeProvider)
    {
        Message = message;
        _context = context;
        _connectionSecrets = connectionSecrets;

        // Without an operation, all that is known of a request is its method; one that reads with POST is then taken for a write.
        MayRetry = context?.MayRetry ?? IsIdempotent(message.Method);
        _budget = budget;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
    }

    public HttpRequestMessage Message { get; }

    /// <summary>Gets the operation; null where a credential is exchanged, and where a typed client is called on its own.</summary>
    public TokenOperation? Operation => _context?.Operation;

    /// <summary>Gets whether it may be retried when nobody knows if it arrived.</summary>
    public bool MayRetry { get; }

    /// <summary>Gets or sets how many times it was sent, or tried to.</summary>
    public int Attempts { get; set; }

    /// <summary>
    /// Gets or sets whether the last attempt may have been carried out: true from its start until the vendor surely refused it or was
    /// surely not reached.
    /// </summary>
    public bool MayHaveArrived { get; set; }

    /// <summary>Gets or sets whether an attempt before the last one may have been carried out.</summary>
    public bool EarlierMayHaveArrived { get; set; }

    /// <summary>Gets how much of the total time is left.</summary>
    public TimeSpan Left => _budget - _timeProvider.GetElapsedTime(_start);

    /// <summary>
    /// Gets the secrets that authenticate it, those of the connection, and those of the tokens that the operation names: a response may
    /// repeat any. All at once, because one can be a part of another, which is no longer found when that part is redacted.
    /// </summary>
    public IEnumerable<TokenSecret> Secrets
        => [.. _secrets, .. _connectionSecrets(), .. (_context?.Named ?? []).Select(reference => reference.Secret).OfType<TokenSecret>()];

    /// <summary>Takes note of a secret that authenticates it.</summary>
    public void Add(TokenSecret secret)
    {
        if (!_secrets.Contains(secret))
            _secrets = [.. _secrets, secret];
    }

    /// <summary>Begins to follow a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="connectionSecrets">Gives the connection's own secrets.</param>
    /// <param name="budget">How long it may take in all.</param>
    /// <param name="timeProvider">The clock.</param>
    public static SentRequest Begin(
        HttpRequestMessage request, Func<IEnumerable<TokenSecret>> connectionSecrets, TimeSpan budget, TimeProvider timeProvider)
    {
        var context = OperationContext.Of(request);
        var sent = new SentRequest(request, context, connectionSecrets, budget, timeProvider);
        context?.Sending(sent);
        if (request is ApiRequest own)
            own.Sent = sent;
        else
            request.Options.Set(Key, sent);
        return sent;
    }

    /// <summary>Gets what is known of a request that <see cref="Begin"/> follows.</summary>
    public static SentRequest Of(HttpRequestMessage request)
        => Find(request) ?? throw new InvalidOperationException("The request did not come through the connection's own pipeline.");

    /// <summary>Gets what is known of a request; null if nothing, because it came on another way than a connection's.</summary>
    public static SentRequest? Find(HttpRequestMessage request)
        => request is ApiRequest own ? own.Sent : request.Options.TryGetValue(Key, out var sent) ? sent : null;

    /// <summary>Gets whether a request of a method gives the same result when it is sent twice, as far as the method alone says.</summary>
    /// <param name="method">The method.</param>
    public static bool IsIdempotent(HttpMethod method)
        => method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options
            || method == HttpMethod.Put || method == HttpMethod.Delete;
}
