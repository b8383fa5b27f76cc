using System.Buffers;
using System.Text.Json;

namespace Tokenwright.Rotation;

/// <summary>The JSON form of a secret: <c>{"generation":3,"id":"…","secret":"…"}</c>.</summary>
internal static class SecretJson
{
    public static byte[] Write(RotatedSecret secret)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("generation", secret.Generation);
            if (secret.Id is not null)
                json.WriteString("id", secret.Id);
            json.WriteString("secret", secret.Secret.Reveal());
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the form.</summary>
    /// <returns>The secret; null if the bytes have another form.</returns>
    public static RotatedSecret? Read(ReadOnlyMemory<byte> bytes, string lineage)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("generation", out var generation) && generation.TryGetInt32(out var number)
                && root.TryGetProperty("secret", out var secret) && secret.GetString() is { Length: > 0 } text
                ? new RotatedSecret
                {
                    Lineage = lineage,
                    Generation = number,
                    Id = root.TryGetProperty("id", out var id) ? id.GetString() : null,
                    Secret = new TokenSecret(text),
                }
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
