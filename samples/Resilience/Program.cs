// Configures how a connection handles a failing vendor, and prints what it does.
//
//   dotnet run --project samples/Resilience      against an emulator that fails on command, no account needed

using System.Diagnostics.Metrics;
using Tokenwright;
using Tokenwright.Testing;
using Tokenwright.Xms;

using var emulator = new XmsEmulator();
using var tokens = new TokenClientBuilder(new XmsTokenClient("storage", new XmsOptions
{
    BaseAddress = new Uri(emulator.ConnectionSettings["BaseAddress"]),
    AccessToken = new TokenSecret(emulator.ConnectionSettings["AccessToken"]),
    MaxRetries = 5,                                     // 3 by default
    RetryDelay = TimeSpan.FromMilliseconds(50),         // before the first one, on average; 0.8 s by default
    AttemptTimeout = TimeSpan.FromMinutes(1),           // 10 s by default, the body included
    TotalTimeout = TimeSpan.FromMinutes(2),             // 30 s by default, retries and waits included
    CreationSettleTime = TimeSpan.FromSeconds(1),       // how long a new token may take to appear; 30 s by default
    CallsPerWindow = 50,                                // this program's share of the vendor's limit
})).UseTelemetry().Build();

// This sample listens itself; samples/Observability uses OpenTelemetry.
using var listener = new MeterListener { InstrumentPublished = (instrument, self) =>
    { if (instrument.Name == "tokenwright.client.retries") self.EnableMeasurementEvents(instrument); } };
listener.SetMeasurementEventCallback<long>(
    (_, _, tags, _) => Console.WriteLine($"  retried after {tags.ToArray().Single(tag => tag.Key == "error.type").Value}"));
listener.Start();

Console.WriteLine("A read is retried until it succeeds:");
emulator.Faults.Inject(Fault.Status(503), times: 2);
emulator.Faults.Inject(Fault.TooManyRequests(retryAfter: TimeSpan.FromSeconds(1)));
emulator.Faults.Inject(Fault.Cut(afterBytes: 120));
Console.WriteLine($"  {await tokens.ListAsync().CountAsync()} tokens");

Console.WriteLine("A create is never retried blindly. The token of the lost create is found and revoked first:");
emulator.Faults.Inject(Fault.Cut(afterBytes: 120), method: "POST");
var issued = await tokens.CreateAsync(new CreateTokenRequest
    { Name = "build server", Roles = [new("admin")], IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });
Console.WriteLine($"  issued {issued.Token.Name}; tokens of that name: {await tokens.FindByNameAsync("build server").CountAsync()}");

Console.WriteLine("A wait that is too long is not started:");
emulator.Faults.Inject(Fault.TooManyRequests(retryAfter: TimeSpan.FromMinutes(2)));
try
{
    await tokens.ListAsync().CountAsync();
}
catch (TokenRateLimitedException limited)
{
    Console.WriteLine($"  retry after {limited.RetryAfter}");
}
