// A service that watches the tokens of one tenant. It warns of tokens that expire soon, and its health check warns before its own
// credential expires.
//
//   dotnet run --project samples/WorkerService                                   one round against an emulator, no account needed
//   SailPoint__BaseAddress=… SailPoint__ClientId=… SailPoint__ClientSecret=… \
//     dotnet run --project samples/WorkerService                                 a real tenant, a round each hour until Ctrl+C
//
// Settings: Watch__Interval, Watch__Notice (01:00:00 and 30.00:00:00 by default), and all of SailPointOptions.

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Tokenwright.Testing;
using WorkerService;

var builder = Host.CreateApplicationBuilder(args);

// If no tenant is configured, an emulator takes its place. There, the service's own token expires in a week.
using var emulator = builder.Configuration.GetSection("SailPoint").Exists() ? null : new SailPointEmulator();
if (emulator is not null)
{
    var own = emulator.Add(new EmulatedToken { Name = "worker service", ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(7) });
    builder.Configuration.AddInMemoryCollection(
    [
        new("SailPoint:BaseAddress", emulator.BaseAddress.ToString()),
        new("SailPoint:ClientId", own.Id),
        new("SailPoint:ClientSecret", own.Secret!.Reveal()),

        // Long enough for an emulator on a busy machine.
        new("SailPoint:AttemptTimeout", "00:02:00"),
        new("SailPoint:TotalTimeout", "00:05:00"),
    ]);
}

builder.Services.AddOptions<WatchOptions>().Bind(builder.Configuration.GetSection("Watch")).ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddTokenwright().AddSailPoint("identity", builder.Configuration.GetSection("SailPoint"));
builder.Services.AddHealthChecks().AddTokenwright(options => options.ExpiryWarning = TimeSpan.FromDays(14));
builder.Services.AddSingleton<IHealthCheckPublisher, HealthLog>()
    .Configure<HealthCheckPublisherOptions>(options => options.Delay = TimeSpan.Zero);
builder.Services.AddHostedService<Watcher>().AddSingleton(new Rounds(emulator is null ? null : 1));

await builder.Build().RunAsync();

namespace WorkerService
{
    /// <summary>Configures how the service watches.</summary>
    internal sealed class WatchOptions
    {
        /// <summary>Gets or sets how long the service waits between two rounds.</summary>
        [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
        public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

        /// <summary>Gets or sets how long before its expiry a token causes a warning.</summary>
        public TimeSpan Notice { get; set; } = TimeSpan.FromDays(30);
    }

    /// <summary>Limits the number of rounds; null for no limit.</summary>
    internal sealed record Rounds(int? Most);
}
