using System.Diagnostics;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tokenwright;

/// <summary>
/// Represents a value that authenticates: a token's secret, a password or a client secret. It prints as <c>***</c>, compares in constant
/// time and refuses to be serialized. Only <see cref="Reveal"/> returns the value.
/// </summary>
/// <remarks>The value is in ordinary memory. This type prevents accidental leaks, but gives no protection against a debugger.</remarks>
[DebuggerDisplay("***")]
[DebuggerTypeProxy(typeof(HiddenFromDebugger))]
[JsonConverter(typeof(RefuseJson))]
public sealed class TokenSecret : IEquatable<TokenSecret>
{
    private const int MinKeyLength = 16;
    private readonly string _value;

    /// <summary>Initializes a new instance of the <see cref="TokenSecret"/> class.</summary>
    /// <param name="value">The value, without line breaks or other control characters, because a header can't contain them.</param>
    /// <exception cref="ArgumentException">
    /// The value is empty, or contains a control character or half of a surrogate pair. The message doesn't show the value.
    /// </exception>
    public TokenSecret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        var foreign = WrittenText.IndexOfForeign(value);
        if (foreign >= 0)
        {
            var (what, advice) = char.IsControl(value[foreign])
                ? ("a control character", "; a line end from a file or a shell? Trim it.") : ("half of a character", ".");
            throw new ArgumentException(
                $"The secret has {what} (U+{(int)value[foreign]:X4}) at position {foreign} of {value.Length}{advice}", nameof(value));
        }

        _value = value;
    }

    /// <summary>Returns the value. Call this only where the value is needed, and keep it out of logs.</summary>
    public string Reveal() => _value;

    /// <summary>
    /// Computes a short text that identifies the secret in logs without showing it: the first 16 hexadecimal digits of its HMAC-SHA256. The
    /// same value and key always give the same text.
    /// </summary>
    /// <param name="key">
    /// A key of at least 16 bytes that readers of the logs don't have. Without such a key, short secrets could be guessed.
    /// </param>
    /// <exception cref="ArgumentException">The key is shorter than 16 bytes.</exception>
    public string Fingerprint(ReadOnlySpan<byte> key)
    {
        if (key.Length < MinKeyLength)
            throw new ArgumentException($"The key has {key.Length} bytes; at least {MinKeyLength} are needed.", nameof(key));
        return Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(_value)).AsSpan(0, 8)).ToLowerInvariant();
    }

    /// <summary>Determines whether two secrets have the same value, in a time that doesn't depend on where they differ.</summary>
    public bool Equals(TokenSecret? other)
        => other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), Encoding.UTF8.GetBytes(other._value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as TokenSecret);

    /// <inheritdoc />
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns <c>***</c>.</summary>
    public override string ToString() => "***";

    // Serializers that support the framework's callbacks (Newtonsoft.Json, DataContractSerializer) fail here.
    [OnSerializing]
    private void Refuse(StreamingContext context) => throw Refusal();

    private static NotSupportedException Refusal()
        => new("A TokenSecret is not serialised, so that it doesn't end up in a file or log by accident. Call Reveal() where the value " +
            "is meant to be written.");

    private sealed class HiddenFromDebugger
    {
        public HiddenFromDebugger(TokenSecret secret) => _ = secret;
    }

    private sealed class RefuseJson : JsonConverter<TokenSecret>
    {
        public override TokenSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => new(reader.GetString() ?? throw new JsonException("A secret can't be null."));

        public override void Write(Utf8JsonWriter writer, TokenSecret value, JsonSerializerOptions options) => throw Refusal();
    }
}
