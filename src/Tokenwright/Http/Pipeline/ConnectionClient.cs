namespace Tokenwright.Http;

/// <summary>
/// Represents an HTTP client of a connection. Typed clients send their requests past the steps of <see cref="HttpClient"/> that do nothing
/// for them: a copy of default headers, a timeout and an asynchronous method of its own. As soon as a program has changed a setting of the
/// client, they no longer do.
/// </summary>
internal sealed class ConnectionClient : HttpClient
{
    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _baseAddress;
    private CancellationTokenSource _requests = new();
    private bool _isDisposed;

    /// <summary>Initializes a new instance of the <see cref="ConnectionClient"/> class.</summary>
    /// <param name="handler">The handler of the connection. It isn't disposed.</param>
    /// <param name="baseAddress">The base address of the connection.</param>
    public ConnectionClient(ConnectionHandler handler, Uri baseAddress)
        : base(handler, disposeHandler: false)
    {
        _invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        _baseAddress = baseAddress;
        BaseAddress = baseAddress;
        Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        Prefix = baseAddress.AbsoluteUri;
    }

    /// <summary>Gets the base address as text.</summary>
    public string Prefix { get; }

    /// <summary>Gets whether requests can be sent directly, because no setting has changed.</summary>
    public bool IsDirect
        => !_isDisposed && ReferenceEquals(BaseAddress, _baseAddress) && Timeout == System.Threading.Timeout.InfiniteTimeSpan
            && DefaultRequestHeaders.NonValidated.Count == 0;

    /// <summary>Sends a request directly.</summary>
    /// <param name="request">The request, with an absolute address.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public Task<HttpResponseMessage> SendDirectAsync(Generated.ApiRequest request, CancellationToken cancellationToken)
    {
        request.OwnerToken = Volatile.Read(ref _requests).Token;
        return _invoker.SendAsync(request, cancellationToken);
    }

    /// <summary>Gets the exception that <see cref="HttpClient"/> throws for a failure of a request that was sent directly.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public static Exception FailureOf(Exception failure, Generated.ApiRequest request, CancellationToken cancellationToken)
    {
        var isCaller = cancellationToken.IsCancellationRequested;
        if (!isCaller && !request.OwnerToken.IsCancellationRequested)
            return failure;
        var token = isCaller ? cancellationToken : request.OwnerToken;
        return failure switch
        {
            OperationCanceledException cancelled when cancelled.CancellationToken != token =>
                new TaskCanceledException(cancelled.Message, cancelled.InnerException, token),
            HttpRequestException => new TaskCanceledException(null, failure, token),
            _ => failure,
        };
    }

    /// <summary>Cancels all requests.</summary>
    public void CancelRequests()
    {
        // The old source isn't disposed, because a request that starts now may still read its token.
        Interlocked.Exchange(ref _requests, new CancellationTokenSource()).Cancel();
        CancelPendingRequests();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _requests.Cancel();
        }

        base.Dispose(disposing);
    }
}
