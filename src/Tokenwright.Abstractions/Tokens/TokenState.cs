using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tokenwright;

/// <summary>Represents whether a token works. Compare it with the known values, and expect new ones.</summary>
/// <remarks>Values are compared case-insensitively. In JSON, a value is a string or null.</remarks>
[JsonConverter(typeof(Converter))]
public readonly struct TokenState : IEquatable<TokenState>
{
    private const string UnknownText = "unknown";

    /// <summary>Initializes a new instance of the <see cref="TokenState"/> struct.</summary>
    /// <param name="value">The state; null, an empty string, white space and <c>unknown</c> give <see cref="Unknown"/>.</param>
    public TokenState(string? value)
        => Value = string.IsNullOrWhiteSpace(value) || UnknownText.Equals(value, StringComparison.OrdinalIgnoreCase) ? null : value;

    /// <summary>
    /// Gets the state of a token whose record doesn't show its state, or shows it in an unreadable form
    /// (<see cref="ApiToken.Unreadable"/>).
    /// </summary>
    public static TokenState Unknown { get; }

    /// <summary>Gets the state of a token that works.</summary>
    public static TokenState Active { get; } = new("active");

    /// <summary>Gets the state of a token that has expired.</summary>
    public static TokenState Expired { get; } = new("expired");

    /// <summary>Gets the state of a token that was deactivated and can be activated again.</summary>
    public static TokenState Deactivated { get; } = new("deactivated");

    /// <summary>Gets the state of a token that was revoked.</summary>
    public static TokenState Revoked { get; } = new("revoked");

    /// <summary>Gets the state as text; null for <see cref="Unknown"/>.</summary>
    public string? Value { get; }

    /// <summary>Determines whether two values are equal, ignoring case.</summary>
    /// <param name="left">The first value.</param>
    /// <param name="right">The second value.</param>
    public static bool operator ==(TokenState left, TokenState right) => left.Equals(right);

    /// <summary>Determines whether two values are different, ignoring case.</summary>
    /// <param name="left">The first value.</param>
    /// <param name="right">The second value.</param>
    public static bool operator !=(TokenState left, TokenState right) => !left.Equals(right);

    /// <inheritdoc />
    public bool Equals(TokenState other) => string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is TokenState other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(ToString());

    /// <summary>Returns <see cref="Value"/>, or <c>unknown</c> for <see cref="Unknown"/>.</summary>
    public override string ToString() => Value ?? UnknownText;

    /// <summary>Converts a state to and from a JSON string.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Converter : JsonConverter<TokenState>
    {
        /// <inheritdoc />
        public override bool HandleNull => true;

        /// <inheritdoc />
        public override TokenState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.TokenType is JsonTokenType.String or JsonTokenType.Null
                ? new TokenState(reader.GetString()) : throw new JsonException("A state must be a string or null.");

        /// <inheritdoc />
        public override void Write(Utf8JsonWriter writer, TokenState value, JsonSerializerOptions options)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStringValue(value.ToString());
        }
    }
}
