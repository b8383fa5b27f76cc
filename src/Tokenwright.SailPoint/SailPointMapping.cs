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
        => new()
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = model.Id,
            Name = model.Name,
            Owner = ToOwner(model.Owner),
            Scopes = RepeatedParts.ScopesOf(model.Scope),
            CreatedAt = model.Created,
            ExpiresAt = model.ExpirationDate,
            NeverExpires = IsMissing(model.ExpirationDate, VendorJson.Keeps(model, "expirationDate")) && (missingExpiryMeansNever || model.UserAwareTokenNeverExpires == true),
            LastUsedAt = model.LastUsed,
            State = ToState(model.ExpirationDate, connection),
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw ? VendorJson.UnknownFields(model) : ReadOnlyDictionary<string, string>.Empty,
        };

    public static IssuedToken ToIssuedToken(CreatePersonalAccessTokenResponse model, VendorConnection connection, bool missingExpiryMeansNever)
    {
        var secret = ExchangedSecret.Required(model.Secret, "secret");
        model.Secret = null;
        VendorJson.DropSecrets(model, "secret");
        return connection.Issue(secret, () => new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = model.Id,
            Name = model.Name,
            Owner = ToOwner(model.Owner),
            Scopes = RepeatedParts.ScopesOf(model.Scope),
            CreatedAt = model.Created,
            ExpiresAt = model.ExpirationDate,
            NeverExpires = missingExpiryMeansNever && IsMissing(model.ExpirationDate, VendorJson.Keeps(model, "expirationDate")),
            State = ToState(model.ExpirationDate, connection),
            Raw = model,
            UnknownFields = VendorJson.UnknownFields(model),
        });
    }

    private static TokenOwner? ToOwner(PatOwner? owner) => owner is null ? null : RepeatedParts.OwnerOf(owner.Id, owner.Name, owner.Type);

    private static TokenState ToState(DateTimeOffset? expiry, VendorConnection connection)
        => expiry <= connection.TimeProvider.GetUtcNow() ? TokenState.Expired : TokenState.Active;

    // An expiry that could not be read is kept with the unknown members; it is not a missing one.
    private static bool IsMissing(DateTimeOffset? expiry, bool isUnread) => expiry is null && !isUnread;
}
