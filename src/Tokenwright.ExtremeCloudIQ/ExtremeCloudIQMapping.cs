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
        Scopes = [.. (model.Scopes ?? []).OfType<string>().Select(scope => new TokenScope(scope))],
        Roles = string.IsNullOrWhiteSpace(model.Role) ? [] : [new TokenRole(model.Role)],
        CreatedAt = model.Issued_at,

        // Not reckoned from expires_in: some read it as the whole lifetime, others as the rest of it.
        ExpiresAt = model.Expiration_time,

        // The record is read with the token itself: that there is one shows that the token works, whatever this machine's clock says.
        State = TokenState.Active,
        Raw = model,
        UnknownFields = VendorJson.UnknownFields(model.AdditionalProperties),
    };
}
