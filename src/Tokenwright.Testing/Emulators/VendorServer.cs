using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace Tokenwright.Testing;

/// <summary>
/// An HTTP server on loopback that responds as it is told, keeps what it was asked, and fails when it is told to. Base of the emulators; on
/// its own, a stub for contract tests. Safe for concurrent requests.
/// </summary>
public class VendorServer : IDisposable
{
    private readonly WireMockServer _server;
    private readonly LoopbackProxy _proxy;
    private readonly Lock _lock = new();
    private readonly List<ReceivedRequest> _requests = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts the server.</summary>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="timeProvider">The clock that delays wait by; null for the system's.</param>
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

    /// <summary>Gets where the server listens: http, 127.0.0.1, and its port.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Gets what was asked so far, in the order of arrival; calls that met a fault are among it.</summary>
    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>Gets what goes wrong with the next calls.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>Gets the server's clock.</summary>
    protected TimeProvider Clock { get; }

    /// <summary>Responds to requests of a method to a path. A later rule for the same goes before an earlier one.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> in it stands for any text.</param>
    /// <param name="response">Makes the response.</param>
    public void On(string method, string path, Func<ReceivedRequest, VendorResponse> response)
    {
        ArgumentNullException.ThrowIfNull(response);
        _server.Given(Request.Create().UsingMethod(method).WithPath(path))
            .RespondWith(Response.Create().WithCallback(request => response(new ReceivedRequest(request)).ToMessage()));
    }

    /// <summary>Responds to requests of a method to a path always in the same way.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> in it stands for any text.</param>
    /// <param name="response">The response.</param>
    public void On(string method, string path, VendorResponse response) => On(method, path, _ => response);

    /// <summary>
    /// Closes the connections that there are, as a server does with those that were idle for long. Its clients can open new ones.
    /// </summary>
    public void CloseConnections() => _proxy.CloseConnections();

    /// <summary>Stops the server: from then on, connections to it are refused.</summary>
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

    // In front of WireMock: keeps the request, and lets a fault happen to it.
    private async Task ReceiveAsync(HttpContext context, RequestDelegate next)
    {
        var request = await ReceivedRequest.ReadAsync(context.Request).ConfigureAwait(false);
        lock (_lock)
            _requests.Add(request);

        SetDate(context.Response);
        context.Response.OnStarting(() =>
        {
            // WireMock adds the machine's time.
            context.Response.Headers.Date = context.Response.Headers.Date[0];
            return Task.CompletedTask;
        });
        if (Faults.Take(request.Method, request.Path) is not { } fault)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // The wait begins before the fault has happened: whoever waits for that may then move the clock.
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
                    // Who asked may have gone meanwhile; a server that is slow carries out what it has been asked all the same.
                    await wait.ConfigureAwait(false);
                    await next(context).ConfigureAwait(false);
                    fault.Handle();
                    break;
                case var _ when fault.BreaksResponse:
                    _proxy.Break(context.Connection.RemotePort, fault);

                    // A body that is too short to be broken must not leave the fault to the next response.
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

    // Carries a request out without a word of its response.
    private async Task HandleUnseenAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await next(context).ConfigureAwait(false);
        context.Response.Body = body;
        context.Response.Clear();
        SetDate(context.Response);
    }

    // A vendor tells its time by the clock that it dates its records with.
    private void SetDate(HttpResponse response) => response.Headers.Date = Clock.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
}
