using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// A token that an emulator keeps. Not every vendor has every member; what a vendor lacks is kept here and not shown by its API. Members
/// that are left unset get what the vendor would give them when the token is added.
/// </summary>
public sealed class EmulatedToken
{
    /// <summary>
    /// Gets or sets which of the vendor's kinds of token it is, where an emulator has several; unset, it is the emulator's first.
    /// </summary>
    public TokenKind Kind { get; set; }

    /// <summary>Gets or sets the vendor's id, in the vendor's form.</summary>
    public string? Id { get; set; }

    /// <summary>Gets or sets the secret.</summary>
    public TokenSecret? Secret { get; set; }

    /// <summary>Gets or sets the creator's own key.</summary>
    public string? Key { get; set; }

    /// <summary>Gets or sets the name.</summary>
    public string? Name { get; set; }

    /// <summary>Gets or sets the description.</summary>
    public string? Description { get; set; }

    /// <summary>Gets or sets the owner's id; unset, it is that of the emulator's own user.</summary>
    public string? OwnerId { get; set; }

    /// <summary>Gets or sets the owner's name.</summary>
    public string? OwnerName { get; set; }

    /// <summary>Gets or sets the scopes or permissions.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Gets or sets the roles.</summary>
    public IReadOnlyList<string> Roles { get; set; } = [];

    /// <summary>Gets or sets the time when it was issued; unset, it is now by the emulator's clock.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>Gets or sets the time when the record last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>Gets or sets the time when it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Gets or sets the time when it was last used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Gets or sets whether it is deactivated.</summary>
    public bool IsDeactivated { get; set; }

    /// <summary>Gets or sets whether it was ended, at vendors that remember those.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>
    /// Gets or sets members that are added to the token's record as the API shows it, or that replace members of it: fields of a later
    /// version, values that can't be read.
    /// </summary>
    public JsonObject? Extra { get; set; }

    /// <summary>Determines whether it works at an instant.</summary>
    /// <param name="now">The instant.</param>
    public bool IsActive(DateTimeOffset now) => !IsRevoked && !IsDeactivated && !(ExpiresAt <= now);
}
