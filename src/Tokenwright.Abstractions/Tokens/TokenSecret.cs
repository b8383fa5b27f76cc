using System.Diagnostics;
using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tokenwright;

/// <summary>
/// A value that authenticates: a token's secret, a password, a client secret. It prints as <c>***</c>, compares in constant time,
/// refuses to be serialised, and gives its value only to <see cref="Reveal"/>.
/// </summary>
/// <remarks>The value lives in ordinary memory: this guards against leaks by accident, not against a debugger.</remarks>
[DebuggerDisplay("***")]
[DebuggerTypeProxy(typeof(HiddenFromDebugger))]
[JsonConverter(typeof(RefuseJson))]
public sealed class TokenSecret : IEquatable<TokenSecret>
{
    private const int MinKeyLength = 16;
    private readonly string _value;

    /// <summary>Wraps a value.</summary>
    /// <param name="value">The value, without line ends or other control characters (a header could not carry them).</param>
    /// <exception cref="ArgumentException">The value is empty, or holds a control character or half of a surrogate pair. The message
    /// doesn't show it.</exception>
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

    /// <summary>Gives the value itself. Call this only where the value is needed, and keep it out of logs.</summary>
    public string Reveal() => _value;

    /// <summary>
    /// Gets a short text that is the same for the same value and key, to tell secrets apart in logs without showing them: the first 16 hex
    /// digits of HMAC-SHA256.
    /// </summary>
    /// <param name="key">A key of at least 16 bytes that readers of the logs don't have; without it, short secrets could be
    /// guessed.</param>
    /// <exception cref="ArgumentException">The key is shorter than 16 bytes.</exception>
    public string Fingerprint(ReadOnlySpan<byte> key)
    {
        if (key.Length < MinKeyLength)
            throw new ArgumentException($"The key has {key.Length} bytes; at least {MinKeyLength} are needed.", nameof(key));
        return Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(_value)).AsSpan(0, 8)).ToLowerInvariant();
    }

    /// <summary>Determines whether both hold the same value, compared in a time that doesn't depend on where they differ.</summary>
    public bool Equals(TokenSecret? other)
        => other is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), Encoding.UTF8.GetBytes(other._value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as TokenSecret);

    /// <inheritdoc />
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns <c>***</c>, always.</summary>
    public override string ToString() => "***";

    // Serialisers that honour the framework's callbacks (Newtonsoft.Json, DataContractSerializer) stop here.
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
