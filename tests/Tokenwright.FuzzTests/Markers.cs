using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tokenwright.FuzzTests;

/// <summary>
/// Secrets that no exception may show. Each has characters that URLs, forms and JSON encode differently, and a core that all of them leave
/// unchanged.
/// </summary>
internal static class Markers
{
    /// <summary>The secret of a connection.</summary>
    public const string Credential = "Kq7credential/+=&\"'<x";

    /// <summary>The secret by which a call references a token.</summary>
    public const string Reference = "Kq7reference/+=&\"'<x";

    /// <summary>The identity token that VMware's create needs. The vendor allows few characters in it.</summary>
    public const string Identity = "Kq7identity-.x";

    /// <summary>The content of the secret members of bodies.</summary>
    public const string Body = "Kq7body/+=&\"'<x";

    private const string BodyCore = "Kq7body";
    private static readonly string[] Cores = ["Kq7credential", "Kq7reference", "Kq7identity", BodyCore];

    /// <summary>Returns the markers that a text contains.</summary>
    public static IEnumerable<string> In(string text) => Cores.Where(core => text.Contains(core, StringComparison.OrdinalIgnoreCase));

    /// <summary>Removes the marker of bodies, for calls that may show the vendor's words.</summary>
    public static string Scrubbed(string body) => body.Replace(BodyCore, "scrubbed", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns a sentence that repeats a secret, as the text of a JSON string, in one of the encodings of servers.</summary>
    public static string Echo(Random random, string secret)
    {
        var spelling = random.Next(7) switch
        {
            0 => JavaScriptEncoder.Default.Encode(secret),
            1 => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(secret),
            2 => JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()
                .Replace("/", "\\/", StringComparison.Ordinal),
            3 => string.Concat(secret.Select(character => $"\\u{(int)character:x4}")),
            4 => Uri.EscapeDataString(secret),
            5 => Uri.EscapeDataString(secret).ToLowerInvariant(),
            _ => WebUtility.UrlEncode(secret),
        };
        return $"\"the token {spelling} is not known\"";
    }
}
