using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// A token that an emulator keeps. Not every vendor has every member; what a vendor lacks is kept here and not shown by its API. Members
/// that are left unset get what the vendor would give them when the token is added.
/// </summary>
public sealed class EmulatedToken
{
    /// <summary>Which of the vendor's kinds of token it is, where an emulator has several; unset, it is the emulator's first.</summary>
    public TokenKind Kind { get; set; }

    /// <summary>The vendor's id, in the vendor's form.</summary>
    public string? Id { get; set; }

    /// <summary>The secret.</summary>
    public TokenSecret? Secret { get; set; }

    /// <summary>The creator's own key.</summary>
    public string? Key { get; set; }

    /// <summary>The name.</summary>
    public string? Name { get; set; }

    /// <summary>The description.</summary>
    public string? Description { get; set; }

    /// <summary>The owner's id; unset, it is that of the emulator's own user.</summary>
    public string? OwnerId { get; set; }

    /// <summary>The owner's name.</summary>
    public string? OwnerName { get; set; }

    /// <summary>The scopes or permissions.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>The roles.</summary>
    public IReadOnlyList<string> Roles { get; set; } = [];

    /// <summary>When it was issued; unset, it is now by the emulator's clock.</summary>
    public DateTimeOffset? CreatedAt { get; set; }

    /// <summary>When the record last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was last used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Whether it is deactivated.</summary>
    public bool IsDeactivated { get; set; }

    /// <summary>Whether it was ended, at vendors that remember those.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>
    /// Members that are added to the token's record as the API shows it, or that replace members of it: fields of a later version, values
    /// that can't be read.
    /// </summary>
    public JsonObject? Extra { get; set; }

    /// <summary>Whether it works at an instant.</summary>
    /// <param name="now">The instant.</param>
    public bool IsActive(DateTimeOffset now) => !IsRevoked && !IsDeactivated && !(ExpiresAt <= now);
}
