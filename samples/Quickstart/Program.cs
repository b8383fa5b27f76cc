// Lists the API tokens of every configured connection in one table, or as blocks of lines in a narrow terminal.
//
//   dotnet run --project samples/Quickstart                          against emulators of all five vendors, no account needed
//   dotnet run --project samples/Quickstart -- --stop SailPoint      the same, with one vendor down
//   dotnet run --project samples/Quickstart -- --config my.json      against real accounts (environment variables work too)
//
// Exit status: 0 if every connection was read, 1 if at least one failed, 2 if the arguments or the configuration are wrong.

using Microsoft.Extensions.Options;
using Quickstart;
using Spectre.Console;
using Tokenwright;
using Tokenwright.Samples;

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    cancellation.Cancel();
};

try
{
    await using var connections = new Connections(Arguments.Parse(args));
    var readings = await Task.WhenAll(connections.All.Select(connection => ReadAsync(connections, connection, cancellation.Token)));
    AnsiConsole.Write(TokenView.Of(readings, connections.AreEmulated
        ? "Tokens of emulators on this machine. For your own accounts, name a configuration file: --config my.json" : null));
    return readings.Any(reading => reading.Failure is not null) ? 1 : 0;
}
catch (Exception problem) when (problem is ArgumentException or InvalidOperationException or InvalidDataException)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}

// For a vendor without a list, shows the token of the connection itself.
static async Task<Reading> ReadAsync(Connections connections, TokenConnection connection, CancellationToken cancellationToken)
{
    try
    {
        var client = connections.Client(connection);
        var canList = client.Metadata.Capabilities[TokenOperation.List].Support != OperationSupport.Unsupported;
        var tokens = canList
            ? await client.ListAsync(cancellationToken: cancellationToken).ToListAsync(cancellationToken)
            : [await client.GetAsync(TokenReference.Self, cancellationToken)];
        return new Reading(connection, tokens, null);
    }
    catch (Exception failure) when (failure is TokenClientException or InvalidOperationException or OptionsValidationException)
    {
        return new Reading(connection, [], failure.Message);
    }
}
