using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tokenwright.Rotation;

/// <summary>Checks whether all lineages have a token that works, and whether a rotation needs a person.</summary>
internal sealed class RotationHealthCheck(TokenRotator rotator, TimeProvider timeProvider) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var all = new List<RotationStatus>();
        var unreadable = new List<Exception>();
        foreach (var lineage in rotator.Lineages)
        {
            try
            {
                all.Add(await rotator.StatusAsync(lineage.Name, cancellationToken).ConfigureAwait(false));
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException)
            {
                unreadable.Add(exception);
            }
        }

        var now = timeProvider.GetUtcNow();
        var expired = all.Where(status => status.ExpiresAt <= now).Select(status => status.Lineage).ToList();
        var blocked = all.Where(status => status.Attention is not null).ToList();
        var without = all.Where(status => status is { Generation: 0, Attention: null }).ToList();
        var data = new Dictionary<string, object>
        {
            ["lineages"] = rotator.Lineages.Count, ["unreadable"] = unreadable.Count, ["expired"] = expired.Count,
            ["blocked"] = blocked.Count, ["withoutToken"] = without.Count,
        };
        IEnumerable<string> failures = unreadable.Select(exception => exception.Message).Distinct();
        if (expired.Count > 0)
            failures = failures.Append($"The token in use has expired: {string.Join(", ", expired)}.");
        if (unreadable.Count + expired.Count > 0)
            return new(context.Registration.FailureStatus, string.Join(" ", failures), unreadable.FirstOrDefault(), data);
        return blocked.Count + without.Count > 0
            ? new(HealthStatus.Degraded, string.Join(" ", [
                .. blocked.Select(status => $"{status.Lineage}: {status.Attention}"),
                .. without.Select(status => $"{status.Lineage}: There is no token.")]), null, data)
            : new(HealthStatus.Healthy, "Every lineage has a token that has not expired.", null, data);
    }
}
