using Tokenwright.Adapters;
using Tokenwright.Generated;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>Converts VMware's model to the common types.</summary>
internal static class VMwareCloudMapping
{
    private static readonly TokenKind Kind = new("api token");

    public static ApiToken ToApiToken(ApiTokenDetailsDto model, VendorConnection connection, bool includeRaw)
    {
        // The response contains the token's value.
        model.Token = null;
        VendorJson.DropSecrets(model, "token");
        var record = new RecordReader<ApiTokenDetailsDto>(model);

        // The documents say seconds, but most clients of the live service use milliseconds. It isn't known how a token that never expires
        // is written, so a missing expiry doesn't mean that.
        record.ReadExpiry(
            VendorTime.FromEpoch(model.ExpiresAt), connection.TimeProvider, missingMeansNever: false, "expiresAt");
        if (model.ExpiresAt is { } number && VendorTime.FromEpoch(number) is null)
            record.RefuseExpiry("expiresAt", number);
        var isDeactivated = record.Flag(model.Deactivated, "deactivated");
        ReadRights(ref record, model);
        return new ApiToken
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            Kind = Kind,
            Id = model.TokenId,
            Name = model.TokenName,
            Owner = Owner(model),
            Scopes = RepeatedParts.ScopesOf([.. Scopes(model)]),
            Roles = RepeatedParts.RolesOf([.. RoleNames(model.AllowedScopes)]),
            CreatedAt = record.Time(VendorTime.FromEpoch(model.CreatedAt), "createdAt"),
            ExpiresAt = record.ExpiresAt,
            LastUsedAt = record.LastUse(VendorTime.FromEpoch(model.LastUsedAt), "lastUsedAt"),
            State = isDeactivated ? TokenState.Deactivated : record.State,
            NativeStatus = model.Deactivated is { } deactivated ? (deactivated ? "deactivated: true" : "deactivated: false") : null,
            Raw = includeRaw ? model : null,
            UnknownFields = record.UnknownFields,
            Unreadable = record.Unreadable,
        };
    }

    /// <summary>Gets a new token's record from the request, for the case that the vendor's own record couldn't be read.</summary>
    public static ApiToken ToApiToken(GenerateApiTokenRequestV2 asked, DateTimeOffset expiresAt, VendorConnection connection) => new()
    {
        Vendor = connection.Vendor,
        Connection = connection.Name,
        Kind = Kind,
        Name = asked.TokenName,
        Scopes = RepeatedParts.ScopesOf([.. Scopes(new ApiTokenDetailsDto { AllowedScopes = asked.AllowedScopes })]),
        Roles = RepeatedParts.RolesOf([.. RoleNames(asked.AllowedScopes)]),
        ExpiresAt = expiresAt,
    };

    /// <summary>Gets descriptions of unrestricted rights that are neither scopes nor roles.</summary>
    public static IEnumerable<string> BroadRights(AllowedScopesDto? allowed)
    {
        if (allowed?.OrganizationScopes?.AllRoles == true)
            yield return "all roles in its organization";
        if (allowed?.OrganizationScopes?.AllPermissions == true)
            yield return "all permissions in its organization";
        foreach (var service in (allowed?.ServicesScopes ?? []).OfType<ServiceScopesDto>())
        {
            if (service.AllRoles == true)
                yield return $"all roles in service {service.ServiceDefinitionId}";
            if (service.AllPermissions == true)
                yield return $"all permissions in service {service.ServiceDefinitionId}";
        }
    }

    // A right can be in any of these parts. If one of them can't be read, the token may have all rights.
    private static void ReadRights(ref RecordReader<ApiTokenDetailsDto> record, ApiTokenDetailsDto model)
    {
        record.ReadRights("scope", "allowedScopes");
        if (model.AllowedScopes is not { } allowed)
            return;
        record.ReadRights(allowed, "generalScopes", "organizationScopes", "servicesScopes");
        record.ReadRights(allowed.OrganizationScopes, "allRoles", "allPermissions", "roles", "permissions");
        foreach (var role in allowed.OrganizationScopes?.Roles ?? [])
            record.ReadRights(role, "name");
        foreach (var service in allowed.ServicesScopes ?? [])
        {
            record.ReadRights(service, "allRoles", "allPermissions", "roles", "permissions");
            foreach (var role in service?.Roles ?? [])
                record.ReadRights(role, "name");
        }
    }

    private static TokenOwner? Owner(ApiTokenDetailsDto model)
    {
#pragma warning disable CS0612 // The vendor deprecates username without naming a replacement; where it is sent, it is the user's name.
        var name = model.Username ?? model.Acct;
#pragma warning restore CS0612
        return model.UserId is null && name is null ? null : new TokenOwner { Id = model.UserId, Name = name, Kind = "user" };
    }

    // Gets the plain list as it was sent. If it is missing, the list is built from the structured form, in its order: general scopes, names
    // of the organization's roles, names of each service's roles. Rights without a name (allRoles, allPermissions, the resource of a role)
    // and permissions, which have only ids, are in Raw.
    private static IEnumerable<string> Scopes(ApiTokenDetailsDto model)
        => model.Scope?.OfType<string>()
        ?? (model.AllowedScopes?.GeneralScopes ?? []).OfType<string>().Concat(RoleNames(model.AllowedScopes)).Distinct();

    // The same name can occur in several services, and means the same in each of them.
    private static IEnumerable<string> RoleNames(AllowedScopesDto? allowed)
        => (allowed?.OrganizationScopes?.Roles ?? [])
            .Concat((allowed?.ServicesScopes ?? []).OfType<ServiceScopesDto>().SelectMany(service => service.Roles ?? []))
            .OfType<BaseScope>()
            .Select(role => role.Name)
            .OfType<string>()
            .Distinct();
}
