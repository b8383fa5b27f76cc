using System.Collections.ObjectModel;
using System.Globalization;
using Tokenwright.Http;
using Tokenwright.Json;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>XMS's model in the facade's words.</summary>
internal static class XmsMapping
{
    private static readonly TokenKind Kind = new("access token");

    public static ApiToken ToApiToken(AccessToken model, VendorConnection connection, bool includeRaw)
    {
        // Reads are documented without it. Should one bring it all the same, it is the secret.
        VendorJson.DropSecrets(model, "uuid");
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
            CreatedAt = model.Create,
            UpdatedAt = model.Update,

            // Reconstructed: no version's record has an expiry, and nothing but deleting and regenerating is known to end a token. For the
            // same reason a token that has a record is one that works.
            NeverExpires = true,
            State = TokenState.Active,
            NativeStatus = model.Used is { } used ? (used ? "used: true" : "used: false") : null,
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw ? VendorJson.UnknownFields(model) : ReadOnlyDictionary<string, string>.Empty,
        };
    }

    public static IssuedToken ToIssuedToken(AccessTokenCreateResp answer, VendorConnection connection)
    {
        var record = answer.Access_token ?? throw ApiException.WithoutMember("access_token");
        var secret = ExchangedSecret.Required(record.Uuid, "access_token.uuid");

        // The vendor's model of a record with its secret is that of a record and one member more; the latter is what must not stay.
        return connection.Issue(secret, () => ToApiToken(
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

    // Live servers send an empty string for absent text.
    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
