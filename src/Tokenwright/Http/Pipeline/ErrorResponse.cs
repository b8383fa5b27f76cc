using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tokenwright.Http;

/// <summary>Reads the response to a failed request so that it can be shown: without secrets, and with a limited part of the body.</summary>
internal static class ErrorResponse
{
    /// <summary>The maximum number of UTF-16 units of a body that are kept.</summary>
    public const int LongestText = 64 * 1024;

    // No encoding needs more bytes for the text that is examined.
    private const int LongestBody = (LongestText + SecretPattern.Reach) * 4;

    /// <summary>Creates the exception for an error.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body.</param>
    /// <param name="redactor">The redactor with the secrets.</param>
    public static ApiException Read(HttpResponseMessage response, ResponseBody body, SecretRedactor redactor)
    {
        var text = TextOf(response, body);
        return CleanException.Own(new ApiException("The vendor responded with an error.", (int)response.StatusCode,
            redactor.Redact(text, LongestText), redactor.Redact(Headers(response)), null)
        {
            // The whole body, before redaction, shows whether the API or something in front of it responded.
            IsForeign = !string.IsNullOrWhiteSpace(text) && !IsJson(text, isWhole: text.Length <= LongestText),
        });
    }

    /// <summary>Gets the text of a successful response without the expected content.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its body.</param>
    /// <param name="redactor">The redactor with the secrets.</param>
    public static string TextOf(HttpResponseMessage response, ResponseBody body, SecretRedactor redactor)
        => redactor.Redact(TextOf(response, body), LongestText);

    private static string TextOf(HttpResponseMessage response, ResponseBody body)
    {
        var bytes = body.Span.Length > LongestBody ? body.Span[..LongestBody] : body.Span;
        return EncodingOf(response.Content.Headers).GetString(bytes).TrimStart('\ufeff');
    }

    private static IEnumerable<KeyValuePair<string, IEnumerable<string>>> Headers(HttpResponseMessage response)
        => response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(header => KeyValuePair.Create(header.Key, (IEnumerable<string>)header.Value));

    // JSON is UTF-8, whatever the header says. An error need not be JSON; it is read with the declared encoding if the framework knows it.
    private static Encoding EncodingOf(HttpContentHeaders headers)
    {
        try
        {
            if (headers.ContentType?.CharSet is { } charset)
                return Encoding.GetEncoding(charset.Trim('"'));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // The encoding is unknown.
        }

        return Encoding.UTF8;
    }

    private static bool IsJson(string text, bool isWhole)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), isWhole, default);
            while (reader.Read())
            {
                // Only the success of the parsing matters.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
