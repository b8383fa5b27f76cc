using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tokenwright;

/// <summary>Represents one scope or permission, in the vendor's terms.</summary>
/// <remarks>Values are compared case-insensitively. In JSON, a value is a string.</remarks>
[JsonConverter(typeof(Converter))]
public readonly struct TokenScope : IEquatable<TokenScope>
{
    private readonly string? _value;

    /// <summary>Initializes a new instance of the <see cref="TokenScope"/> struct.</summary>
    /// <param name="value">The scope, in the vendor's terms.</param>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">The value is empty or white space.</exception>
    public TokenScope(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value;
    }

    /// <summary>Gets the vendor's term; an empty string for <c>default</c>.</summary>
    public string Value => _value ?? string.Empty;

    /// <summary>Determines whether two values are equal, ignoring case.</summary>
    /// <param name="left">The first value.</param>
    /// <param name="right">The second value.</param>
    public static bool operator ==(TokenScope left, TokenScope right) => left.Equals(right);

    /// <summary>Determines whether two values are different, ignoring case.</summary>
    /// <param name="left">The first value.</param>
    /// <param name="right">The second value.</param>
    public static bool operator !=(TokenScope left, TokenScope right) => !left.Equals(right);

    /// <inheritdoc />
    public bool Equals(TokenScope other) => string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is TokenScope other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    /// <summary>Returns <see cref="Value"/>.</summary>
    public override string ToString() => Value;

    /// <summary>Converts a scope to and from a JSON string.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<TokenScope>
    {
        /// <inheritdoc />
        public override TokenScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType == JsonTokenType.String && reader.GetString() is { } value && !string.IsNullOrWhiteSpace(value)
                ? new TokenScope(value) : throw new JsonException("A scope must be a string that is not empty.");

        /// <inheritdoc />
        public override void Write(Utf8JsonWriter writer, TokenScope value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(value.Value);
        }
    }
}
