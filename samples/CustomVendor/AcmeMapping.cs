using System.Globalization;
using System.Text.Json;
using Acme.Tokens.Api;
using Tokenwright;
using Tokenwright.Http;

namespace Acme.Tokens;

/// <summary>Acme's record of a token in the facade's words. What a server leaves out or sends in another form costs that member, never the record.</summary>
internal static class AcmeMapping
{
    private static readonly TokenKind Kind = new("API token");

    public static ApiToken ToApiToken(Token model, VendorConnection connection, bool includeRaw)
    {
        var unread = new Dictionary<string, string>();
        var expiry = Time("expires_at", model.Expires_at, unread);
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
            State = expiry <= connection.TimeProvider.GetUtcNow() ? TokenState.Expired : TokenState.Active,
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw
                ? model.AdditionalProperties.Select(field => KeyValuePair.Create(field.Key, JsonSerializer.Serialize(field.Value))).Concat(unread).ToDictionary()
                : new Dictionary<string, string>(),
        };
    }

    private static DateTimeOffset? Time(string member, string? text, Dictionary<string, string> unread)
    {
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        if (text is not null)
            unread[member] = JsonSerializer.Serialize(text);
        return null;
    }
}
