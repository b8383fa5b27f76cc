using System.Text.Json;
using Acme.Tokens.Api;
using Tokenwright;
using Tokenwright.Adapters;

namespace Acme.Tokens;

/// <summary>
/// Maps Acme's record of a token to an <see cref="ApiToken"/>. A missing or unreadable member is left out; the other members are still
/// mapped.
/// </summary>
internal static class AcmeMapping
{
    private static readonly TokenKind Kind = new("API token");

    public static ApiToken ToApiToken(Token model, VendorConnection connection, bool includeRaw)
    {
        var unread = new Dictionary<string, string>();
        var expiry = Time("expires_at", model.Expires_at, unread);

        // An unreadable expiry is not a missing one: nobody knows whether the token still works.
        var isExpiryUnread = unread.ContainsKey("expires_at");
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = model.Id,
            Name = model.Name,
            Owner = model.Owner is { } owner ? new TokenOwner { Id = owner } : null,
            CreatedAt = Time("created_at", model.Created_at, unread),
            ExpiresAt = expiry,
            NeverExpires = model.Expires_at is null,
            State = isExpiryUnread ? TokenState.Unknown : expiry <= connection.TimeProvider.GetUtcNow()
                ? TokenState.Expired : TokenState.Active,
            Unreadable = isExpiryUnread ? TokenFields.Expiry : TokenFields.None,
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw
                ? model.AdditionalProperties.Select(field => KeyValuePair.Create(field.Key, JsonSerializer.Serialize(field.Value)))
                    .Concat(unread).ToDictionary()
                : unread,
        };
    }

    private static DateTimeOffset? Time(string member, string? text, Dictionary<string, string> unread)
    {
        if (VendorTime.TryParse(text, out var time))
            return time;
        if (text is not null)
            unread[member] = JsonSerializer.Serialize(text);
        return null;
    }
}
