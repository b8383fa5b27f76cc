using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tokenwright.Http;

/// <summary>
/// Reads the response to a request that failed, as far as it is shown to anybody: without secrets, and no more of its body than a reader
/// can use.
/// </summary>
internal static class ErrorResponse
{
    /// <summary>How many UTF-16 units of a body are kept.</summary>
    public const int LongestText = 64 * 1024;

    // More bytes than any encoding takes for what is looked at.
    private const int LongestBody = (LongestText + SecretPattern.Reach) * 4;

    /// <summary>Creates the exception for an error.</summary>
    /// <param name="response">The response.</param>
    /// <param name="content">Its body.</param>
    /// <param name="redactor">Knows the secrets.</param>
    public static ApiException Read(HttpResponseMessage response, BufferedContent content, SecretRedactor redactor)
    {
        var text = TextOf(content);
        return CleanException.Own(new ApiException("The vendor responded with an error.", (int)response.StatusCode,
            redactor.Redact(text, LongestText), redactor.Redact(Headers(response)), null)
        {
            // Whether the API or something in front of it responded is told by the whole body, before anything was taken from it.
            IsForeign = !string.IsNullOrWhiteSpace(text) && !IsJson(text, isWhole: text.Length <= LongestText),
        });
    }

    /// <summary>Gets what a success says in place of what it was asked for.</summary>
    /// <param name="content">Its body.</param>
    /// <param name="redactor">Knows the secrets.</param>
    public static string TextOf(BufferedContent content, SecretRedactor redactor) => redactor.Redact(TextOf(content), LongestText);

    private static string TextOf(BufferedContent content)
    {
        var body = content.Span.Length > LongestBody ? content.Span[..LongestBody] : content.Span;
        return EncodingOf(content.Headers).GetString(body).TrimStart('\ufeff');
    }

    private static IEnumerable<KeyValuePair<string, IEnumerable<string>>> Headers(HttpResponseMessage response)
        => response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(header => KeyValuePair.Create(header.Key, (IEnumerable<string>)header.Value));

    // JSON is UTF-8, whatever it is called; an error need not be JSON, and is read as it says of itself where the framework knows that.
    private static Encoding EncodingOf(HttpContentHeaders headers)
    {
        try
        {
            if (headers.ContentType?.CharSet is { } charset)
                return Encoding.GetEncoding(charset.Trim('"'));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // Unknown.
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
                // Only whether it can be read.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
