using Tokenwright;
using Tokenwright.SailPoint;

using var tokens = new SailPointTokenClient("identity", new SailPointOptions
{
    BaseAddress = new Uri(Environment.GetEnvironmentVariable("SAIL_BASE_URL")!),
    ClientId = Environment.GetEnvironmentVariable("SAIL_CLIENT_ID"),
    ClientSecret = new SecretSource { EnvironmentVariable = "SAIL_CLIENT_SECRET" },
});

await foreach (var token in tokens.ListAsync())
    Console.WriteLine($"{token.Name}: {token.State}");
