using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Represents a token of an emulator. Not every vendor has every property; a property that the vendor lacks is stored, but not shown by its
/// API. When the token is added, properties that are not set get the vendor's defaults.
/// </summary>
public sealed class EmulatedToken
{
    /// <summary>Gets or sets the kind of the token, if an emulator has several; if it is not set, the emulator's first kind.</summary>
    public TokenKind Kind { get; set; }

    /// <summary>Gets or sets the vendor's id, in the vendor's form.</summary>
    public string? Id { get; set; }

    /// <summary>Gets or sets the secret.</summary>
    public TokenSecret? Secret { get; set; }

    /// <summary>Gets or sets the key that the token's creator chose.</summary>
    public string? Key { get; set; }

    /// <summary>Gets or sets the name.</summary>
    public string? Name { get; set; }

    /// <summary>Gets or sets the description.</summary>
    public string? Description { get; set; }

    /// <summary>Gets or sets the owner's id; if it is not set, the id of the emulator's own user.</summary>
    public string? OwnerId { get; set; }

    /// <summary>Gets or sets the owner's name.</summary>
    public string? OwnerName { get; set; }

    /// <summary>Gets or sets the scopes or permissions.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Gets or sets the roles.</summary>
    public IReadOnlyList<string> Roles { get; set; } = [];

    /// <summary>Gets or sets the time when the token was issued; if it is not set, the current time of the emulator's clock.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>Gets or sets the time when the record last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>Gets or sets the time when the token expires; null if it never expires.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Gets or sets the time when the token was last used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Gets or sets whether the token is deactivated.</summary>
    public bool IsDeactivated { get; set; }

    /// <summary>Gets or sets whether the token was revoked, at vendors that keep revoked tokens.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>
    /// Gets or sets members that are added to the token's record in the API, or that replace its members, for example fields of a later
    /// version or values that can't be read.
    /// </summary>
    public JsonObject? Extra { get; set; }

    /// <summary>Determines whether the token works at a given time.</summary>
    /// <param name="now">The time.</param>
    public bool IsActive(DateTimeOffset now) => !IsRevoked && !IsDeactivated && !(ExpiresAt <= now);
}
