using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>connections</c>, which lists, adds, tests and removes the accounts that the tool uses.</summary>
internal static class ConnectionsCommand
{
    private static readonly Argument<string> NameArgument = new("name") { Description = "The connection's name." };
    private static readonly Option<string[]> Setting =
        new("--setting", "-s") { Description = "A setting that is not a secret: BaseAddress=https://….", HelpName = "name=value" };
    private static readonly Option<string[]> Secret = new("--secret")
        { Description = $"The source of a secret: ClientSecret=SOURCE, where SOURCE is {SecretSpec.Forms}.", HelpName = "name=source" };

    public static Command Create()
    {
        var command = new Command("connections", "The accounts and tenants that the tool uses.");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Add());
        command.Subcommands.Add(Test());
        command.Subcommands.Add(Remove());
        return command;
    }

    private static Command List()
        => new Command(
            "list",
            """
            Lists the connections with their sources and the sources of their secrets. It shows no secret and sends nothing.

            Example:
              tokenwright connections list
            """).Does(async invocation =>
            {
                var rows = (await invocation.OpenAllAsync()).Select(open => Row(open, null, null)).Concat(invocation.Invalid.Select(Row));
                await invocation.WriteAsync(Shapes.Connections, rows);
                return invocation.Invalid.Count > 0 ? ExitCode.Partial : ExitCode.Done;
            });

    private static Command Test()
        => new Command(
            "test",
            """
            Calls each vendor once with the connection's credential, and shows whether that works.

            Examples:
              tokenwright connections test
              tokenwright connections test -c identity
            """).Does(async invocation =>
            {
                var open = await invocation.OpenAllAsync();
                var statuses = new List<int>();
                await RowOutput.WriteAsync(invocation.Terminal, invocation.Format, Shapes.Connections,
                    TestAll(open, statuses, invocation.Cancellation).Concat(invocation.Invalid.Select(Row).ToAsyncEnumerable()),
                    invocation.Clock, () => "Asking the vendors");
                statuses.AddRange(invocation.Invalid.Select(failure => failure.ExitCode));
                invocation.Cancellation.ThrowIfCancellationRequested();
                return ExitCode.Of([.. statuses.Where(status => status != ExitCode.Done)], statuses.Contains(ExitCode.Done), ExitCode.Done);
            });

    private static Command Add()
    {
        var vendor = new Option<string>("--of") { Description = $"The vendor: {VendorEntry.Names}.", HelpName = "vendor", Required = true };
        vendor.CompletionSources.Add([.. VendorEntry.All.Select(entry => entry.Name)]);
        var command = new Command(
            "add",
            """
            Adds a connection to the connections file, which only you can read then. Nothing is sent; to test it, use 'connections test'.

            Examples:
              tokenwright connections add identity --of SailPoint -s BaseAddress=https://acme.api.identitynow.com \
                -s ClientId=2c9180… --secret ClientSecret=command:"pass show sailpoint"
              tokenwright connections add storage --of Xms -s BaseAddress=https://xms.acme.example/v1 \
                --secret AccessToken=file:/run/secrets/xms
              tokenwright connections add cloud --of VMwareCloud --secret ApiToken=env:VMWARE_API_TOKEN
            """)
        {
            NameArgument, vendor, Setting, Secret,
        };
        return command.Does(invocation =>
        {
            var entry = VendorEntry.Named(invocation.Get(vendor)!);
            var name = invocation.Get(NameArgument)!;
            var settings = new JsonObject();
            foreach (var (setting, value) in Pairs(invocation.Get(Setting), "--setting"))
            {
                if (entry.Settings.TryGetValue(setting, out var property) && VendorEntry.IsSecret(property))
                    throw new CliException($"{property.Name} is a secret: set its source with --secret {property.Name}=SOURCE.");
                settings[property?.Name ?? setting] = value;
            }

            foreach (var (setting, value) in Pairs(invocation.Get(Secret), "--secret"))
            {
                var (member, source) = SecretSpec.Split($"--secret {setting}", value);
                settings[entry.Settings.TryGetValue(setting, out var property) ? property.Name : setting] =
                    new JsonObject { [member] = member == "Stdin" ? true : source };
            }

            Change(invocation, name, (root, path) =>
            {
                var connections = Child(Child(root, ConnectionsReader.Root), entry.Name);
                if (root[ConnectionsReader.Root]!.AsObject().SelectMany(other => other.Value!.AsObject()).Any(other => other.Key == name))
                    throw new CliException($"There is a connection '{name}' in {path} already; remove it first, or use another name.");
                connections[name] = settings;
                return $"Added {entry.Name} connection '{name}' to {path}. Try it: tokenwright connections test -c " +
                    $"{ShellText.Quoted(name)}";
            });
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Command Remove()
    {
        var command = new Command(
            "remove",
            """
            Removes a connection from the connections file. Its tokens at the vendor don't change.

            Example:
              tokenwright connections remove storage
            """)
        {
            NameArgument, Confirmation.Yes,
        };
        return command.Does(async invocation =>
        {
            var name = invocation.Get(NameArgument)!;
            await Confirmation.AskAsync(
                invocation, [$"Remove connection '{name}' from the connections file; its tokens don't change."]);
            Change(invocation, null, (root, path) =>
            {
                var vendor = root[ConnectionsReader.Root]?.AsObject()
                    .FirstOrDefault(vendor => vendor.Value is JsonObject connections && connections.ContainsKey(name));
                if (vendor?.Value is not JsonObject connections)
                    throw new CliException($"There is no connection '{name}' in {path}.");
                connections.Remove(name);
                return $"Removed connection '{name}' from {path}.";
            });
            return ExitCode.Done;
        });
    }

    private static async IAsyncEnumerable<ConnectionRow> TestAll(IReadOnlyList<OpenConnection> open, List<int> statuses,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var done in Task.WhenEach(open.Select(connection =>
            Task.Run(() => TestAsync(connection, cancellationToken), CancellationToken.None))).WithCancellation(cancellationToken))
        {
            var (row, status) = await done;
            statuses.Add(status);
            yield return row;
        }
    }

    private static async Task<(ConnectionRow Row, int Status)> TestAsync(OpenConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            // A page of the list is read if the vendor has one. This also shows whether the credential is allowed to list.
            string message;
            if (connection.Can(TokenOperation.List))
            {
                var page = await connection.Client.ListAsync(cancellationToken: cancellationToken).AsPages().FirstAsync(cancellationToken);
                message = $"It can read {(page.Continuation is null ? $"{page.Tokens.Count} tokens" : "more than one page of tokens")}.";
            }
            else
            {
                message = $"It is signed in as {(await TokenSweep.OwnAsync(connection, cancellationToken)).Owner}.";
            }

            return (Row(connection, "works", message), ExitCode.Done);
        }
        catch (Exception failure) when (failure is TokenClientException or CliException)
        {
            return (Row(connection, FailureRow.Of(connection.Vendor, connection.Name, failure).Kind, failure.Message),
                ExitCode.Of(failure));
        }
    }

    private static ConnectionRow Row(FailureRow invalid)
        => new(invalid.Vendor, invalid.Connection, null, "configuration", [], "invalid", invalid.Message);

    private static ConnectionRow Row(OpenConnection open, string? result, string? message) => new(
        open.Vendor,
        open.Name,
        open.Client.Metadata.BaseAddress.ToString(),
        open.Definition.Line > 0 ? $"{open.Definition.Source}:{open.Definition.Line}" : open.Definition.Source,
        [.. open.Definition.Settings.Values.Where(setting => VendorEntry.IsSecret(open.Definition.Vendor.Settings[setting.Name]))
            .Select(setting => $"{setting.Name}: {Place(setting)}")],
        result,
        message) { Network = open.Network };

    // Only the kind of the source is shown, because the arguments of a command can contain a secret too.
    private static string Place(Setting setting)
        => setting.IsPlainSecret ? setting.Line > 0 ? "plain text in the file" : "the environment"
        : setting.Value.Members[0] is var (member, _, value) && member.Equals("Command", StringComparison.OrdinalIgnoreCase) ? "a command"
        : member.Equals("Stdin", StringComparison.OrdinalIgnoreCase) ? "the standard input"
        : $"{(member.Equals("File", StringComparison.OrdinalIgnoreCase) ? "file" : "environment variable")} {value.Text}";

    private static void Change(Invocation invocation, string? added, Func<JsonObject, string, string> change)
    {
        var path = invocation.Get(GlobalOptions.Config) ?? ToolPaths.Connections;
        var root = new JsonObject { [ConnectionsReader.Root] = new JsonObject() };
        if (File.Exists(path))
        {
            CheckFile(invocation, path, path, null);
            var text = File.ReadAllText(path);
            try
            {
                root = JsonNode.Parse(text)!.AsObject();
            }
            catch (JsonException)
            {
                throw new CliException(
                    $"{path} has comments or trailing commas, which this command would remove. Change the file with an editor.");
            }
        }

        var done = change(root, path);
        var options = new JsonSerializerOptions
            { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        PrivateFile.Replace(path, root.ToJsonString(options) + "\n", fresh => CheckFile(invocation, fresh, path, added));
        invocation.Terminal.Note(done);
    }

    // The file is read again by the usual rules, so that an invalid setting of the added connection is reported now. Problems of others
    // don't matter here.
    private static void CheckFile(Invocation invocation, string path, string shownAs, string? added)
    {
        var problems = new ConfigProblems();
        var reader = new ConnectionsReader(problems);
        reader.AddFile(path);
        try
        {
            problems.ThrowIfAny();
            if (reader.All.FirstOrDefault(definition => definition.Name == added) is { } definition)
            {
                ConnectionOpener.Open(definition, invocation.Clock, null)?.Dispose();
                definition.Problems.ThrowIfAny();
            }
        }
        catch (CliException exception)
        {
            throw new CliException(exception.Message.Replace(path, shownAs, StringComparison.Ordinal));
        }
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent.FirstOrDefault(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)).Value is JsonObject child)
            return child;
        var made = new JsonObject();
        parent[name] = made;
        return made;
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
