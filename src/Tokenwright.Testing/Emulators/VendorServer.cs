using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace Tokenwright.Testing;

/// <summary>
/// Represents an HTTP server on loopback with configured responses and faults, which stores the requests that it receives. It is the base
/// class of the emulators, and a stub for contract tests. It is safe for concurrent requests.
/// </summary>
public class VendorServer : IDisposable
{
    private readonly WireMockServer _server;
    private readonly LoopbackProxy _proxy;
    private readonly Lock _lock = new();
    private readonly List<ReceivedRequest> _requests = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Initializes a new instance of the <see cref="VendorServer"/> class and starts it.</summary>
    /// <param name="port">The port; 0 for a free port.</param>
    /// <param name="timeProvider">The clock for delays; null for the system clock.</param>
    public VendorServer(int port = 0, TimeProvider? timeProvider = null)
    {
        Clock = timeProvider ?? TimeProvider.System;
        _server = WireMockServer.Start(new WireMockServerSettings
        {
            Port = 0,
            UseSSL = false,
            MaxRequestLogCount = 0,
            PreWireMockMiddlewareInit = application => ((IApplicationBuilder)application).Use(ReceiveAsync),
        });
        _proxy = new LoopbackProxy(port, _server.Port);
        BaseAddress = new Uri($"http://127.0.0.1:{_proxy.Port}/");
    }

    /// <summary>Gets the address of the server: http, 127.0.0.1 and its port.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Gets the received requests, in the order of arrival, including those with a fault.</summary>
    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>Gets the faults of the next calls.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>Gets the server's clock.</summary>
    protected TimeProvider Clock { get; }

    /// <summary>Adds a response to requests with a method and a path. It replaces an earlier one for the same requests.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> stands for any text.</param>
    /// <param name="response">Creates the response.</param>
    public void On(string method, string path, Func<ReceivedRequest, VendorResponse> response)
    {
        ArgumentNullException.ThrowIfNull(response);
        _server.Given(Request.Create().UsingMethod(method).WithPath(path))
            .RespondWith(Response.Create().WithCallback(request => response(new ReceivedRequest(request)).ToMessage()));
    }

    /// <summary>Adds a fixed response to requests with a method and a path.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> stands for any text.</param>
    /// <param name="response">The response.</param>
    public void On(string method, string path, VendorResponse response) => On(method, path, _ => response);

    /// <summary>
    /// Closes all current connections, as a server does with connections that were idle for a long time. Clients can open new ones.
    /// </summary>
    public void CloseConnections() => _proxy.CloseConnections();

    /// <summary>Stops the server. Further connections to it are refused.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the server.</summary>
    /// <param name="disposing">Always true; the class has no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _stop.IsCancellationRequested)
            return;
        _stop.Cancel();
        _proxy.Dispose();
        _server.Dispose();
        _stop.Dispose();
    }

    // This runs before WireMock. It stores the request, and applies a fault to it.
    private async Task ReceiveAsync(HttpContext context, RequestDelegate next)
    {
        var request = await ReceivedRequest.ReadAsync(context.Request).ConfigureAwait(false);
        lock (_lock)
            _requests.Add(request);

        SetDate(context.Response);
        context.Response.OnStarting(() =>
        {
            // WireMock adds the time of the machine, which is removed here.
            context.Response.Headers.Date = context.Response.Headers.Date[0];
            return Task.CompletedTask;
        });
        if (Faults.Take(request.Method, request.Path) is not { } fault)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // The wait begins before the fault counts as happened, because a test that waits for that may then advance the clock.
        var wait = fault.Kind == FaultKind.Delay ? Task.Delay(fault.Wait, Clock, _stop.Token) : Task.CompletedTask;
        if (!fault.BreaksResponse)
            fault.Happen();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            switch (fault.Kind)
            {
                case FaultKind.Response:
                    if (fault.IsHandled)
                    {
                        await HandleUnseenAsync(context, next).ConfigureAwait(false);
                        fault.Handle();
                    }

                    await fault.Replacement!(request).WriteAsync(context.Response, ended.Token).ConfigureAwait(false);
                    break;
                case FaultKind.Delay:
                    // The client may have disconnected in the meantime, but a slow server still carries out the request.
                    await wait.ConfigureAwait(false);
                    await next(context).ConfigureAwait(false);
                    fault.Handle();
                    break;
                case var _ when fault.BreaksResponse:
                    _proxy.Break(context.Connection.RemotePort, fault);

                    // If the body is too short to be broken, the fault must not affect the next response.
                    if (fault.IsInBody)
                        context.Response.Headers.Connection = "close";
                    await next(context).ConfigureAwait(false);
                    fault.Handle();
                    break;
                case FaultKind.Stall:
                    await Task.Delay(Timeout.InfiniteTimeSpan, Clock, ended.Token).ConfigureAwait(false);
                    break;
                default:
                    _proxy.End(context.Connection.RemotePort, reset: fault.Kind == FaultKind.Reset);
                    context.Abort();
                    break;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    // Carries out a request without sending its response.
    private async Task HandleUnseenAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await next(context).ConfigureAwait(false);
        context.Response.Body = body;
        context.Response.Clear();
        SetDate(context.Response);
    }

    // A vendor's Date header comes from the same clock as the times in its records.
    private void SetDate(HttpResponse response) => response.Headers.Date = Clock.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
}
