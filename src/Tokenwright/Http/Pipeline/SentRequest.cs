using Tokenwright.Adapters;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <summary>Represents the state of one request over all its attempts.</summary>
internal sealed class SentRequest
{
    private static readonly HttpRequestOptionsKey<SentRequest> Key = new("Tokenwright.SentRequest");
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly TimeSpan _budget;
    private readonly OperationContext? _context;
    private readonly Func<IEnumerable<TokenSecret>> _connectionSecrets;
    private TokenSecret? _secret;
    private TokenSecret[] _otherSecrets = [];

    private SentRequest(
        HttpRequestMessage message, OperationContext? context, Func<IEnumerable<TokenSecret>> connectionSecrets, TimeSpan budget,
        TimeProvider timeProvider)
    {
        Message = message;
        _context = context;
        _connectionSecrets = connectionSecrets;

        // Without an operation, only the method is known. A read with POST then counts as a write.
        MayRetry = context?.MayRetry ?? IsIdempotent(message.Method);
        _budget = budget;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
    }

    public HttpRequestMessage Message { get; }

    /// <summary>Gets the operation; null for the exchange of a credential, and for a typed client that is called directly.</summary>
    public TokenOperation? Operation => _context?.Operation;

    /// <summary>Gets whether the request can be retried when it isn't known whether it arrived.</summary>
    public bool MayRetry { get; }

    /// <summary>
    /// Gets whether a retry does no harm. Any request can be retried if it certainly wasn't carried out, because it never arrived or was
    /// refused by a rate limit.
    /// </summary>
    public bool IsRetryHarmless => MayRetry || !MayHaveArrived;

    /// <summary>Gets a token with which the owner of the HTTP client cancels its requests, if the request doesn't go through it.</summary>
    public CancellationToken OwnerToken => Message is ApiRequest own ? own.OwnerToken : CancellationToken.None;

    /// <summary>Gets or sets the number of attempts to send the request.</summary>
    public int Attempts { get; set; }

    /// <summary>
    /// Gets or sets whether the last attempt may have been carried out. It is true from the start of the attempt until it is certain that
    /// the vendor refused the request or wasn't reached.
    /// </summary>
    public bool MayHaveArrived { get; set; }

    /// <summary>Gets or sets whether an attempt before the last one may have been carried out.</summary>
    public bool EarlierMayHaveArrived { get; set; }

    /// <summary>Gets the rest of the total time.</summary>
    public TimeSpan Left => _budget - _timeProvider.GetElapsedTime(_start);

    /// <summary>
    /// Gets the secrets that a response can repeat: those that authenticate the request, those of the connection, and those of the
    /// operation's tokens. They must be redacted together, because one can be part of another, which is no longer found after that part is
    /// redacted.
    /// </summary>
    public IEnumerable<TokenSecret> Secrets
        =>
        [
            .. new[] { _secret }.OfType<TokenSecret>(), .. _otherSecrets, .. _connectionSecrets(),
            .. _context?.Secrets ?? [],
        ];

    /// <summary>Gets the body of the response; null if none was read, or if the response has it as its content.</summary>
    public ResponseBody? Body { get; private set; }

    /// <summary>Adds a secret that authenticates the request.</summary>
    public void Add(TokenSecret secret)
    {
        if (_secret is null)
            _secret = secret;
        else if (!_secret.Equals(secret) && !_otherSecrets.Contains(secret))
            _otherSecrets = [.. _otherSecrets, secret];
    }

    /// <summary>Keeps the body of the response for the typed client.</summary>
    /// <param name="body">The body.</param>
    public void Keep(ResponseBody body) => Body = body;

    /// <summary>Gets the body of the response, which the caller must dispose.</summary>
    public ResponseBody? TakeBody()
    {
        var body = Body;
        Body = null;
        return body;
    }

    /// <summary>Disposes the body of a response that nobody will read.</summary>
    public void DropBody() => TakeBody()?.Dispose();

    /// <summary>Starts to track a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="connectionSecrets">Returns the connection's own secrets.</param>
    /// <param name="budget">The maximum total time.</param>
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

    /// <summary>Gets the state of a request that <see cref="Begin"/> tracks.</summary>
    public static SentRequest Of(HttpRequestMessage request)
        => Find(request) ?? throw new InvalidOperationException("The request did not come through the connection's own pipeline.");

    /// <summary>Gets the state of a request; null if it isn't tracked, because it doesn't belong to a connection.</summary>
    public static SentRequest? Find(HttpRequestMessage request)
        => request is ApiRequest own ? own.Sent : request.Options.TryGetValue(Key, out var sent) ? sent : null;

    /// <summary>Determines whether a request with a method can be sent twice with the same result, according to the method alone.</summary>
    /// <param name="method">The method.</param>
    public static bool IsIdempotent(HttpMethod method)
        => method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options
            || method == HttpMethod.Put || method == HttpMethod.Delete;
}
