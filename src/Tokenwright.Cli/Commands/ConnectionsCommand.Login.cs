using System.CommandLine;
using System.Reflection;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

internal static partial class ConnectionsCommand
{
    private static Command Login()
    {
        var vendor = new Argument<string>("vendor") { Description = $"The vendor: {VendorEntry.Names}." };
        vendor.CompletionSources.Add([.. VendorEntry.All.Select(entry => entry.Name)]);
        var command = new Command(
            "login",
            """
            Asks for what a connection needs, tests it, and adds it to the connections file.
            The secret isn't shown, and isn't written to that file: it goes to a file of its own that only you can read, or to a command
            that stores it, or it stays in an environment variable. Settings of --setting aren't asked for.
            It needs a terminal; without one, use 'connections add'.

            Examples:
              tokenwright connections login SailPoint
              tokenwright connections login Xms -s BaseAddress=https://xms.acme.example/v1
            """)
        {
            vendor, Setting,
        };
        return command.Does(async invocation =>
        {
            var entry = VendorEntry.Named(invocation.Get(vendor)!);
            var ways = SignInWays.Of(entry);
            if (!Terminal.CanAsk)
                throw new CliException(
                    "'connections login' asks questions, and there is no terminal. Use 'connections add':\n" +
                    string.Join("\nor\n", ways.Select(way => AddLine(entry, way))));
            var login = new Login(invocation, entry, ways, PathOf(invocation));
            var added = await login.AskAsync(added => ReadSettings(invocation, added));
            await WriteAddedAsync(invocation, added, await login.StoreAsync(added));
            return ExitCode.Done;
        });
    }

    private static string AddLine(VendorEntry entry, IReadOnlyList<PropertyInfo> way)
    {
        var needed = entry.Descriptor.CreateOptions().BaseAddress is null ? way.Prepend(entry.Address) : way;
        return $"  tokenwright connections add NAME --of {entry.Name} " + string.Join(' ', needed.Select(setting =>
            VendorEntry.IsSecret(setting) ? $"--secret {setting.Name}=SOURCE" : $"-s {setting.Name}=VALUE"));
    }
}
