using System.Text;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <summary>Finds the secrets of a request: those that it contains, and those of its call, its connection and its proxy.</summary>
internal static class RequestSecrets
{
    private const string Basic = "Basic";

    // A short header or parameter value may only look like a secret, and redacting it would make words unreadable.
    private const int Shortest = SecretPattern.PartLength;

    private static readonly string[] Words =
        ["auth", "authorization", "cookie", "credential", "key", "password", "secret", "session", "signature", "token"];

    /// <summary>Gets the secrets of a request. Without a connection, these are only the secrets in the request itself.</summary>
    /// <param name="request">The request.</param>
    public static IEnumerable<TokenSecret> Of(HttpRequestMessage request)
        => (SentRequest.Find(request)?.Secrets ?? [])
            .Concat((request as ApiRequest)?.Secrets.Select(Create).OfType<TokenSecret>() ?? [])
            .Concat(Carried(request));

    /// <summary>Creates a secret from a text; null if the text isn't a valid secret.</summary>
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

    // These are the secrets in the query, and those that a program's handlers or clients add to the headers.
    private static IEnumerable<TokenSecret> Carried(HttpRequestMessage request)
        => request.Headers.NonValidated.SelectMany(header => header.Value, (header, value) => (Name: header.Key, Texts: Parts(value)))
            .Concat(Parameters(request.RequestUri))
            .Where(field => IsOfSecret(field.Name))
            .SelectMany(field => field.Texts)
            .Where(text => text.Length >= Shortest)
            .Select(Create)
            .OfType<TokenSecret>();

    // A whole word in the name decides: X-Api-Key and subject_access_token are names of secrets, but keyword isn't.
    private static bool IsOfSecret(string name)
        => name.Split('-', '_', '.').Any(part => Words.Any(word => part.EndsWith(word, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<(string Name, IEnumerable<string> Texts)> Parameters(Uri? address)
        => from parameter in address?.IsAbsoluteUri == true ? address.Query.TrimStart('?').Split('&') : []
           let parts = parameter.Split('=', 2)
           where parts.Length == 2
           select (parts[0], (IEnumerable<string>)[Uri.UnescapeDataString(parts[1])]);

    // The part after a scheme or after a cookie's name is a secret too.
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
