using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tokenwright;

/// <summary>Represents the kind of a token, for example <c>personal access token</c>. New values can appear at any time.</summary>
/// <remarks>Values are compared case-insensitively. In JSON, a value is a string or null.</remarks>
[JsonConverter(typeof(Converter))]
public readonly struct TokenKind : IEquatable<TokenKind>
{
    /// <summary>Initializes a new instance of the <see cref="TokenKind"/> struct.</summary>
    /// <param name="value">The vendor's term in lower-case words; null, empty or white space for none.</param>
    public TokenKind(string? value) => Value = string.IsNullOrWhiteSpace(value) ? null : value;

    /// <summary>Gets the vendor's term; null for none.</summary>
    public string? Value { get; }

    /// <summary>Determines whether two values are equal, ignoring case.</summary>
    /// <param name="left">The first value.</param>
    /// <param name="right">The second value.</param>
    public static bool operator ==(TokenKind left, TokenKind right) => left.Equals(right);

    /// <summary>Determines whether two values are different, ignoring case.</summary>
    /// <param name="left">The first value.</param>
    /// <param name="right">The second value.</param>
    public static bool operator !=(TokenKind left, TokenKind right) => !left.Equals(right);

    /// <inheritdoc />
    public bool Equals(TokenKind other) => string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is TokenKind other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    /// <summary>Returns <see cref="Value"/>, or an empty string if it is null.</summary>
    public override string ToString() => Value ?? string.Empty;

    /// <summary>Converts a kind to and from a JSON string.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<TokenKind>
    {
        /// <inheritdoc />
        public override bool HandleNull => true;

        /// <inheritdoc />
        public override TokenKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType is JsonTokenType.String or JsonTokenType.Null
                ? new TokenKind(reader.GetString()) : throw new JsonException("A kind must be a string or null.");

        /// <inheritdoc />
        public override void Write(Utf8JsonWriter writer, TokenKind value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(value.Value);
        }
    }
}
