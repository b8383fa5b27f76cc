// Checks connections of all vendors in a program that is compiled ahead of time: no runtime to install, and it starts in milliseconds.
//
//   dotnet publish samples/NativeAot -o out
//   XMS__BASEADDRESS=https://xms.example:8056/v1 XMS__ACCESSTOKEN=… out/NativeAot
//
// A vendor is taken whose name begins environment variables. Prints a line for each; exit status 1 if one of them did not respond, 2 if
// there is none.

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
var services = new ServiceCollection();
var tokenwright = services.AddTokenwright();
Add("ExtremeCloudIQ", (name, section) => tokenwright.AddExtremeCloudIQ(name, section));
Add("Fimidara", (name, section) => tokenwright.AddFimidara(name, section));
Add("SailPoint", (name, section) => tokenwright.AddSailPoint(name, section));
Add("VMwareCloud", (name, section) => tokenwright.AddVMwareCloud(name, section));
Add("Xms", (name, section) => tokenwright.AddXms(name, section));

await using var provider = services.BuildServiceProvider();
var connections = provider.GetRequiredService<TokenConnections>().All;
if (connections.Count == 0)
{
    Console.Error.WriteLine(
        "No connection is configured. Set environment variables such as SAILPOINT__BASEADDRESS, SAILPOINT__CLIENTID and " +
        "SAILPOINT__CLIENTSECRET.");
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

void Add(string vendor, Action<string, IConfiguration> add)
{
    var section = configuration.GetSection(vendor);
    if (section.Exists())
        add(vendor, section);
}
