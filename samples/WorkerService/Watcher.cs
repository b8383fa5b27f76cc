using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tokenwright;

namespace WorkerService;

/// <summary>Checks all tokens in each round.</summary>
internal sealed partial class Watcher(
    [FromKeyedServices("identity")] ITokenClient tokens, IOptions<WatchOptions> options, TimeProvider clock, Rounds rounds,
    HealthCheckService health, IHostApplicationLifetime lifetime, ILogger<Watcher> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, clock);
        for (var round = 1; ; round++)
        {
            try
            {
                await foreach (
                    var token in tokens.ListExpiringBeforeAsync(clock.GetUtcNow() + options.Value.Notice, cancellationToken: stoppingToken))
                    LogEnding(token.Name, token.Owner?.ToString() ?? "nobody known", token.ExpiresAt);
            }
            catch (TokenClientException failure)
            {
                LogFailed(failure, failure.RetryAfter);
            }

            if (round == rounds.Most)
                break;
            await timer.WaitForNextTickAsync(stoppingToken);
        }

        await health.CheckHealthAsync(stoppingToken);
        lifetime.StopApplication();
    }

    [LoggerMessage(LogLevel.Warning, "Token '{Token}' of {Owner} expires at {Expiry}.")]
    private partial void LogEnding(string? token, string owner, DateTimeOffset? expiry);

    [LoggerMessage(LogLevel.Error, "The tokens could not be read. The next round tries again (the vendor asks to wait: {RetryAfter}).")]
    private partial void LogFailed(Exception failure, TimeSpan? retryAfter);
}
