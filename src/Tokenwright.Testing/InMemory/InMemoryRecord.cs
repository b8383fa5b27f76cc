using System.Collections.ObjectModel;

namespace Tokenwright.Testing;

/// <summary>Creates the records of an <see cref="InMemoryTokenClient"/>'s tokens.</summary>
internal static class InMemoryRecord
{
    public static ApiToken Of(EmulatedToken token, TokenClientMetadata metadata, DateTimeOffset now, bool includeRaw) => new()
    {
        Vendor = metadata.Vendor,
        Connection = metadata.Connection,
        Kind = new TokenKind("in-memory token"),
        Id = token.Id,
        Key = token.Key,
        Name = token.Name,
        Description = token.Description,
        Owner = token.OwnerId is null && token.OwnerName is null
            ? null : new TokenOwner { Id = token.OwnerId, Name = token.OwnerName, Kind = "user" },
        Scopes = [.. token.Scopes.Select(scope => new TokenScope(scope))],
        Roles = [.. token.Roles.Select(role => new TokenRole(role))],
        CreatedAt = token.CreatedAt?.ToUniversalTime(),
        UpdatedAt = token.UpdatedAt?.ToUniversalTime(),
        ExpiresAt = token.ExpiresAt?.ToUniversalTime(),
        NeverExpires = token.ExpiresAt is null,
        // As in vendors' records, a time in or before 1970 means that the token was never used.
        LastUsedAt = token.LastUsedAt is { UtcDateTime.Year: > 1970 } used ? used.ToUniversalTime() : null,
        State = token switch
        {
            { IsRevoked: true } => TokenState.Revoked,
            { IsDeactivated: true } => TokenState.Deactivated,
            _ => token.IsActive(now) ? TokenState.Active : TokenState.Expired,
        },
        UnknownFields = includeRaw && token.Extra is { } extra
            ? extra.ToDictionary(member => member.Key, member => member.Value?.ToJsonString() ?? "null")
            : ReadOnlyDictionary<string, string>.Empty,
    };
}
