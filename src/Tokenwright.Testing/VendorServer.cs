using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;
using WireMock.Types;
using WireMock.Util;

namespace Tokenwright.Testing;

/// <summary>
/// An HTTP server on loopback that answers as it is told, keeps what it was asked, and fails when it is told to. Base of the emulators; on its
/// own, a stub for contract tests. Safe for concurrent requests.
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

    /// <summary>Where the server listens: http, 127.0.0.1, and its port.</summary>
    public Uri BaseAddress { get; }

    /// <summary>What was asked so far, in the order of arrival; calls that met a fault are among it.</summary>
    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>What goes wrong with the next calls.</summary>
    public FaultScript Faults { get; } = new();

    /// <summary>The server's clock.</summary>
    protected TimeProvider Clock { get; }

    /// <summary>Answers requests of a method to a path. A later rule for the same goes before an earlier one.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> in it stands for any text.</param>
    /// <param name="answer">Makes the answer.</param>
    public void On(string method, string path, Func<ReceivedRequest, VendorAnswer> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        _server.Given(Request.Create().UsingMethod(method).WithPath(path))
            .RespondWith(Response.Create().WithCallback(request => answer(new ReceivedRequest(request)).ToMessage()));
    }

    /// <summary>Answers requests of a method to a path always in the same way.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a query; <c>*</c> in it stands for any text.</param>
    /// <param name="answer">The answer.</param>
    public void On(string method, string path, VendorAnswer answer) => On(method, path, _ => answer);

    /// <summary>Closes the connections that there are, as a server does with those that were idle for long. Its clients can open new ones.</summary>
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
        if (!fault.BreaksAnswer)
            fault.Happen();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            switch (fault.Kind)
            {
                case FaultKind.Answer:
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
                case var _ when fault.BreaksAnswer:
                    _proxy.Break(context.Connection.RemotePort, fault);

                    // A body that is too short to be broken must not leave the fault to the next answer.
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

    // Carries a request out without a word of its answer.
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

/// <summary>A request as it arrived.</summary>
public sealed class ReceivedRequest
{
    private readonly Dictionary<string, string> _headers;

    internal ReceivedRequest(IRequestMessage message)
        : this(
            message.Method,
            new Uri(message.Url).PathAndQuery,
            message.BodyAsBytes is { } bytes ? Encoding.UTF8.GetString(bytes) : message.Body ?? string.Empty,
            message.Headers?.Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value))) ?? [])
    {
    }

    private ReceivedRequest(string method, string pathAndQuery, string body, IEnumerable<KeyValuePair<string, string>> headers)
    {
        Method = method.ToUpperInvariant();
        PathAndQuery = pathAndQuery;
        Body = body;
        _headers = new(headers, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The HTTP method, in capitals.</summary>
    public string Method { get; }

    /// <summary>The path and query, encoded as they were sent.</summary>
    public string PathAndQuery { get; }

    /// <summary>The path, decoded, without the query.</summary>
    public string Path => Uri.UnescapeDataString(PathAndQuery.Split('?')[0]);

    /// <summary>The body as text; empty if there was none.</summary>
    public string Body { get; }

    /// <summary>The names of the headers, sorted.</summary>
    public IReadOnlyList<string> HeaderNames => [.. _headers.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>A header's value; several are joined by commas. Null if it wasn't sent.</summary>
    /// <param name="name">The header's name, in any case.</param>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>A parameter of the query, decoded; null if it wasn't sent.</summary>
    /// <param name="name">The parameter's name.</param>
    public string? Query(string name)
        => PathAndQuery.Split('?', 2) is [_, var query] ? Fields(query).Where(field => field.Key == name).Select(field => field.Value).FirstOrDefault() : null;

    /// <summary>The fields of a form-encoded body.</summary>
    public IReadOnlyDictionary<string, string> Form() => Fields(Body).DistinctBy(field => field.Key).ToDictionary();

    internal static async Task<ReceivedRequest> ReadAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var body = await reader.ReadToEndAsync().ConfigureAwait(false);
        request.Body.Position = 0;
        return new(
            request.Method,
            request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            body,
            request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())));
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(string text)
        => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => field.Split('=', 2))
            .Select(field => KeyValuePair.Create(WebUtility.UrlDecode(field[0]), field.Length > 1 ? WebUtility.UrlDecode(field[1]) : string.Empty));
}

/// <summary>An answer to send.</summary>
public sealed class VendorAnswer
{
    private readonly byte[] _body;

    private VendorAnswer(int status, byte[] body, string? contentType)
    {
        Status = status;
        _body = body;
        Headers = contentType is null ? [] : new() { ["Content-Type"] = contentType };
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The body, as text.</summary>
    public string Body => Encoding.UTF8.GetString(_body);

    /// <summary>The headers.</summary>
    public Dictionary<string, string> Headers { get; }

    /// <summary>An answer in JSON.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The JSON text.</param>
    public static VendorAnswer Json(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), "application/json");

    /// <summary>An answer in HTML, as proxies and error pages give it.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The HTML text.</param>
    public static VendorAnswer Html(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), "text/html; charset=utf-8");

    /// <summary>An answer of any bytes, for example compressed ones together with a <c>Content-Encoding</c>.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="contentType">What <c>Content-Type</c> says of them.</param>
    public static VendorAnswer Bytes(int status, byte[] body, string contentType)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new(status, body, contentType);
    }

    /// <summary>An answer without a body.</summary>
    /// <param name="status">The HTTP status.</param>
    public static VendorAnswer Empty(int status) => new(status, [], null);

    /// <summary>Adds a header.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>This answer.</returns>
    public VendorAnswer With(string name, string value)
    {
        Headers[name] = value;
        return this;
    }

    internal ResponseMessage ToMessage() => new()
    {
        StatusCode = Status,
        Headers = Headers.ToDictionary(header => header.Key, header => new WireMockList<string>(header.Value)),
        BodyData = _body.Length == 0 ? null : new BodyData { DetectedBodyType = BodyType.Bytes, BodyAsBytes = _body },
    };

    internal Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        return _body.Length == 0 ? Task.CompletedTask : response.Body.WriteAsync(_body, cancellationToken).AsTask();
    }
}
