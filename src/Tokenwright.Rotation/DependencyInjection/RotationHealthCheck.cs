using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tokenwright.Rotation;

/// <summary>Checks whether all lineages have a token that works, and whether a rotation needs a person.</summary>
internal sealed class RotationHealthCheck(TokenRotator rotator, TimeProvider timeProvider) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<RotationStatus> all;
        try
        {
            all = await rotator.StatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }

        var now = timeProvider.GetUtcNow();
        var expired = all.Where(status => status.ExpiresAt <= now).Select(status => status.Lineage).ToList();
        var blocked = all.Where(status => status.Attention is not null).ToList();
        var data = new Dictionary<string, object> { ["lineages"] = all.Count, ["expired"] = expired.Count, ["blocked"] = blocked.Count };
        return expired.Count > 0
            ? new(context.Registration.FailureStatus, $"The token in use has expired: {string.Join(", ", expired)}.", null, data)
            : blocked.Count > 0
            ? new(HealthStatus.Degraded, string.Join(" ", blocked.Select(status => $"{status.Lineage}: {status.Attention}")), null, data)
            : new(HealthStatus.Healthy, "Every lineage has a token that has not expired.", null, data);
    }
}
