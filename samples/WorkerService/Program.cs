// A service that watches the tokens of one tenant: it warns of those that end soon, and its health check warns before its own credential
// ends.
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

// An emulator stands in for the tenant where the configuration names none. The service's own token expires in a week there.
using var emulator = builder.Configuration.GetSection("SailPoint").Exists() ? null : new SailPointEmulator();
if (emulator is not null)
{
    var own = emulator.Add(new EmulatedToken { Name = "worker service", ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(7) });
    builder.Configuration.AddInMemoryCollection(
    [
        new("SailPoint:BaseAddress", emulator.BaseAddress.ToString()),
        new("SailPoint:ClientId", own.Id),
        new("SailPoint:ClientSecret", own.Secret!.Reveal()),

        // Also on a busy machine, an emulator responds in time.
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
    /// <summary>How the service watches.</summary>
    internal sealed class WatchOptions
    {
        /// <summary>How long it waits between two rounds.</summary>
        [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
        public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

        /// <summary>How long before its end a token is warned of.</summary>
        public TimeSpan Notice { get; set; } = TimeSpan.FromDays(30);
    }

    /// <summary>After how many rounds the service ends; null for never.</summary>
    internal sealed record Rounds(int? Most);
}
