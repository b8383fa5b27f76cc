// Lists the API tokens of every configured connection in one table.
//
//   dotnet run --project samples/Quickstart                          against emulators of all five vendors, no account needed
//   dotnet run --project samples/Quickstart -- --stop SailPoint      the same, with one vendor down
//   dotnet run --project samples/Quickstart -- --config my.json      against real accounts (environment variables work too)
//
// Exit status: 0 if every connection was read, 1 if at least one failed, 2 if the arguments or the configuration are wrong.

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quickstart;
using Spectre.Console;
using Tokenwright;

if (!Arguments.TryParse(args, out var arguments, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

var adders = new Dictionary<string, Func<TokenwrightBuilder, string, IConfiguration, TokenConnectionBuilder>>(StringComparer.OrdinalIgnoreCase)
{
    ["ExtremeCloudIQ"] = ExtremeCloudIQRegistration.AddExtremeCloudIQ,
    ["Fimidara"] = FimidaraRegistration.AddFimidara,
    ["SailPoint"] = SailPointRegistration.AddSailPoint,
    ["VMwareCloud"] = VMwareCloudRegistration.AddVMwareCloud,
    ["Xms"] = XmsRegistration.AddXms,
};

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    cancellation.Cancel();
};

// Connections come from a file and the environment; where there are none, from appsettings.json, against emulators.
var configuration = new ConfigurationBuilder();
if (arguments.ConfigFile is { } file)
    configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
configuration.AddEnvironmentVariables();
using var emulators = new EmulatorSet();
string? caption = null;
if (!configuration.Build().GetSection("Tokenwright").Exists())
{
    configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"));
    caption = "Tokens of emulators on this machine. For your own accounts, name a configuration file: --config my.json";
    configuration.AddInMemoryCollection(emulators.StartFor(configuration.Build().GetSection("Tokenwright"), arguments.StoppedVendor));
}

var services = new ServiceCollection();
var tokenwright = services.AddTokenwright();
foreach (var vendor in configuration.Build().GetSection("Tokenwright").GetChildren())
{
    if (!adders.TryGetValue(vendor.Key, out var add))
    {
        Console.Error.WriteLine($"'{vendor.Path}' in the configuration names no vendor; known are {string.Join(", ", adders.Keys)}.");
        return 2;
    }

    foreach (var connection in vendor.GetChildren())
        add(tokenwright, connection.Key, connection);
}

await using var provider = services.BuildServiceProvider();
var readings = await Task.WhenAll(provider.GetRequiredService<TokenConnections>().All.Select(ReadAsync));
AnsiConsole.Write(TokenTable.Of(readings, caption));
return readings.Any(reading => reading.Failure is not null) ? 1 : 0;

// A vendor without a list shows the token that the connection itself works with.
async Task<Reading> ReadAsync(TokenConnection connection)
{
    try
    {
        var client = provider.GetRequiredKeyedService<ITokenClient>(connection.Name);
        var canList = client.Metadata.Capabilities[TokenOperation.List].Support != OperationSupport.Unsupported;
        var tokens = canList
            ? await client.ListAsync(cancellationToken: cancellation.Token).ToListAsync(cancellation.Token)
            : [await client.GetAsync(TokenReference.Self, cancellation.Token)];
        return new Reading(connection, tokens, null);
    }
    catch (Exception failure) when (failure is TokenClientException or InvalidOperationException or Microsoft.Extensions.Options.OptionsValidationException)
    {
        return new Reading(connection, [], failure.Message);
    }
}
