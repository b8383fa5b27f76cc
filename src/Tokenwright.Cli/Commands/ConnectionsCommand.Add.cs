using System.CommandLine;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

internal static partial class ConnectionsCommand
{
    private static readonly Option<string[]> Secret = new("--secret")
        { Description = $"The source of a secret: ClientSecret=SOURCE, where SOURCE is {SecretSpec.Forms}.", HelpName = "name=source" };
    private static readonly Option<bool> NoTest = new("--no-test") { Description = "Add the connection without calling the vendor." };

    private static Command Add()
    {
        var vendor = new Option<string>("--of") { Description = $"The vendor: {VendorEntry.Names}.", HelpName = "vendor", Required = true };
        vendor.CompletionSources.Add([.. VendorEntry.All.Select(entry => entry.Name)]);
        var command = new Command(
            "add",
            """
            Adds a connection to the connections file, which only you can read then.
            The connection is tested first, with calls that change nothing. If it doesn't work, the file stays as it is.

            Examples:
              tokenwright connections add identity --of SailPoint -s BaseAddress=https://acme.api.identitynow.com \
                -s ClientId=2c9180… --secret ClientSecret=command:"pass show sailpoint"
              tokenwright connections add storage --of Xms -s BaseAddress=https://xms.acme.example/v1 \
                --secret AccessToken=file:/run/secrets/xms
              tokenwright connections add cloud --of VMwareCloud --secret ApiToken=env:VMWARE_API_TOKEN --no-test
            """)
        {
            NameArgument, vendor, Setting, Secret, NoTest,
        };
        return command.Does(async invocation =>
        {
            var entry = VendorEntry.Named(invocation.Get(vendor)!);
            var added = new NewConnection(PathOf(invocation), entry, invocation.Get(NameArgument)!);
            ReadSettings(invocation, added);
            foreach (var (setting, value) in Pairs(invocation.Get(Secret), "--secret"))
            {
                RequireNew(added, "--secret", setting);
                if (entry.Settings.TryGetValue(setting, out var property) && !VendorEntry.IsSecret(property))
                    throw new CliException($"{property.Name} is not a secret: set it with --setting {property.Name}=VALUE.");
                var (member, source) = SecretSpec.Split($"--secret {setting}", value);
                added.SetSecret("option --secret", setting, member, source);
            }

            var open = invocation.Open(added.Define());
            var row = ConnectionRow.Of(open);
            if (!invocation.Get(NoTest))
            {
                (row, var failure) = await ConnectionTest.RunAsync(open, invocation.Cancellation);
                if (failure is not null)
                    throw new CliException(
                        $"{failure.Message}\nNothing was written. Correct what is wrong, or add the connection without a test: --no-test.",
                        failure.ExitCode);
            }

            added.Write();
            await WriteAddedAsync(invocation, added, row);
            return ExitCode.Done;
        });
    }

    private static void ReadSettings(Invocation invocation, NewConnection added)
    {
        foreach (var (setting, value) in Pairs(invocation.Get(Setting), "--setting"))
        {
            RequireNew(added, "--setting", setting);
            if (added.Vendor.Settings.TryGetValue(setting, out var property) && VendorEntry.IsSecret(property))
                throw new CliException($"{property.Name} is a secret: set its source with --secret {property.Name}=SOURCE.");
            added.Set("option --setting", setting, value);
        }
    }

    private static void RequireNew(NewConnection added, string option, string setting)
    {
        if (added.Has(setting))
            throw new CliException($"{option} {setting} is given twice; keep one.");
    }

    private static async Task WriteAddedAsync(Invocation invocation, NewConnection added, ConnectionRow row)
    {
        var path = PathOf(invocation);
        await invocation.WriteAsync(Shapes.Connections, [row with { Source = path }]);
        invocation.Terminal.Note($"Added {added.Vendor.Name} connection '{added.Name}' to {path}." + (row.Result is null
            ? $" To test it: tokenwright connections test -c {ShellText.Quoted(added.Name)}" : null));
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string[]? texts, string option)
    {
        foreach (var text in texts ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            yield return equals > 0 ? (text[..equals], text[(equals + 1)..]) : throw new CliException($"{option} must be NAME=VALUE.");
        }
    }
}
