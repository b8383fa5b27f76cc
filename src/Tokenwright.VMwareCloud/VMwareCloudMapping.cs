using System.Collections.ObjectModel;
using Tokenwright.Http;
using Tokenwright.Json;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>VMware's model in the facade's words.</summary>
internal static class VMwareCloudMapping
{
    private static readonly TokenKind Kind = new("api token");

    public static ApiToken ToApiToken(ApiTokenDetailsDto model, VendorConnection connection, bool includeRaw)
    {
        // The answer repeats the token's value.
        model.Token = null;
        VendorJson.DropSecrets(model, "token");
        var expiresAt = Time(model.ExpiresAt);
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = model.TokenId,
            Name = model.TokenName,
            Owner = Owner(model),
            Scopes = [.. Scopes(model).Select(scope => new TokenScope(scope))],
            Roles = [.. RoleNames(model.AllowedScopes).Select(role => new TokenRole(role))],
            CreatedAt = Time(model.CreatedAt),
            ExpiresAt = expiresAt,
            LastUsedAt = Time(model.LastUsedAt),
            State = State(model, expiresAt <= connection.TimeProvider.GetUtcNow()),
            NativeStatus = model.Deactivated is { } deactivated ? (deactivated ? "deactivated: true" : "deactivated: false") : null,
            Raw = includeRaw ? model : null,
            UnknownFields = includeRaw ? VendorJson.UnknownFields(model) : ReadOnlyDictionary<string, string>.Empty,
        };
    }

    /// <summary>A new token's record made of what was asked for, where the vendor's own could not be read.</summary>
    public static ApiToken ToApiToken(GenerateApiTokenRequestV2 asked, DateTimeOffset expiresAt, VendorConnection connection) => new()
    {
        Vendor = connection.Vendor,
        Connection = connection.Name,
        Kind = Kind,
        Name = asked.TokenName,
        Scopes = [.. Scopes(new ApiTokenDetailsDto { AllowedScopes = asked.AllowedScopes }).Select(scope => new TokenScope(scope))],
        Roles = [.. RoleNames(asked.AllowedScopes).Select(role => new TokenRole(role))],
        ExpiresAt = expiresAt,
    };

    // Seconds by the documents, milliseconds by most clients of the live service. Zero and less mean nothing: no token is that old, and how a
    // token without an end or without a use is written isn't known. So NeverExpires stays false too.
    private static DateTimeOffset? Time(long? number) => number > 0 ? VendorTime.FromEpoch(number) : null;

    private static TokenOwner? Owner(ApiTokenDetailsDto model)
    {
#pragma warning disable CS0612 // The vendor deprecates username without naming a replacement; where it is sent, it is the user's name.
        var name = model.Username ?? model.Acct;
#pragma warning restore CS0612
        return model.UserId is null && name is null ? null : new TokenOwner { Id = model.UserId, Name = name, Kind = "user" };
    }

    // The plain list as it was sent. Where it is missing, one is put together from the structured form, in the order in which that is written:
    // general scopes, names of the organization's roles, names of each service's roles. What has no name of its own there (allRoles,
    // allPermissions, the resource that a role is for) and permissions, which have ids only, are in Raw.
    private static IEnumerable<string> Scopes(ApiTokenDetailsDto model)
        => model.Scope?.OfType<string>()
        ?? (model.AllowedScopes?.GeneralScopes ?? []).OfType<string>().Concat(RoleNames(model.AllowedScopes)).Distinct();

    // One name can stand in several services, and says the same in each of them as far as a name goes.
    private static IEnumerable<string> RoleNames(AllowedScopesDto? allowed)
        => (allowed?.OrganizationScopes?.Roles ?? [])
            .Concat((allowed?.ServicesScopes ?? []).OfType<ServiceScopesDto>().SelectMany(service => service.Roles ?? []))
            .OfType<BaseScope>()
            .Select(role => role.Name)
            .OfType<string>()
            .Distinct();

    // A flag that was sent but could not be read is kept with the unknown members; it doesn't say that the token works.
    private static TokenState State(ApiTokenDetailsDto model, bool isOver)
        => model.Deactivated == true ? TokenState.Deactivated
        : isOver ? TokenState.Expired
        : VendorJson.Keeps(model, "deactivated") ? TokenState.Unknown
        : TokenState.Active;
}
