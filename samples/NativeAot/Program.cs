// Checks connections of all vendors in a program that is compiled ahead of time. It needs no runtime and starts in milliseconds.
//
//   dotnet publish samples/NativeAot -o out
//   Tokenwright__Xms__storage__BaseAddress=https://xms.example:8056/v1 Tokenwright__Xms__storage__AccessToken=… out/NativeAot
//
// Prints a line for each connection that the environment configures. Exit status: 1 if one of them did not respond, 2 if there is none.

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright;

var services = new ServiceCollection();
services.AddTokenwright().AddConnections(new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection("Tokenwright"));

await using var provider = services.BuildServiceProvider();
var connections = provider.GetRequiredService<TokenConnections>().All;
if (connections.Count == 0)
{
    Console.Error.WriteLine(
        "No connection is configured. Set environment variables in the form Tokenwright__VENDOR__CONNECTION__OPTION, such as " +
        "Tokenwright__Xms__storage__AccessToken.");
    return 2;
}

var failures = 0;
foreach (var connection in connections)
{
    try
    {
        var client = provider.GetRequiredKeyedService<ITokenClient>(connection.Name);
        if (client.Metadata.Capabilities[TokenOperation.List].Support != OperationSupport.Unsupported)
            Console.WriteLine($"{connection.Vendor}: {(await client.ListAsync().ToListAsync()).Count} tokens");
        else
            Console.WriteLine(
                $"{connection.Vendor}: own token is " +
                $"{((await client.ValidateAsync(TokenReference.Self)).IsActive ? "active" : "not active")}");
    }
    catch (TokenClientException failure)
    {
        Console.Error.WriteLine(failure.Message);
        failures++;
    }
}

return failures == 0 ? 0 : 1;
