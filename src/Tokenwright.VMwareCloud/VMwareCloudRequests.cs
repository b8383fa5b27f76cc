using System.Text;
using Tokenwright.Adapters;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>Converts requests to VMware's model and checks them against the documents.</summary>
internal static class VMwareCloudRequests
{
    private const int LongestOrganizationId = 255;
    private const string MarksInIdTokens = "-._ ";

    /// <summary>
    /// The characters that a name can have besides letters, digits and their marks. The hyphen is the last one, as in a character class of
    /// a regular expression.
    /// </summary>
    public const string MarksInNames = " _.`':@&,-";

    public static GenerateApiTokenRequestV2 ToCreate(CreateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        var body = check.Raw<GenerateApiTokenRequestV2>(request.Raw);
        body.TokenName = request.Name ?? body.TokenName;
        Name(body.TokenName, check);
        check.Unsupported(
            nameof(CreateTokenRequest.Description), request.Description, "VMware Cloud Services' API tokens have no description.");
        check.Unsupported(nameof(CreateTokenRequest.Key), request.Key,
            "VMware Cloud Services keeps no key of the caller's own; a token is found by its value.");
        Life(body, request.Expiry, now, check);
        Scopes(body.AllowedScopes ??= new(), request, check);
        body.IdToken = request.IdToken?.Reveal() ?? body.IdToken;
        if (request.Raw is null or GenerateApiTokenRequestV2)
            IdToken(body.IdToken, check);
        if (body.OrgId?.Length > LongestOrganizationId)
            check.Add(nameof(CreateTokenRequest.Raw),
                $"OrgId has {body.OrgId.Length} characters; the vendor takes {LongestOrganizationId}.");
        return body;
    }

    private static void Name(string? name, RequestCheck check)
    {
        check.Length(nameof(CreateTokenRequest.Name), name, VMwareCloudCapabilities.LongestName, emptyAllowed: true);

        // Letters and digits of any language are valid. In many languages, a part of a letter is a separate mark.
        if (name?.EnumerateRunes().Any(rune => !Rune.IsLetterOrDigit(rune) && !IsMark(rune)
            && !(rune.IsBmp && MarksInNames.Contains((char)rune.Value, StringComparison.Ordinal))) == true)
            check.Add(nameof(CreateTokenRequest.Name), "The vendor takes letters, digits, spaces and - _ . ` ' : @ & and commas only.");
    }

    private static bool IsMark(Rune rune)
        => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private static void Life(GenerateApiTokenRequestV2 body, TokenExpiry? expiry, DateTimeOffset now, RequestCheck check)
    {
        const string Field = nameof(CreateTokenRequest.Expiry);
        var lifetime = expiry is null ? TimeSpan.FromSeconds(body.RefreshTokenTTL) : expiry.ToLifetime(now);
        check.Expiry(Field, expiry, now, VMwareCloudCapabilities.ShortestLife);
        if (lifetime > VMwareCloudCapabilities.LongestLife)
            check.Add(Field, $"The lifetime would be {lifetime}. According to the vendor's documents, API tokens live at most 60 months " +
                $"({VMwareCloudCapabilities.LongestLife.TotalDays} days); what its service does with a longer lifetime isn't known. " +
                "Set an earlier expiry.");
        if (expiry is { IsNever: true })
            check.Add(Field,
                "One of the vendor's documents says that its console creates tokens that never expire, another one that tokens live at " +
                    "most 60 months, and how to request such a token from its API isn't known. Set an expiry, or make it in the console.");
        else if (expiry is null && body.RefreshTokenTTL == 0)
            check.Add(Field, "It is missing, and the vendor requires it: set an expiry.");
        else if (expiry is null && body.RefreshTokenTTL < VMwareCloudCapabilities.ShortestLife.TotalSeconds)
            check.Add(Field, $"RefreshTokenTTL is {body.RefreshTokenTTL}; the vendor's shortest is " +
                $"{VMwareCloudCapabilities.ShortestLife.TotalSeconds}.");

        // The lifetime is rounded down, so that no token lives longer than requested.
        if (expiry is not null && lifetime is { } life && life > TimeSpan.Zero && life <= VMwareCloudCapabilities.LongestLife)
            body.RefreshTokenTTL = (int)life.TotalSeconds;
    }

    private static void Scopes(AllowedScopesDto allowed, CreateTokenRequest request, RequestCheck check)
    {
        if (request.Scopes is { } scopes)
            allowed.GeneralScopes = [.. scopes.Select(scope => scope.Value)];
        if (request.Roles is { } roles)
            (allowed.OrganizationScopes ??= new()).Roles = [.. roles.Select(role => new BaseScope { Name = role.Value })];

        if (allowed is { GeneralScopes: null, OrganizationScopes: null, ServicesScopes: null, AdditionalProperties.Count: 0 })
            check.Add(nameof(CreateTokenRequest.Scopes),
                "It is missing, and the vendor requires the rights of the token: set Scopes, Roles, or AllowedScopes of Raw.");
        if (allowed.GeneralScopes?.Any(string.IsNullOrWhiteSpace) == true)
            check.Add(nameof(CreateTokenRequest.Scopes), "One of them has no text.");
        if (allowed.OrganizationScopes is { } organization)
        {
            if (organization.Roles?.Any(role => string.IsNullOrWhiteSpace(role?.Name)) == true)
                check.Add(nameof(CreateTokenRequest.Roles), "One of them has no text.");
            if (organization.AllRoles == true && organization.Roles is { Count: > 0 })
                check.Add(nameof(CreateTokenRequest.Roles),
                    "Raw grants all roles (AllRoles of OrganizationScopes); the vendor accepts no names of roles with it.");
            if (organization.AllPermissions == true && organization.Permissions is { Count: > 0 })
                check.Add(nameof(CreateTokenRequest.Raw),
                    "OrganizationScopes grants all permissions; the vendor accepts no single ones with it.");
        }

        foreach (var service in allowed.ServicesScopes ?? [])
        {
            if (string.IsNullOrWhiteSpace(service?.ServiceDefinitionId))
                check.Add(nameof(CreateTokenRequest.Raw), "One of ServicesScopes has no ServiceDefinitionId, which the vendor requires.");
            if ((service?.AllRoles == true && service.Roles is { Count: > 0 })
                || (service?.AllPermissions == true && service.Permissions is { Count: > 0 }))
                check.Add(nameof(CreateTokenRequest.Raw),
                    "One of ServicesScopes grants all roles or permissions; the vendor accepts no single ones with it.");
        }
    }

    // The messages don't show the identity token, because it is a secret.
    private static void IdToken(string? idToken, RequestCheck check)
    {
        if (string.IsNullOrWhiteSpace(idToken))
            check.Add(nameof(CreateTokenRequest.IdToken),
                "It is missing: the vendor requires the user's identity token (id_token), which only its authorization-code flow returns " +
                    "after a sign-in in a browser. An API token or access token can't take its place.");
        else if (!idToken.All(
            character => char.IsAsciiLetterOrDigit(character) || MarksInIdTokens.Contains(character, StringComparison.Ordinal)))
            check.Add(nameof(CreateTokenRequest.IdToken),
                "It has characters other than ASCII letters, digits, hyphen, dot, underscore and space; the vendor takes no others.");
    }
}
