using System.Globalization;
using Tokenwright.Adapters;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Generated;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Converts ExtremeCloud IQ's models to the common types.</summary>
internal static class ExtremeCloudIQMapping
{
    private static readonly TokenKind Kind = new("api token");

    public static ApiToken ToApiToken(XiqApiTokenInfo model, VendorConnection connection)
    {
        var record = new RecordReader<XiqApiTokenInfo>(model);

        // The expiry isn't computed from expires_in, which can be the whole lifetime or the remaining time. The record was read with the
        // token itself, so the token hasn't expired, whatever the local clock says.
        record.ReadExpiry(model.ExpirationTime, clock: null, missingMeansNever: false, "expiration_time");
        record.ReadRights("scopes", "role");
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Owner = model.UserId is null && model.UserName is null
                ? null
                : new TokenOwner { Id = model.UserId?.ToString(CultureInfo.InvariantCulture), Name = model.UserName },
            Scopes = RepeatedParts.ScopesOf(model.Scopes),
            Roles = string.IsNullOrWhiteSpace(model.Role) ? [] : [new TokenRole(model.Role)],
            CreatedAt = record.Time(model.IssuedAt, "issued_at"),
            ExpiresAt = record.ExpiresAt,
            State = record.State,
            Raw = model,
            UnknownFields = record.UnknownFields,
            Unreadable = record.Unreadable,
        };
    }

    /// <summary>Gets the issued token from the response, which contains only a part of its record.</summary>
    /// <param name="model">The response. Its secret is removed.</param>
    /// <param name="neverExpires">Whether the request was for a token that never expires.</param>
    /// <param name="connection">The connection.</param>
    public static IssuedToken ToIssuedToken(XiqGenerateApiTokenResponse model, bool neverExpires, VendorConnection connection)
    {
        var secret = VendorConnection.ReadSecret(model.AccessToken, "access_token");
        model.AccessToken = null;
        VendorJson.DropSecrets(model, "accessToken", "refresh_token", "refreshToken", "token");
        return connection.Issue(secret, (model, neverExpires), static (created, connection) =>
        {
            var (model, missingMeansNever) = created;
            var record = new RecordReader<XiqGenerateApiTokenResponse>(model);

            // An expiry in the response, readable or not, takes precedence over the requested one.
            record.ReadExpiry(model.ExpireTime, clock: null, missingMeansNever, "expire_time");
            record.ReadRights("permissions");
            return new ApiToken
            {
                Vendor = connection.Vendor,
                Connection = connection.Name,
                Kind = Kind,
                Description = model.Description,
                Owner = model.CreatorId is { } creator ? new TokenOwner { Id = creator.ToString(CultureInfo.InvariantCulture) } : null,
                Scopes = RepeatedParts.ScopesOf(model.Permissions),
                CreatedAt = record.Time(model.CreateTime, "create_time"),
                ExpiresAt = record.ExpiresAt,
                NeverExpires = record.NeverExpires,
                State = record.State,
                Raw = model,
                UnknownFields = record.UnknownFields,
                Unreadable = record.Unreadable,
            };
        });
    }
}
