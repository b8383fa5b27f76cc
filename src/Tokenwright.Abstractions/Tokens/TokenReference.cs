using System.Diagnostics;

namespace Tokenwright;

/// <summary>Identifies a token in a call.</summary>
/// <remarks><see cref="OperationCapability.References"/> says which kinds of reference an operation accepts.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class TokenReference
{
    private TokenReference(TokenReferenceKinds kind, string? id = null, TokenSecret? secret = null, string? key = null)
    {
        Kind = kind;
        Id = id;
        Secret = secret;
        Key = key;
    }

    /// <summary>Gets a reference to the token that the connection itself uses.</summary>
    public static TokenReference Self { get; } = new(TokenReferenceKinds.Self);

    /// <summary>Gets the kind of this reference: exactly one of the flags.</summary>
    public TokenReferenceKinds Kind { get; }

    /// <summary>Gets the vendor's id of the token; null if the reference doesn't contain it.</summary>
    public string? Id { get; }

    /// <summary>Gets the token's secret; null if the reference doesn't contain it.</summary>
    public TokenSecret? Secret { get; }

    /// <summary>Gets the key that the token's creator chose; null if the reference doesn't contain it.</summary>
    public string? Key { get; }

    /// <summary>Creates a reference by the vendor's id.</summary>
    /// <param name="id">The id, as in <see cref="ApiToken.Id"/>.</param>
    /// <exception cref="ArgumentException">
    /// The id is empty, is <c>.</c> or <c>..</c>, or contains a control character or half of a surrogate pair.
    /// </exception>
    public static TokenReference ById(string id) => new(TokenReferenceKinds.Id, id: Checked(id, nameof(id)));

    /// <summary>Creates a reference by the token's secret.</summary>
    /// <param name="secret">The secret.</param>
    public static TokenReference BySecret(TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return new(TokenReferenceKinds.Secret, secret: secret);
    }

    /// <summary>Creates a reference by the token's id and secret, for vendors that need both.</summary>
    /// <param name="id">The id, as in <see cref="ApiToken.Id"/>.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="ArgumentException">
    /// The id is empty, is <c>.</c> or <c>..</c>, or contains a control character or half of a surrogate pair.
    /// </exception>
    public static TokenReference ByIdAndSecret(string id, TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return new(TokenReferenceKinds.IdAndSecret, id: Checked(id, nameof(id)), secret: secret);
    }

    /// <summary>Creates a reference by the key that the token's creator chose.</summary>
    /// <param name="key">The key, as in <see cref="ApiToken.Key"/>.</param>
    /// <exception cref="ArgumentException">
    /// The key is empty, is <c>.</c> or <c>..</c>, or contains a control character or half of a surrogate pair.
    /// </exception>
    public static TokenReference ByKey(string key) => new(TokenReferenceKinds.Key, key: Checked(key, nameof(key)));

    /// <summary>Returns the reference as text for a person. A secret in it is redacted.</summary>
    public override string ToString() => Kind switch
    {
        TokenReferenceKinds.Id => $"id {Id}",
        TokenReferenceKinds.Secret => $"secret {Secret}",
        TokenReferenceKinds.IdAndSecret => $"id {Id} with secret {Secret}",
        TokenReferenceKinds.Key => $"key {Key}",
        _ => "self",
    };

    // The value becomes part of a URL, in which a dot segment would address another resource.
    private static string Checked(string value, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, parameter);
        if (value is "." or "..")
            throw new ArgumentException("'.' and '..' can't be an id: in a URL they mean another place.", parameter);
        var foreign = WrittenText.IndexOfForeign(value);
        return foreign < 0
            ? value
            : throw new ArgumentException(
                $"There is {(char.IsControl(value[foreign]) ? "a control character" : "half of a character")} " +
                    $"(U+{(int)value[foreign]:X4}) at position {foreign}.", parameter);
    }
}
