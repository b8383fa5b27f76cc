using System.Text;

namespace Tokenwright.Http;

/// <summary>The secrets that a request can meet: those that it carries, and those of its call, its connection and its proxy.</summary>
internal static class RequestSecrets
{
    private const string Basic = "Basic";

    // A short value of a header that only looks like one for secrets would make words unreadable.
    private const int Shortest = SecretPattern.PartLength;

    private static readonly string[] WordsOfHeaders = ["auth", "cookie", "credential", "key", "password", "secret", "session", "signature", "token"];

    /// <summary>The secrets of a request. One that came on another way than a connection's knows only what it carries.</summary>
    /// <param name="request">The request.</param>
    public static IEnumerable<TokenSecret> Of(HttpRequestMessage request)
        => (SentRequest.Find(request)?.Secrets ?? []).Concat(Carried(request));

    /// <summary>A text as a secret; null if it can't be one.</summary>
    /// <param name="text">The text.</param>
    public static TokenSecret? Create(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : new TokenSecret(text);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // What a program's own handlers or clients put into headers.
    private static IEnumerable<TokenSecret> Carried(HttpRequestMessage request)
    {
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (!WordsOfHeaders.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
                continue;
            foreach (var text in values.SelectMany(Parts))
            {
                if (text.Length >= Shortest && Create(text) is { } secret)
                    yield return secret;
            }
        }
    }

    // Behind a scheme, or a cookie's name.
    private static IEnumerable<string> Parts(string value)
    {
        foreach (var part in value.Split([' ', ';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var name = part.TrimEnd('=').IndexOf('=', StringComparison.Ordinal);
            yield return part[(name + 1)..];
        }

        if (value.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) && Decoded(value[Basic.Length..].Trim()) is { } pair)
            yield return pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static string? Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
