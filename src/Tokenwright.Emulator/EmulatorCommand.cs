using System.CommandLine;
using System.CommandLine.Help;
using System.Net.Sockets;
using System.Text.Json;
using Tokenwright.Cli.Configuration;
using Tokenwright.Testing;

namespace Tokenwright.Emulator;

/// <summary>Provides the command line of the tool, which starts emulators, prints their addresses, and runs until it is stopped.</summary>
internal static class EmulatorCommand
{
    private const string Name = "tokenwright-emulator";
    private const string Address = "BaseAddress";
    private const int Done = 0;
    private const int Usage = 2;

    private static readonly string KnownVendors = string.Join(", ", VendorEmulators.Vendors);

    private static readonly Argument<string[]> Vendors =
        new("vendors") { Description = $"The vendors: {KnownVendors}.", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<bool> All = new("--all") { Description = "Emulators of all vendors." };

    private static readonly Option<int> Port =
        new("--port") { Description = "The port on 127.0.0.1 of a single emulator. The default is a free port.", HelpName = "number" };

    private static readonly Option<EmulatorBehaviour> Behaviour = new("--behaviour")
    {
        Description = "Which behavior to emulate if a vendor's documents and its live service differ.",
        HelpName = "live|documented",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = $"A setting of the emulators that have it, more than once for several. {EmulatorSettings.Known}.",
        HelpName = "name=value",
    };

    private static readonly Option<bool> Bare =
        new("--bare") { Description = "Only the tokens of the vendors' documents, without those for audit findings." };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "For other clients: print a line of JSON for each emulator, with its address and a valid credential. " +
            "The tool tokenwright doesn't use these emulators.",
    };

    /// <summary>Parses and runs a command line.</summary>
    /// <returns>The exit status: 0 if the tool was stopped, 2 if the arguments are invalid or the emulators can't run.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail([.. parsed.Errors.Select(error => error.Message)]);
        try
        {
            return await parsed.InvokeAsync(
                new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(failure.Message);
        }
    }

    private static Command Create()
    {
        var command = new Command(
            Name,
            """
            Runs emulators of vendors on this machine until it is stopped. They have tokens for which an audit has findings.
            While they run, the tool tokenwright uses them if no connections are configured.

            Examples:
              tokenwright-emulator --all                  then, in another terminal: tokenwright audit
              tokenwright-emulator SailPoint --port 5101
              tokenwright-emulator Xms --json             for any other client
              tokenwright-emulator Xms --set ListsWithPaging=false
            """)
        {
            Vendors, All, Port, Behaviour, Set, Bare, Json, new HelpOption(), new VersionOption(),
        };
        Behaviour.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Enum.GetNames<EmulatorBehaviour>());
        command.SetAction(RunAsync);
        return command;
    }

    private static string? ProblemOf(string[] vendors, bool isAll, int port)
        => isAll == vendors.Length > 0 ? $"Name vendors, or pass --all. The vendors are {KnownVendors}."
        : vendors.Except(VendorEmulators.Vendors, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown
            ? $"'{unknown}' is not a vendor; known are {KnownVendors}."
        : port is < 0 or > ushort.MaxValue || (port > 0 && (isAll || vendors.Length > 1))
            ? "--port must be a number from 1 to 65535, with one emulator only."
        : null;

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var named = parsed.GetValue(Vendors) ?? [];
        var options = new EmulatorOptions { Port = parsed.GetValue(Port), Behaviour = parsed.GetValue(Behaviour) };
        if (ProblemOf(named, parsed.GetValue(All), options.Port) is { } problem)
            return Fail(problem);
        var started = named.Length > 0 ? named : VendorEmulators.Vendors;
        var settings = parsed.GetValue(Set) ?? [];
        string[] wrong = [.. settings.Select(setting => EmulatorSettings.ProblemOf(setting, started)).OfType<string>()];
        if (wrong.Length > 0)
            return Fail(wrong);

        var session = parsed.GetValue(Json) ? null : new EmulatorSession();
        var running = new List<VendorEmulator>();
        try
        {
            await StartAsync(started, options, settings, !parsed.GetValue(Bare), running);
            running.Sort((one, other) => string.CompareOrdinal(one.Vendor, other.Vendor));
            foreach (var emulator in running)
                await Console.Out.WriteLineAsync(session is null ? JsonOf(emulator)
                    : $"{emulator.Vendor,-15} {emulator.ConnectionName,-10} {emulator.ConnectionSettings[Address]}");
            if (session is not null)
            {
                session.Publish(running);
                await Console.Error.WriteLineAsync(
                    $"Their connections file: {ToolPaths.EmulatorSession}\n" +
                    "Now, in another terminal: tokenwright audit. Stop the emulators with Ctrl-C.");
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Done;
        }
        finally
        {
            session?.Dispose();
            running.ForEach(emulator => emulator.Dispose());
        }
    }

    private static async Task StartAsync(
        IReadOnlyList<string> vendors, EmulatorOptions options, string[] settings, bool withSamples, List<VendorEmulator> running)
    {
        try
        {
            await Task.WhenAll(vendors.Distinct(StringComparer.OrdinalIgnoreCase).Select(vendor => Task.Run(() =>
            {
                var emulator = VendorEmulators.Start(vendor, options);
                lock (running)
                    running.Add(emulator);
                foreach (var setting in settings)
                    EmulatorSettings.Apply(emulator, setting);
                if (withSamples)
                    emulator.AddSampleTokens();
            })));
        }
        catch (SocketException failure)
        {
            throw new IOException($"Port {options.Port} can't be used: {failure.Message}", failure);
        }
    }

    private static string JsonOf(VendorEmulator emulator) => JsonSerializer.Serialize(new
    {
        vendor = emulator.Vendor,
        baseUrl = emulator.ConnectionSettings[Address].TrimEnd('/'),
        credential = emulator.ConnectionSettings.Where(setting => setting.Key != Address)
            .ToDictionary(setting => JsonNamingPolicy.CamelCase.ConvertName(setting.Key), setting => setting.Value),
    });

    private static int Fail(params string[] problems)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine($"error: {problem}");
        Console.Error.WriteLine($"See '{Name} --help'.");
        return Usage;
    }
}
