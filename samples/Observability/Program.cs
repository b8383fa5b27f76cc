// Writes the traces, metrics and logs of some calls to the console, through OpenTelemetry.
//
//   dotnet run --project samples/Observability      against an emulator, no account needed
//
// For a collector, replace AddConsoleExporter() by AddOtlpExporter() of OpenTelemetry.Exporter.OpenTelemetryProtocol.

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tokenwright;
using Tokenwright.Testing;

using var emulator = new SailPointEmulator();
var builder = Host.CreateApplicationBuilder(args);
builder.Configuration.AddInMemoryCollection(
    emulator.ConnectionSettings.Select(setting => KeyValuePair.Create($"SailPoint:{setting.Key}", (string?)setting.Value)));

// Long enough for an emulator on a busy machine.
builder.Configuration.AddInMemoryCollection([new("SailPoint:AttemptTimeout", "00:02:00"), new("SailPoint:TotalTimeout", "00:05:00")]);

// Each attempt of a request is logged at debug level.
builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).AddFilter("Tokenwright", LogLevel.Debug);
builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("observability-sample"))
    .WithTracing(tracing => tracing.AddSource(TokenwrightTelemetry.Name).AddHttpClientInstrumentation().AddConsoleExporter())
    .WithMetrics(metrics => metrics.AddMeter(TokenwrightTelemetry.Name).AddConsoleExporter());
builder.Services.AddTokenwright().AddSailPoint("identity", builder.Configuration.GetSection("SailPoint"));

using var host = builder.Build();
await host.StartAsync();
var tokens = host.Services.GetRequiredKeyedService<ITokenClient>("identity");

// The vendor fails once: the span gets an event, the counter of retries is incremented, and the log has a warning.
emulator.Faults.Inject(Fault.Status(503), method: "GET");
await foreach (var token in tokens.ListAsync())
    Console.WriteLine($"{token.Name}: {token.State}");

var issued = await tokens.CreateAsync(new CreateTokenRequest
    { Name = "build server", Scopes = [new("sp:scopes:default")], Expiry = TokenExpiry.After(TimeSpan.FromDays(30)) });
await tokens.RevokeAsync(TokenReference.ById(issued.Token.Id!));

// After a failure, the span has a status and the vendor's request id.
try
{
    await tokens.RevokeAsync(TokenReference.ById(issued.Token.Id!));
}
catch (TokenNotFoundException gone)
{
    Console.WriteLine(gone.Message);
}

await host.StopAsync();
