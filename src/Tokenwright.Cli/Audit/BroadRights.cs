using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.Cli.Audit;

/// <summary>
/// Rights to everything that a vendor writes otherwise than as a scope or a role: they are in its own model of the record.
/// </summary>
internal static class BroadRights
{
    public static IEnumerable<string> Of(ApiToken token)
    {
        if (token.Raw is not ApiTokenDetailsDto { AllowedScopes: { } allowed })
            yield break;
        if (allowed.OrganizationScopes?.AllRoles == true)
            yield return "all roles in its organization";
        if (allowed.OrganizationScopes?.AllPermissions == true)
            yield return "all permissions in its organization";
        foreach (var service in allowed.ServicesScopes ?? [])
        {
            if (service?.AllRoles == true)
                yield return $"all roles in service {service.ServiceDefinitionId}";
            if (service?.AllPermissions == true)
                yield return $"all permissions in service {service.ServiceDefinitionId}";
        }
    }
}
