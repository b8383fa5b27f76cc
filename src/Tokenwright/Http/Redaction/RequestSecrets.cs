using System.Text;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <summary>The secrets that a request can meet: those that it carries, and those of its call, its connection and its proxy.</summary>
internal static class RequestSecrets
{
    private const string Basic = "Basic";

    // A short value of a header or parameter that only looks like one for secrets would make words unreadable.
    private const int Shortest = SecretPattern.PartLength;

    private static readonly string[] Words =
        ["auth", "authorization", "cookie", "credential", "key", "password", "secret", "session", "signature", "token"];

    /// <summary>Gets the secrets of a request. One that came on another way than a connection's knows only what it carries.</summary>
    /// <param name="request">The request.</param>
    public static IEnumerable<TokenSecret> Of(HttpRequestMessage request)
        => (SentRequest.Find(request)?.Secrets ?? [])
            .Concat((request as ApiRequest)?.Secrets.Select(Create).OfType<TokenSecret>() ?? [])
            .Concat(Carried(request));

    /// <summary>Gets a text as a secret; null if it can't be one.</summary>
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

    // What is in its query, and what a program's own handlers or clients put into its headers.
    private static IEnumerable<TokenSecret> Carried(HttpRequestMessage request)
        => request.Headers.NonValidated.SelectMany(header => header.Value, (header, value) => (Name: header.Key, Texts: Parts(value)))
            .Concat(Parameters(request.RequestUri))
            .Where(field => IsOfSecret(field.Name))
            .SelectMany(field => field.Texts)
            .Where(text => text.Length >= Shortest)
            .Select(Create)
            .OfType<TokenSecret>();

    // A word of the name tells: X-Api-Key and subject_access_token do, keyword does not.
    private static bool IsOfSecret(string name)
        => name.Split('-', '_', '.').Any(part => Words.Any(word => part.EndsWith(word, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<(string Name, IEnumerable<string> Texts)> Parameters(Uri? address)
        => from parameter in address?.IsAbsoluteUri == true ? address.Query.TrimStart('?').Split('&') : []
           let parts = parameter.Split('=', 2)
           where parts.Length == 2
           select (parts[0], (IEnumerable<string>)[Uri.UnescapeDataString(parts[1])]);

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
