using System.Globalization;
using System.Net;
using System.Text;

namespace Tokenwright.FuzzTests;

/// <summary>A response of a vendor, limited to what an HTTP client accepts.</summary>
internal sealed record FuzzResponse(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>
    /// Gets whether the body repeats a secret that was sent. A damaged body would contain a different secret, which nobody could recognize.
    /// </summary>
    public bool IsEcho { get; init; }

    /// <summary>Returns the response in the form of the framework's own transport.</summary>
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

    /// <summary>Returns the response as bytes, on a connection that closes after it.</summary>
    /// <param name="framing">How the end of the body is marked: 0 by its length, 1 by chunks, otherwise by closing the connection.</param>
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
