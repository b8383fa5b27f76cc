using Tokenwright.Adapters;
using Tokenwright.ExtremeCloudIQ.Api;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Converts requests to ExtremeCloud IQ's models and checks them.</summary>
internal static class ExtremeCloudIQRequests
{
    /// <summary>Gets the request that issues a token.</summary>
    /// <param name="request">The properties of the new token.</param>
    /// <param name="now">The current time.</param>
    /// <param name="check">Collects the problems.</param>
    public static XiqGenerateApiTokenRequest ToGenerate(CreateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        var model = check.Raw<XiqGenerateApiTokenRequest>(request.Raw);
        check.Unsupported(
            nameof(request.Name), request.Name, $"ExtremeCloud IQ's tokens have no name; write it into {nameof(request.Description)}.");
        check.Unsupported(nameof(request.Key), request.Key,
            $"ExtremeCloud IQ keeps no key of the caller's own; write it into {nameof(request.Description)}.");
        check.Unsupported(nameof(request.Roles), request.Roles,
            $"ExtremeCloud IQ's tokens act in the role of the user who makes them; restrict them with {nameof(request.Scopes)}.");

        model.Description = request.Description ?? model.Description;
        if (request.Scopes is { } scopes)
            model.Permissions = [.. scopes.Select(scope => scope.Value)];
        if (model.Permissions.Count == 0)
            check.Add(nameof(request.Scopes),
                $"It is missing: name at least one permission. {nameof(IExtremeCloudIQApiClient.ListPermissionsAsync)} of the typed " +
                "client lists those that can be given.");
        else if (model.Permissions.Any(string.IsNullOrWhiteSpace))
            check.Add(nameof(request.Scopes), "A permission in it is empty.");

        model.ExpireTime = Expiry(request, model.ExpireTime, now, check);
        if (request.Expiry is { IsNever: true } && !request.AllowUnboundedOrphan)
            check.Add(nameof(request.AllowUnboundedOrphan),
                "If the response is lost, a token that never expires remains, and nobody can find it. Set an expiry, or set " +
                    "this to true.");
        if (model.RateLimit is { } limit && (limit.Hour < 1 || limit.Second < 1))
            check.Add(nameof(request.Raw), "Its rate_limit must allow at least 1 request.");
        return model;
    }

    // Null stands for a token that never expires, which the caller must request explicitly.
    private static long? Expiry(CreateTokenRequest request, long? rawSeconds, DateTimeOffset now, RequestCheck check)
    {
        var field = nameof(request.Expiry);
        var expiry = request.Expiry;
        if (expiry is null && rawSeconds is { } raw)
        {
            field = nameof(request.Raw);
            if (raw < DateTimeOffset.MinValue.ToUnixTimeSeconds() || raw > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                check.Add(field, $"Its expire_time {raw} is after the year 9999; it counts seconds since 1970, not milliseconds.");
                return null;
            }

            expiry = TokenExpiry.At(DateTimeOffset.FromUnixTimeSeconds(raw));
        }

        if (expiry is null)
            check.Add(field,
                "It is missing, which would create a token that never expires. Set an expiry, or " +
                $"{nameof(TokenExpiry)}.{nameof(TokenExpiry.Never)}.");
        check.Expiry(field, expiry, now, ExtremeCloudIQCapabilities.Value.Limits.MinLifetime);

        // The vendor counts whole seconds. The value is rounded up, so that the minimum lifetime isn't shortened below the vendor's limit.
        return expiry?.ToInstant(now) is { } end ? (long)Math.Ceiling((end - DateTimeOffset.UnixEpoch).TotalSeconds) : null;
    }
}
