using System.CommandLine;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>update</c>, which changes the record of a token but not its secret.</summary>
internal static class UpdateCommand
{
    private static readonly Option<string?> Name = new("--name") { Description = "A new name.", HelpName = "name" };
    private static readonly Option<string?> Description =
        new("--description") { Description = "A new description; an empty one removes it.", HelpName = "text" };
    private static readonly Option<string?> NewKey = new("--new-key") { Description = "A new key of your choice.", HelpName = "key" };
    private static readonly Option<string[]> Scope =
        new("--scope") { Description = "The scopes that replace the current ones.", HelpName = "scope" };
    private static readonly Option<string?> Expires =
        new("--expires") { Description = "A new expiry: 30d, 2027-01-31, or never.", HelpName = "time" };

    public static Command Create()
    {
        var choice = new TokenChoice();
        var command = new Command(
            "update",
            """
            Changes the record of a token, but not its secret. What can be changed differs by vendor: see 'tokenwright vendors'.

            Examples:
              tokenwright update 7 -c storage --name "zabbix, read by the monitoring team"
              tokenwright update 86f1dc6f… -c identity --expires 30d --yes
            """)
        {
            Name, Description, NewKey, Scope, Expires,
        };
        choice.AddTo(command);
        command.Options.Add(OwnCredential.Allow);
        ChangeRun.AddTo(command);
        return command.Does(async invocation =>
        {
            var reference = await choice.ReadAsync(invocation);
            var request = new UpdateTokenRequest
            {
                Name = invocation.Get(Name),
                Description = invocation.Get(Description),
                Key = invocation.Get(NewKey),
                Scopes = invocation.Get(Scope) is { Length: > 0 } scopes ? [.. scopes.Select(scope => new TokenScope(scope))] : null,
                Expiry = invocation.Get(Expires) is { } text ? Durations.Expiry("--expires", text) : null,
            };
            if (request is { Name: null, Description: null, Key: null, Scopes: null, Expiry: null })
                throw new CliException("Say what to change: --name, --description, --new-key, --scope or --expires.");
            return await ChangeRun.RunAsync(
                invocation,
                TokenOperation.Update,
                reference.Secret is { } secret ? [secret] : [],
                reference,
                (_, token) => $"Change {token}: {Describe(request)}.",
                async (connection, cancellationToken) =>
                {
                    using var change = invocation.Begin(
                        $"Change token {reference} ({connection.Vendor} connection '{connection.Name}') to {Describe(request)}");
                    var token = await connection.Client.UpdateAsync(reference, request, cancellationToken);
                    change.Happened(
                        $"Token {reference} was changed ({token.Vendor} connection '{token.Connection}'): {Describe(request)}.");
                    await invocation.WriteAsync(change, Shapes.Token, TokenRow.Of(token));
                    return ExitCode.Done;
                });
        });
    }

    private static string Describe(UpdateTokenRequest request)
    {
        string?[] changes =
        [
            request.Name is { } name ? $"name '{name}'" : null,
            request.Description is { } description ? $"description '{description}'" : null,
            request.Key is { } key ? $"key '{key}'" : null,
            request.Scopes is { } scopes ? $"scopes {string.Join(", ", scopes)}" : null,
            request.Expiry is { } expiry ? Durations.Tell(expiry) : null,
        ];
        return string.Join("; ", changes.OfType<string>());
    }
}
