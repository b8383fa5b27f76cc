namespace Tokenwright.Http;

/// <summary>Masks secrets in what a vendor says.</summary>
internal static class SentSecrets
{
    /// <summary>A text in which the secrets that were sent with a request are masked.</summary>
    public static string Mask(HttpRequestMessage? request, string text)
        => request is not null && SentRequest.Find(request) is { } sent ? Mask(text, sent.Secrets) : text;

    /// <summary>A text in which secrets are masked, in whatever way it writes them.</summary>
    public static string Mask(string text, IEnumerable<TokenSecret> secrets)

        // The longest first: one can be the beginning of another.
        => secrets.OrderByDescending(secret => secret.Reveal().Length).Aggregate(text, (masked, secret) => new SecretSpelling(secret).Mask(masked));
}
