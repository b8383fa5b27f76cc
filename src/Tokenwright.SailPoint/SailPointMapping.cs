using Tokenwright.Adapters;
using Tokenwright.Generated;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <summary>Converts SailPoint's model to the common types.</summary>
internal static class SailPointMapping
{
    private static readonly TokenKind Kind = new("personal access token");

    public static ApiToken ToApiToken(
        GetPersonalAccessTokenResponse model, VendorConnection connection, bool missingExpiryMeansNever, bool includeRaw)
    {
        var record = new RecordReader<GetPersonalAccessTokenResponse>(model);
        record.ReadExpiry(model.ExpirationDate, connection.TimeProvider,
            missingExpiryMeansNever || model.UserAwareTokenNeverExpires == true, "expirationDate");
        record.ReadRights("scope");
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = model.Id,
            Name = model.Name,
            Owner = ToOwner(model.Owner),
            Scopes = RepeatedParts.ScopesOf(model.Scope),
            CreatedAt = record.Time(model.Created, "created"),
            ExpiresAt = record.ExpiresAt,
            NeverExpires = record.NeverExpires,
            LastUsedAt = record.LastUse(model.LastUsed, "lastUsed"),
            State = record.State,
            Raw = includeRaw ? model : null,
            UnknownFields = record.UnknownFields,
            Unreadable = record.Unreadable,
        };
    }

    public static IssuedToken ToIssuedToken(
        CreatePersonalAccessTokenResponse model, VendorConnection connection, bool missingExpiryMeansNever)
    {
        var secret = VendorConnection.ReadSecret(model.Secret, "secret");
        model.Secret = null;
        VendorJson.DropSecrets(model, "secret");
        return connection.Issue(secret, (model, missingExpiryMeansNever), static (created, connection) =>
        {
            var (model, missingMeansNever) = created;
            var record = new RecordReader<CreatePersonalAccessTokenResponse>(model);
            record.ReadExpiry(model.ExpirationDate, connection.TimeProvider, missingMeansNever, "expirationDate");
            record.ReadRights("scope");
            return new ApiToken
            {
                Vendor = connection.Vendor,
                Connection = connection.Name,
                Kind = Kind,
                Id = model.Id,
                Name = model.Name,
                Owner = ToOwner(model.Owner),
                Scopes = RepeatedParts.ScopesOf(model.Scope),
                CreatedAt = record.Time(model.Created, "created"),
                ExpiresAt = record.ExpiresAt,
                NeverExpires = record.NeverExpires,
                State = record.State,
                Raw = model,
                UnknownFields = record.UnknownFields,
                Unreadable = record.Unreadable,
            };
        });
    }

    private static TokenOwner? ToOwner(PatOwner? owner) => owner is null ? null : RepeatedParts.OwnerOf(owner.Id, owner.Name, owner.Type);
}
