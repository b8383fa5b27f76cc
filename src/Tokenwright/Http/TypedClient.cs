using System.Text;

namespace Tokenwright.Http;

/// <summary>
/// Base of all generated clients: what they do before a request leaves and after an answer came, before the generated code looks at it.
/// </summary>
public abstract class TypedClient
{
    /// <summary>
    /// Called by generated code with the relative URL under construction. A first segment with a colon (<c>access-tokens:validate</c>) would be
    /// read as a URL with a scheme of its own; <c>./</c> before it keeps it relative to the base address.
    /// </summary>
    protected static Task PrepareRequestAsync(HttpClient client, HttpRequestMessage request, StringBuilder urlBuilder, CancellationToken cancellationToken)
    {
        var path = urlBuilder.ToString();
        var end = path.AsSpan().IndexOfAny('/', '?', ':');
        if (end >= 0 && path[end] == ':')
            urlBuilder.Insert(0, "./");
        return Task.CompletedTask;
    }

    /// <summary>Called by generated code before a request is sent: gives it the HTTP version that its client is set to.</summary>
    protected static Task PrepareRequestAsync(HttpClient client, HttpRequestMessage request, string url, CancellationToken cancellationToken)
    {
        request.Version = client.DefaultRequestVersion;
        request.VersionPolicy = client.DefaultVersionPolicy;
        return Task.CompletedTask;
    }

    /// <summary>
    /// Called by generated code with every answer: turns each error status, declared or not, JSON or not, into an
    /// <see cref="ApiException"/> that keeps the body as text, the credential masked in it. A page is no success either: where the status alone is the answer, nothing
    /// else would tell that a proxy gave it.
    /// </summary>
    /// <exception cref="ApiException">The status is not a success, or what came is an HTML page.</exception>
    protected static async Task ProcessResponseAsync(HttpClient client, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode && !IsPage(response.Content))
        {
            ForgetUnknownCharset(response.Content);
            return;
        }

        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => header.Value);
        if (response.IsSuccessStatusCode)
            throw new ApiException("It is an HTML page; did something in front of the API answer?", (int)response.StatusCode, null, headers, null);
        ForgetUnknownCharset(response.Content);
        var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        throw new ApiException("The vendor answered with an error.", (int)response.StatusCode, SentSecrets.Mask(response.RequestMessage, body), headers, null);
    }

    // The framework refuses to read text of a character set that it doesn't know, such as windows-1252; what is JSON is UTF-8 in any case.
    private static void ForgetUnknownCharset(HttpContent content)
    {
        while (content.Headers.ContentType is { CharSet: { } charset } type && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                _ = Encoding.GetEncoding(charset.Trim('"'));
                return;
            }
            catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
            {
                type.CharSet = null;
            }
        }
    }

    // Some servers call an empty body HTML.
    private static bool IsPage(HttpContent content)
        => string.Equals(content.Headers.ContentType?.MediaType, "text/html", StringComparison.OrdinalIgnoreCase) && content.Headers.ContentLength != 0;
}
