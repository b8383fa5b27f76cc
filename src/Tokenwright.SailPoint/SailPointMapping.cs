using System.Collections.ObjectModel;
using Tokenwright.Http;
using Tokenwright.Json;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <summary>SailPoint's model in the facade's words.</summary>
internal static class SailPointMapping
{
    private static readonly TokenKind Kind = new("personal access token");

    public static ApiToken ToApiToken(GetPersonalAccessTokenResponse model, VendorConnection connection, bool missingExpiryMeansNever, bool includeRaw)
    {
        // An expiry that could not be read is kept with the unknown members; it is not a missing one.
        var missingExpiry = model.ExpirationDate is null && !model.AdditionalProperties.ContainsKey("expirationDate");
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = model.Id,
            Name = model.Name,
            Owner = model.Owner is { } owner ? new TokenOwner { Id = owner.Id, Name = owner.Name, Kind = owner.Type } : null,
            Scopes = [.. (model.Scope ?? []).OfType<string>().Select(scope => new TokenScope(scope))],
            CreatedAt = model.Created,
            ExpiresAt = model.ExpirationDate,
            NeverExpires = missingExpiry && (missingExpiryMeansNever || model.UserAwareTokenNeverExpires == true),
            LastUsedAt = model.LastUsed,
            State = model.ExpirationDate <= connection.TimeProvider.GetUtcNow() ? TokenState.Expired : TokenState.Active,
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw ? VendorJson.UnknownFields(model.AdditionalProperties) : ReadOnlyDictionary<string, string>.Empty,
        };
    }
}
