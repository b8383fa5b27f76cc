using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tokenwright;
using Tokenwright.Adapters;
using Unleash.Tokens.Api;

namespace Unleash.Tokens;

/// <summary>
/// Maps Unleash's record of a token to an <see cref="ApiToken"/>. A missing or unreadable member is left out; the other members are still
/// mapped.
/// </summary>
internal static class UnleashMapping
{
    private static readonly TokenKind Kind = new("API token");

    /// <summary>Gets the id of a token, from which nobody can find its secret.</summary>
    public static string IdOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, 16));

    /// <summary>Maps a record, and removes the secret from it.</summary>
    public static ApiToken ToApiToken(Token model, VendorConnection connection, bool includeRaw)
    {
        var unread = new Dictionary<string, string>();
        var id = model.Secret is { } secret ? IdOf(secret) : null;
        (model.Secret, model.Alias) = (null, null);
        var expiry = Time("expiresAt", model.ExpiresAt, unread);
        var lastUse = Time("seenAt", model.SeenAt, unread);

        // What can't be read isn't missing: nobody knows whether the token still works, and what it may do.
        var unreadable = (unread.ContainsKey("expiresAt") ? TokenFields.Expiry : 0)
            | (unread.ContainsKey("seenAt") ? TokenFields.LastUse : 0)
            | (model.Type is null || model.Projects is null || model.Environment is null ? TokenFields.Rights : 0);
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = id,
            Name = model.TokenName,
            Roles = model.Type is { } type ? [new(type)] : [],
            Scopes = [.. (model.Projects ?? []).Select(project => new TokenScope($"{project}:{model.Environment}"))],
            CreatedAt = Time("createdAt", model.CreatedAt, unread),
            LastUsedAt = lastUse,
            ExpiresAt = expiry,
            NeverExpires = model.ExpiresAt is null,
            State = unreadable.HasFlag(TokenFields.Expiry) ? TokenState.Unknown : expiry <= connection.TimeProvider.GetUtcNow()
                ? TokenState.Expired : TokenState.Active,
            Unreadable = unreadable,
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw
                ? model.AdditionalProperties.Select(field => KeyValuePair.Create(field.Key, JsonSerializer.Serialize(field.Value)))
                    .Concat(unread).ToDictionary()
                : unread,
        };
    }

    private static DateTimeOffset? Time(string member, object? value, Dictionary<string, string> unread)
    {
        if (value is null)
            return null;
        var json = JsonSerializer.Serialize(value);
        if (VendorTime.TryParse(json.Trim('"'), out var time) && (time.Year > 1970 || member != "expiresAt"))
            return time.Year > 1970 ? time : null;
        unread[member] = json;
        return null;
    }
}
