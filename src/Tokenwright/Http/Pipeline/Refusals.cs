using System.Net;
using System.Text.Json;

namespace Tokenwright.Http;

/// <summary>Evaluates what a refusal (a 3xx or 4xx status) proves about the request.</summary>
internal static class Refusals
{
    private const int MostDepth = 512;

    /// <summary>
    /// Determines whether a response proves that nothing was done. Only a refusal of the API itself proves it. A response with an HTML
    /// page, or with anything else that isn't the vendors' JSON, comes from a proxy or filter. The server behind it may have carried out
    /// the request. The same applies to a redirect without a body, because no vendor's API redirects, and to a 408, which comes from a
    /// gateway whose wait timed out. A 4xx without a body counts as the API's own: vendors send such responses, and a gateway that refuses
    /// without a body does so before it forwards the request.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body; null if it wasn't read completely. Then the media type decides.</param>
    public static bool ProveNothingWasDone(HttpResponseMessage response, ResponseBody? body)
    {
        if ((int)response.StatusCode is not (>= 300 and < 500) || response.StatusCode == HttpStatusCode.RequestTimeout)
            return false;
        if (body is null)
            return IsJson(response);
        return body.Span.Trim(" \t\r\n"u8).IsEmpty ? (int)response.StatusCode >= 400 : IsJson(body.Span);
    }

    private static bool IsJson(HttpResponseMessage response)
        => response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    // The API's errors are objects or lists. A plain text or number can come from anything.
    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
            body = body["\uFEFF"u8.Length..];
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return false;
            while (reader.Read())
            {
                // The document is read to its end, because content after it isn't JSON either.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
