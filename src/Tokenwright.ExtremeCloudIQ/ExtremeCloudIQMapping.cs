using System.Globalization;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Http;
using Tokenwright.Json;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>ExtremeCloud IQ's model in the facade's words.</summary>
internal static class ExtremeCloudIQMapping
{
    private static readonly TokenKind Kind = new("api token");

    public static ApiToken ToApiToken(XiqApiTokenInfo model, VendorConnection connection) => new()
    {
        Vendor = connection.Vendor,
        Connection = connection.Name,
        Kind = Kind,
        Owner = model.User_id is null && model.User_name is null
            ? null
            : new TokenOwner { Id = model.User_id?.ToString(CultureInfo.InvariantCulture), Name = model.User_name },
        Scopes = RepeatedParts.ScopesOf(model.Scopes),
        Roles = string.IsNullOrWhiteSpace(model.Role) ? [] : [new TokenRole(model.Role)],
        CreatedAt = model.Issued_at,

        // Not reckoned from expires_in: some read it as the whole lifetime, others as the rest of it.
        ExpiresAt = model.Expiration_time,

        // The record is read with the token itself: that there is one shows that the token works, whatever this machine's clock says.
        State = TokenState.Active,
        Raw = model,
        UnknownFields = VendorJson.UnknownFields(model),
    };

    /// <summary>The issued token, from the answer that has no more of it than this.</summary>
    /// <param name="model">The answer; its secret is taken out of it.</param>
    /// <param name="isEndless">Whether a token without an end was asked for.</param>
    /// <param name="connection">The connection.</param>
    public static IssuedToken ToIssuedToken(XiqGenerateApiTokenResponse model, bool isEndless, VendorConnection connection)
    {
        var secret = ExchangedSecret.Required(model.Access_token, "access_token");
        model.Access_token = null;
        VendorJson.DropSecrets(model, "accessToken", "refresh_token", "refreshToken", "token");
        return connection.Issue(secret, () => new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Description = model.Description,
            Owner = model.Creator_id is { } creator ? new TokenOwner { Id = creator.ToString(CultureInfo.InvariantCulture) } : null,
            Scopes = RepeatedParts.ScopesOf(model.Permissions),
            CreatedAt = model.Create_time,
            ExpiresAt = model.Expire_time,

            // An end in the answer, readable or not, goes before what was asked for.
            NeverExpires = isEndless && model.Expire_time is null && !VendorJson.Keeps(model, "expire_time"),
            State = TokenState.Active,
            Raw = model,
            UnknownFields = VendorJson.UnknownFields(model),
        });
    }
}
