using System.Diagnostics;

namespace Tokenwright;

/// <summary>How a token is named in a call.</summary>
/// <remarks>Which kinds an operation takes is said by <see cref="OperationCapability.References"/>.</remarks>
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

    /// <summary>Gets the token that the connection itself works with.</summary>
    public static TokenReference Self { get; } = new(TokenReferenceKinds.Self);

    /// <summary>Gets which kind of reference this is: exactly one of the flags.</summary>
    public TokenReferenceKinds Kind { get; }

    /// <summary>Gets the vendor's id of the token; null unless named by it.</summary>
    public string? Id { get; }

    /// <summary>Gets the token's secret; null unless named by it.</summary>
    public TokenSecret? Secret { get; }

    /// <summary>Gets the caller's own key of the token; null unless named by it.</summary>
    public string? Key { get; }

    /// <summary>Creates a reference by the vendor's id.</summary>
    /// <param name="id">The id, as in <see cref="ApiToken.Id"/>.</param>
    /// <exception cref="ArgumentException">The id is empty, is <c>.</c> or <c>..</c>, or holds a control character or half of a surrogate
    /// pair.</exception>
    public static TokenReference ById(string id) => new(TokenReferenceKinds.Id, id: Checked(id, nameof(id)));

    /// <summary>Creates a reference by the token's secret.</summary>
    /// <param name="secret">The secret.</param>
    public static TokenReference BySecret(TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return new(TokenReferenceKinds.Secret, secret: secret);
    }

    /// <summary>Creates a reference by the token's id and secret together, where a vendor needs both.</summary>
    /// <param name="id">The id, as in <see cref="ApiToken.Id"/>.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="ArgumentException">The id is empty, is <c>.</c> or <c>..</c>, or holds a control character or half of a surrogate
    /// pair.</exception>
    public static TokenReference ByIdAndSecret(string id, TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return new(TokenReferenceKinds.IdAndSecret, id: Checked(id, nameof(id)), secret: secret);
    }

    /// <summary>Creates a reference by the key that the token's creator gave it.</summary>
    /// <param name="key">The key, as in <see cref="ApiToken.Key"/>.</param>
    /// <exception cref="ArgumentException">The key is empty, is <c>.</c> or <c>..</c>, or holds a control character or half of a surrogate
    /// pair.</exception>
    public static TokenReference ByKey(string key) => new(TokenReferenceKinds.Key, key: Checked(key, nameof(key)));

    /// <summary>Returns a text for people; a secret in it is redacted.</summary>
    public override string ToString() => Kind switch
    {
        TokenReferenceKinds.Id => $"id {Id}",
        TokenReferenceKinds.Secret => $"secret {Secret}",
        TokenReferenceKinds.IdAndSecret => $"id {Id} with secret {Secret}",
        TokenReferenceKinds.Key => $"key {Key}",
        _ => "self",
    };

    // A dot segment would walk up the path of the URL that it becomes a part of.
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
