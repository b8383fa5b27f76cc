using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using WireMock;
using WireMock.Types;
using WireMock.Util;

namespace Tokenwright.Testing;

/// <summary>Represents a response to send.</summary>
public sealed class VendorResponse
{
    private readonly byte[] _body;

    private VendorResponse(int status, byte[] body, string? contentType)
    {
        Status = status;
        _body = body;
        Headers = contentType is null ? [] : new() { ["Content-Type"] = contentType };
    }

    /// <summary>Gets the HTTP status.</summary>
    public int Status { get; }

    /// <summary>Gets the body, as text.</summary>
    public string Body => Encoding.UTF8.GetString(_body);

    /// <summary>Gets the headers.</summary>
    public Dictionary<string, string> Headers { get; }

    /// <summary>Creates a response in JSON.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The JSON text.</param>
    public static VendorResponse Json(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), "application/json");

    /// <summary>Creates a response in HTML, as proxies and error pages do.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The HTML text.</param>
    public static VendorResponse Html(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), "text/html; charset=utf-8");

    /// <summary>Creates a response with any bytes, for example compressed ones with a <c>Content-Encoding</c>.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="contentType">The value of <c>Content-Type</c>.</param>
    public static VendorResponse Bytes(int status, byte[] body, string contentType)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new(status, body, contentType);
    }

    /// <summary>Creates a response without a body.</summary>
    /// <param name="status">The HTTP status.</param>
    public static VendorResponse Empty(int status) => new(status, [], null);

    /// <summary>Adds a header.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">The header's value.</param>
    /// <returns>This response.</returns>
    public VendorResponse With(string name, string value)
    {
        Headers[name] = value;
        return this;
    }

    internal static VendorResponse Json(int status, JsonNode body) => Json(status, body.ToJsonString(EmulatorJson.Plain));

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
