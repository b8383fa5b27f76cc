using System.Globalization;
using System.Net;
using System.Text;

namespace Tokenwright.FuzzTests;

/// <summary>A response of a vendor, as far as an HTTP client that is no part of the test lets it through.</summary>
internal sealed record FuzzResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>Whether the body repeats a secret that was sent. Damaged, it would repeat another one, which nobody can know.</summary>
    public bool IsEcho { get; init; }

    /// <summary>The response as the framework's own transport would hand it over.</summary>
    public HttpResponseMessage ToMessage(HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((HttpStatusCode)Status) { RequestMessage = request, Content = new ByteArrayContent(Body) };
        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    /// <summary>The response as it is on the wire, on a connection that ends with it.</summary>
    /// <param name="framing">How the end of the body is told: 0 by its length, 1 by chunks, else by the end of the connection.</param>
    public byte[] ToWire(int framing)
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} Synthetic\r\nConnection: close\r\n"));
        foreach (var (name, value) in Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return framing switch
        {
            0 => [.. Text($"{head}Content-Length: {Body.Length}\r\n\r\n"), .. Body],
            1 => [.. Text($"{head}Transfer-Encoding: chunked\r\n\r\n{Body.Length:x}\r\n"), .. Body,
                .. Text(Body.Length == 0 ? "\r\n" : "\r\n0\r\n\r\n")],
            _ => [.. Text($"{head}\r\n"), .. Body],
        };
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
