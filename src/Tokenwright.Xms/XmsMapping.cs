using System.Globalization;
using Tokenwright.Adapters;
using Tokenwright.Generated;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>Converts XMS's model to the common types.</summary>
internal static class XmsMapping
{
    private static readonly TokenKind Kind = new("access token");

    public static ApiToken ToApiToken(AccessToken model, VendorConnection connection, bool includeRaw)
    {
        // The documents show records without this member. If a server sends it anyway, it is the secret.
        VendorJson.DropSecrets(model, "uuid");
        var record = new RecordReader<AccessToken>(model);
        record.ReadRights("roles");

        // Reconstructed: records have no expiry in any version, and only deleting and regenerating are known to invalidate a token. So a
        // token with a record counts as active.
        record.ReadExpiry(null, connection.TimeProvider, missingMeansNever: true, "expires", "expires_at", "expiration");
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = Number(model.Id),
            Name = Text(model.Name),
            Description = Text(model.Description),
            Owner = model.User is { } user ? RepeatedParts.OwnerOf(user.Id, Text(user.Name), "user") : null,
            Roles = RepeatedParts.RolesOf(model.Roles),
            CreatedAt = record.Time(model.Create, "create"),
            UpdatedAt = record.Time(model.Update, "update"),
            ExpiresAt = record.ExpiresAt,
            NeverExpires = record.NeverExpires,
            State = record.State,
            NativeStatus = model.Used is { } used ? (used ? "used: true" : "used: false") : null,
            Raw = includeRaw ? model : null,
            UnknownFields = record.UnknownFields,
            Unreadable = record.Unreadable,
        };
    }

    public static IssuedToken ToIssuedToken(AccessTokenCreateResp response, VendorConnection connection)
    {
        var record = response.AccessToken ?? throw ApiException.WithoutMember("access_token");
        var secret = VendorConnection.ReadSecret(record.Uuid, "access_token.uuid");

        // The model of a record with its secret has one member more than that of a record. That member must be removed.
        return connection.Issue(secret, record, static (record, connection) => ToApiToken(
            new AccessToken
            {
                Id = record.Id,
                Name = record.Name,
                Description = record.Description,
                Roles = record.Roles,
                User = record.User,
                Used = record.Used,
                Create = record.Create,
                Update = record.Update,
                AdditionalProperties = record.AdditionalProperties,
            },
            connection,
            includeRaw: true));
    }

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    // Servers send an empty string for a missing text.
    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
