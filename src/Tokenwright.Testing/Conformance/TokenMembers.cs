namespace Tokenwright.Testing.Conformance;

/// <summary>Specifies properties of <see cref="ApiToken"/>.</summary>
[Flags]
public enum TokenMembers
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><see cref="ApiToken.Id"/>.</summary>
    Id = 1,

    /// <summary><see cref="ApiToken.Key"/>.</summary>
    Key = 2,

    /// <summary><see cref="ApiToken.Name"/>.</summary>
    Name = 4,

    /// <summary><see cref="ApiToken.Description"/>.</summary>
    Description = 8,

    /// <summary>The id of <see cref="ApiToken.Owner"/>.</summary>
    OwnerId = 16,

    /// <summary><see cref="ApiToken.Scopes"/>.</summary>
    Scopes = 32,

    /// <summary><see cref="ApiToken.Roles"/>.</summary>
    Roles = 64,

    /// <summary><see cref="ApiToken.CreatedAt"/>.</summary>
    CreatedAt = 128,

    /// <summary><see cref="ApiToken.ExpiresAt"/>.</summary>
    ExpiresAt = 256,

    /// <summary><see cref="ApiToken.LastUsedAt"/>.</summary>
    LastUsedAt = 512,
}
