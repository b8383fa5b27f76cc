using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Tokenwright.Adapters;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>
/// The SDK's own transport, extended for tests: it can let connections fail, and records what was sent.
/// </summary>
internal sealed class FaultTransport : DelegatingHandler
{
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly ConcurrentBag<string> _credentials = [];
    private readonly ConcurrentDictionary<RequestPattern, (HttpStatusCode Status, string Body)> _responses = new();
    private readonly Socket _deaf = new(SocketType.Stream, ProtocolType.Tcp);
    private RequestPattern? _refused;
    private int _refusals;
    private int _letThrough;

    public FaultTransport()
    {
        var transport = (SocketsHttpHandler)VendorConnection.CreateTransport();
        transport.ConnectCallback = ConnectAsync;

        // The socket is bound but doesn't listen, so the system refuses each connection.
        _deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var nowhere = (SocketsHttpHandler)VendorConnection.CreateTransport();
        nowhere.ConnectCallback = async (_, cancellationToken) =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_deaf.LocalEndPoint!, cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException("Somebody listens where nobody should.");
        };
        InnerHandler = new Fork(transport, nowhere, IsRefused);
    }

    /// <summary>Gets the values of all request headers so far that could contain a secret.</summary>
    public IEnumerable<string> Credentials => _credentials;

    /// <summary>Gets how many requests found no connection.</summary>
    public int Refused { get; private set; }

    /// <summary>Refuses the connections of some requests.</summary>
    /// <param name="requests">Selects the requests.</param>
    /// <param name="times">How many requests are refused.</param>
    /// <param name="after">How many requests succeed before.</param>
    public void Refuse(RequestPattern requests, int times, int after) => (_refused, _refusals, _letThrough) = (requests, times, after);

    /// <summary>Gets or sets whether responses are recorded.</summary>
    public bool KeepsResponses { get; init; }

    /// <summary>Returns the latest response to such a request.</summary>
    public (HttpStatusCode Status, string Body) ResponseTo(RequestPattern request)
        => _responses.GetValueOrDefault(request, (default, string.Empty));

    /// <summary>Waits until the client has noticed that the server closed all connections.</summary>
    public void AwaitClosed(TimeSpan patience)
    {
        foreach (var connection in _connections)
            Assert.That(connection.Poll(patience, SelectMode.SelectRead), Is.True, "The connection was not closed.");
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, values) in request.Headers)
        {
            if (name is not ("Accept" or "traceparent" or "User-Agent"))
                values.SelectMany(value => value.Split(' ')).ToList().ForEach(_credentials.Add);
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (KeepsResponses)
            _responses[RequestPattern.Of(request)] =
                (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _deaf.Dispose();
        base.Dispose(disposing);
    }

    private bool IsRefused(HttpRequestMessage request)
    {
        var isRefused = _refused?.Matches(request) == true && _letThrough-- <= 0 && _refusals-- > 0;
        if (isRefused)
            Refused++;
        return isRefused;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            _connections.Add(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Below the SDK's guard, like the network: only there it is certain that nothing was sent.
    private sealed class Fork(HttpMessageHandler network, HttpMessageHandler nowhere, Predicate<HttpRequestMessage> isRefused)
        : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _network = new(network);
        private readonly HttpMessageInvoker _nowhere = new(nowhere);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => (isRefused(request) ? _nowhere : _network).SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _network.Dispose();
                _nowhere.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
