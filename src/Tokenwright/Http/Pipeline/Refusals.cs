using System.Net;
using System.Text.Json;

namespace Tokenwright.Http;

/// <summary>What a refusal (a 3xx or 4xx) says of what was asked for.</summary>
internal static class Refusals
{
    private const int MostDepth = 512;

    /// <summary>
    /// Determines whether a response proves that nothing was done. Only a refusal of the API itself does. One with a page, or with anything
    /// else that isn't the JSON that the vendors send, comes from a proxy or a filter, which may stand before a server that did it and may
    /// have refused its response. So does a redirect without a body, for no vendor's API redirects, and a 408, which comes from something
    /// that waited in vain. A 4xx without a body counts as the API's: vendors send such ones, and what a gateway refuses without a word it
    /// refuses before it passes it on.
    /// </summary>
    /// <param name="response">The response. Of its body, what could not be read whole is told by its type.</param>
    public static bool ProveNothingWasDone(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (>= 300 and < 500) || response.StatusCode == HttpStatusCode.RequestTimeout)
            return false;
        if (response.Content is not BufferedContent body)
            return IsJson(response);
        return body.Span.Trim(" \t\r\n"u8).IsEmpty ? (int)response.StatusCode >= 400 : IsJson(body.Span);
    }

    private static bool IsJson(HttpResponseMessage response)
        => response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    // Errors are objects or lists of them; a bare text or number can be anybody's.
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
                // To the end: what follows it isn't JSON either.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
