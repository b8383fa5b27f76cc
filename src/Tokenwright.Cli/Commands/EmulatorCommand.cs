using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Emulation;
using Tokenwright.Testing;

namespace Tokenwright.Cli.Commands;

/// <summary><c>emulator</c>: servers on this machine that behave as vendors do, to practise on.</summary>
internal static class EmulatorCommand
{
    // A connection of each vendor, under the names that the documents use.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["ExtremeCloudIQ"] = "network", ["Fimidara"] = "files", ["SailPoint"] = "identity", ["VMwareCloud"] = "cloud", ["Xms"] = "storage",
    };

    private static readonly Argument<string[]> VendorArgument =
        new("vendors") { Description = $"The vendors: {VendorEntry.Names}.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> All = new("--all") { Description = "Emulators of all vendors." };
    private static readonly Option<int> Port =
        new("--port") { Description = "The port on 127.0.0.1, of a single emulator; else a free one.", HelpName = "number" };
    private static readonly Option<EmulatorBehaviour> Behaviour = new Option<EmulatorBehaviour>("--behaviour") { Description =
        "Whose word is followed where a vendor's documents and its live service differ.", HelpName = "live|documented" }.ByNameOnly();
    private static readonly Option<bool> Bare =
        new("--bare") { Description = "Only the tokens of the vendors' documents, without those that an audit finds." };

    public static Command Create()
    {
        VendorArgument.CompletionSources.Add([.. VendorEntry.All.Select(vendor => vendor.Name)]);
        var command = new Command(
            "emulator",
            """
            Runs emulators of vendors on this machine until it is stopped. They hold tokens in which an audit finds something.
            While they run, commands use them where no connections are configured.

            Examples:
              tokenwright emulator --all                  then, in another terminal: tokenwright audit
              tokenwright emulator SailPoint --port 5101
            """)
        {
            VendorArgument, All, Port, Behaviour, Bare,
        };
        return command.Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        var names = invocation.Get(VendorArgument) ?? [];
        if (invocation.Get(All) == names.Length > 0)
            throw new CliException($"Name vendors, or say --all. There are {VendorEntry.Names}.");
        var vendors = invocation.Get(All)
            ? VendorEntry.All
            : [.. names.Select(name => VendorEntry.Find(name)
                ?? throw new CliException($"'{name}' is no vendor; known are {VendorEntry.Names}.")).Distinct()];
        var port = invocation.Get(Port);
        if (port is < 0 or > ushort.MaxValue || (port > 0 && vendors.Count > 1))
            throw new CliException("--port takes a number from 1 to 65535, and one emulator only.");

        EmulatorSession.Announce();
        var running = new List<VendorEmulator>();
        try
        {
            await StartAsync(invocation, vendors, port, running);
            var connections = new JsonObject();
            foreach (var emulator in running.OrderBy(emulator => emulator.Vendor, StringComparer.Ordinal))
            {
                var settings = new JsonObject([.. emulator.ConnectionSettings.Select(
                    setting => KeyValuePair.Create(setting.Key, (JsonNode?)JsonValue.Create(setting.Value)))]);
                connections[emulator.Vendor] = new JsonObject { [Names[emulator.Vendor]] = settings };
                await invocation.Terminal.Out.WriteLineAsync(
                    $"{emulator.Vendor,-15} {Names[emulator.Vendor],-10} " +
                    $"{emulator.ConnectionSettings[nameof(ConnectionOptions.BaseAddress)]}");
            }

            EmulatorSession.Publish(connections);
            invocation.Terminal.Note(
                $"Their connections file: {ToolPaths.EmulatorSession}\nNow, in another terminal: tokenwright audit. Stop the emulators " +
                $"with Ctrl-C.");
            await Task.Delay(Timeout.InfiniteTimeSpan, invocation.Clock, invocation.Cancellation)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return ExitCode.Done;
        }
        finally
        {
            EmulatorSession.Withdraw();
            running.ForEach(emulator => emulator.Dispose());
        }
    }

    private static async Task StartAsync(Invocation invocation, IReadOnlyList<VendorEntry> vendors, int port, List<VendorEmulator> running)
    {
        try
        {
            var started = vendors.Select(vendor => Task.Run(() =>
            {
                var emulator = vendor.Emulate(new EmulatorOptions { Port = port, Behaviour = invocation.Get(Behaviour) });
                lock (running)
                    running.Add(emulator);
                if (!invocation.Get(Bare))
                    Seeds.AddTo(emulator, invocation.Now);
            }));
            await Task.WhenAll(started);
        }
        catch (SocketException exception)
        {
            throw new CliException($"Port {port} can't be used: {exception.Message}");
        }
    }
}
