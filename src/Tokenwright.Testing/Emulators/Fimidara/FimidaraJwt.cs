using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Tokenwright.Testing;

/// <summary>Provides methods for JWTs that are signed with the emulator's own key.</summary>
internal static class FimidaraJwt
{
    private static readonly byte[] Key = "emulated.fimidara.signing-key"u8.ToArray();

    public static TokenSecret Sign(JsonObject claims)
    {
        var text = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}";
        return new TokenSecret($"{text}.{WebEncoders.Base64UrlEncode(Signature(text))}");

        static string Encode(string json) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Gets the claims; null if the text isn't a JWT of this key.</summary>
    public static JsonObject? Claims(string jwt)
    {
        try
        {
            return jwt.Split('.') is [var header, var claims, var signature]
                && CryptographicOperations.FixedTimeEquals(Signature($"{header}.{claims}"), WebEncoders.Base64UrlDecode(signature))
                && EmulatorJson.Text(JsonNode.Parse(WebEncoders.Base64UrlDecode(header))?["alg"]) == "HS256"
                ? JsonNode.Parse(WebEncoders.Base64UrlDecode(claims)) as JsonObject
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static byte[] Signature(string text) => HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(text));
}
