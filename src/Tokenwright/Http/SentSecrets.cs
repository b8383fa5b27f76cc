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

    /// <summary>A text in which secrets are masked, in whatever way it writes them.</summary>
    public static string Mask(string text, IEnumerable<TokenSecret> secrets)

        // The longest first: one can be the beginning of another.
        => secrets.OrderByDescending(secret => secret.Reveal().Length).Aggregate(text, (masked, secret) => new SecretSpelling(secret).Mask(masked));
}
