using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tokenwright.Rotation;

/// <summary>Runs what is due from time to time, as long as the host runs.</summary>
internal sealed class RotationService(
    TokenRotator rotator, TimeSpan interval, TimeProvider timeProvider, ILoggerFactory? loggerFactory) : BackgroundService
{
    private readonly ILogger _log = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Tokenwright.Rotation");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, timeProvider);
        do
        {
            try
            {
                await rotator.RunDueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A journal that can't be read now may be readable later, and the program goes on.
                RotationLog.RunFailed(_log, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }
}
