using System.Text;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;
using WireMock.Types;
using WireMock.Util;

namespace Tokenwright.Testing;

/// <summary>
/// An HTTP server on loopback that answers as it is told and keeps what it was asked. Base of the emulators; on its own, a stub for contract
/// tests. Safe for concurrent requests.
/// </summary>
public class VendorServer : IDisposable
{
    private readonly WireMockServer _server;

    /// <summary>Starts the server.</summary>
    /// <param name="port">The port; 0 takes a free one.</param>
    public VendorServer(int port = 0)
        => _server = WireMockServer.Start(new WireMockServerSettings { Port = port, UseSSL = false });

    /// <summary>Where the server listens: http, 127.0.0.1 or localhost, and its port.</summary>
    public Uri BaseAddress => new(_server.Url! + "/");

    /// <summary>What was asked so far, in the order of arrival.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _server.LogEntries.Select(entry => new ReceivedRequest(entry.RequestMessage))];

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
        if (disposing)
            _server.Dispose();
    }
}

/// <summary>A request as it arrived.</summary>
public sealed class ReceivedRequest
{
    private readonly IRequestMessage _message;

    internal ReceivedRequest(IRequestMessage message) => _message = message;

    /// <summary>The HTTP method, in capitals.</summary>
    public string Method => _message.Method.ToUpperInvariant();

    /// <summary>The path and query, encoded as they were sent.</summary>
    public string PathAndQuery => new Uri(_message.Url).PathAndQuery;

    /// <summary>The path, decoded, without the query.</summary>
    public string Path => _message.Path;

    /// <summary>The body as text; empty if there was none.</summary>
    public string Body => _message.BodyAsBytes is { } bytes ? Encoding.UTF8.GetString(bytes) : _message.Body ?? string.Empty;

    /// <summary>The names of the headers, sorted.</summary>
    public IReadOnlyList<string> HeaderNames => [.. (_message.Headers?.Keys ?? []).Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>A header's value; several are joined by commas. Null if it wasn't sent.</summary>
    /// <param name="name">The header's name, in any case.</param>
    public string? Header(string name)
        => _message.Headers?.FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value is { } values
            ? string.Join(", ", values)
            : null;

    /// <summary>A parameter of the query; null if it wasn't sent.</summary>
    /// <param name="name">The parameter's name.</param>
    public string? Query(string name) => _message.GetParameter(name)?.FirstOrDefault();

    /// <summary>The fields of a form-encoded body.</summary>
    public IReadOnlyDictionary<string, string> Form()
        => Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => field.Split('=', 2))
            .ToDictionary(field => Decoded(field[0]), field => field.Length > 1 ? Decoded(field[1]) : string.Empty);

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

/// <summary>An answer to send.</summary>
public sealed class VendorAnswer
{
    private VendorAnswer(int status, string body, string? contentType)
    {
        Status = status;
        Body = body;
        Headers = contentType is null ? [] : new() { ["Content-Type"] = contentType };
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The body.</summary>
    public string Body { get; }

    /// <summary>The headers.</summary>
    public Dictionary<string, string> Headers { get; }

    /// <summary>An answer in JSON.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The JSON text.</param>
    public static VendorAnswer Json(int status, string body) => new(status, body, "application/json");

    /// <summary>An answer in HTML, as proxies and error pages give it.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The HTML text.</param>
    public static VendorAnswer Html(int status, string body) => new(status, body, "text/html; charset=utf-8");

    /// <summary>An answer without a body.</summary>
    /// <param name="status">The HTTP status.</param>
    public static VendorAnswer Empty(int status) => new(status, string.Empty, null);

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
        BodyData = Body.Length == 0
            ? null
            : new BodyData { DetectedBodyType = BodyType.String, BodyAsString = Body, Encoding = Encoding.UTF8 },
    };
}
