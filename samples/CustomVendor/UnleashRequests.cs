using System.Globalization;
using Tokenwright;
using Tokenwright.Adapters;
using Unleash.Tokens.Api;

namespace Unleash.Tokens;

/// <summary>
/// Converts requests to Unleash's models. All problems are reported together, before anything is sent. A setting that Unleash has no place
/// for is an error; it is never ignored.
/// </summary>
internal static class UnleashRequests
{
    public static NewToken ToNewToken(CreateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        check.Required(nameof(request.Name), request.Name);
        check.Unsupported(nameof(request.Description), request.Description, "Unleash's tokens have no description.");
        check.Unsupported(nameof(request.Key), request.Key, "Unleash keeps no key of the caller's own.");
        check.Unsupported(nameof(request.Raw), request.Raw, "Unleash knows nothing that the request has no member for.");
        if (request.Expiry is null)
            check.Add(nameof(request.Expiry), "Set an expiry, or TokenExpiry.Never.");
        check.Expiry(nameof(request.Expiry), request.Expiry, now);
        if (request.Roles is not [_])
            check.Add(nameof(request.Roles), "Set one role: client or frontend.");
        var scopes = (request.Scopes ?? []).Select(scope => scope.Value.Split(':')).ToList();
        if (scopes.Count == 0 || scopes.Exists(scope => scope is not [{ Length: > 0 }, { Length: > 0 }] || scope[1] != scopes[0][1]))
            check.Add(nameof(request.Scopes), "Set scopes such as default:development: a project (* for all) and one environment for all.");
        return check.Problems.Count > 0 ? new NewToken() : new NewToken
        {
            TokenName = request.Name,
            Type = request.Roles![0].Value,
            Projects = [.. scopes.Select(scope => scope[0])],
            Environment = scopes[0][1],
            ExpiresAt = Text(request.Expiry!.ToInstant(now)),
        };
    }

    public static NewExpiry ToNewExpiry(UpdateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        const string ExpiryOnly = "Of a token, Unleash can change the expiry only.";
        check.Unsupported(nameof(request.Name), request.Name, ExpiryOnly);
        check.Unsupported(nameof(request.Description), request.Description, ExpiryOnly);
        check.Unsupported(nameof(request.Key), request.Key, ExpiryOnly);
        check.Unsupported(nameof(request.Scopes), request.Scopes, ExpiryOnly);
        check.Unsupported(nameof(request.Raw), request.Raw, ExpiryOnly);
        if (request.Expiry?.IsNever != false)
            check.Add(nameof(request.Expiry), "Set a time or a lifetime. Unleash can't take an expiry away.");
        check.Expiry(nameof(request.Expiry), request.Expiry, now);
        return new NewExpiry { ExpiresAt = Text(request.Expiry?.ToInstant(now)) };
    }

    // The server keeps milliseconds.
    private static string? Text(DateTimeOffset? time)
        => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
