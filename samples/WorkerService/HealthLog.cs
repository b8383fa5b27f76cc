using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace WorkerService;

/// <summary>Writes the results of the health checks to the log. A web application would map an endpoint instead.</summary>
internal sealed partial class HealthLog(ILogger<HealthLog> log) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
            LogHealth(name, entry.Status, entry.Description);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "{Check} is {Status}: {Description}")]
    private partial void LogHealth(string check, HealthStatus status, string? description);
}
