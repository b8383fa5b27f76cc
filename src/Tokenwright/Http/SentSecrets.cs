using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tokenwright.Http;

/// <summary>Remembers with a request which secrets authenticate it, so that an answer that repeats one can be masked.</summary>
internal static class SentSecrets
{
    private static readonly HttpRequestOptionsKey<HashSet<TokenSecret>> Key = new("Tokenwright.SentSecrets");

    public static void Add(HttpRequestMessage request, TokenSecret secret)
    {
        if (!request.Options.TryGetValue(Key, out var secrets))
            request.Options.Set(Key, secrets = []);
        secrets.Add(secret);
    }

    /// <summary>A text in which the secrets that were sent with a request are masked.</summary>
    public static string Mask(HttpRequestMessage? request, string text)
        => request is not null && request.Options.TryGetValue(Key, out var secrets) ? Mask(text, secrets) : text;

    /// <summary>A text in which secrets are masked.</summary>
    public static string Mask(string text, IEnumerable<TokenSecret> secrets)
        => secrets.SelectMany(Spellings).Aggregate(text, (masked, spelling) => masked.Replace(spelling, "***", StringComparison.OrdinalIgnoreCase));

    // A secret that left in a URL, a form or JSON may come back as it was encoded there.
    private static IEnumerable<string> Spellings(TokenSecret secret)
        => new[]
        {
            secret.Reveal(),
            Uri.EscapeDataString(secret.Reveal()),
            WebUtility.UrlEncode(secret.Reveal()),
            JsonEncodedText.Encode(secret.Reveal()).ToString(),
            JsonEncodedText.Encode(secret.Reveal(), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        }.Distinct();
}
