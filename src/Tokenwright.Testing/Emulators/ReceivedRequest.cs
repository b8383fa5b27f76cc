using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WireMock;

namespace Tokenwright.Testing;

/// <summary>Represents a request as the server received it.</summary>
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

    /// <summary>Gets the HTTP method, in upper case.</summary>
    public string Method { get; }

    /// <summary>Gets the path and query, encoded as received.</summary>
    public string PathAndQuery { get; }

    /// <summary>Gets the path, decoded, without the query.</summary>
    public string Path => Uri.UnescapeDataString(PathAndQuery.Split('?')[0]);

    /// <summary>Gets the body as text; empty if there is none.</summary>
    public string Body { get; }

    /// <summary>Gets the names of the headers, sorted.</summary>
    public IReadOnlyList<string> HeaderNames => [.. _headers.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Gets the value of a header, with several values separated by commas; null if it wasn't sent.</summary>
    /// <param name="name">The header's name, ignoring case.</param>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>Gets a query parameter, decoded; null if it wasn't sent.</summary>
    /// <param name="name">The parameter's name.</param>
    public string? Query(string name)
        => PathAndQuery.Split('?', 2) is [_, var query]
            ? Fields(query).Where(field => field.Key == name).Select(field => field.Value).FirstOrDefault() : null;

    /// <summary>Gets the fields of a form-encoded body.</summary>
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
            .Select(field =>
                KeyValuePair.Create(WebUtility.UrlDecode(field[0]), field.Length > 1 ? WebUtility.UrlDecode(field[1]) : string.Empty));
}
