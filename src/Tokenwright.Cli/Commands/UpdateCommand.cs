using System.CommandLine;
using System.Net;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>update</c>, which changes the records of tokens but not their secrets.</summary>
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
        var bulk = new BulkChange(TokenOperation.Update, "Change", ToChange, hasFilters: false);
        var command = new Command(
            "update",
            """
            Changes the records of tokens, but not their secrets. What can be changed differs by vendor: see 'tokenwright vendors'.
            Many tokens are changed with few requests if the vendor supports it, and one by one otherwise. A failure doesn't stop the rest.
            With --from-file, an interrupted run continues where it was.

            Examples:
              tokenwright update 7 -c storage --name "zabbix, read by the monitoring team"
              tokenwright update 86f1dc6f… -c identity --expires 30d --yes
              tokenwright update --from-file ids.txt -c identity --expires 2027-01-31 --dry-run
            """)
        {
            Name, Description, NewKey, Scope, Expires,
        };
        bulk.AddTo(command);
        return command.Does(invocation => bulk.IsOfMany(invocation) ? bulk.RunAsync(invocation) : RunOneAsync(invocation, bulk));
    }

    private static async Task<int> RunOneAsync(Invocation invocation, BulkChange bulk)
    {
        var reference = await bulk.ReadOneAsync(invocation);
        var request = Request(invocation);
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
    }

    private static TokenChange ToChange(Invocation invocation)
    {
        var request = Request(invocation);
        if (request.Name is not null || request.Key is not null)
            throw new CliException("--name and --new-key are for one token.");
        return new TokenChange(async (connection, token, cancellationToken) =>
        {
            await connection.Client.UpdateAsync(token, request, cancellationToken);
            return (Shapes.Word(TokenUpdateOutcome.Updated), null);
        })
        {
            Values = Describe(request),
            Many = (connection, tokens, cancellationToken) => UpdateManyAsync(connection, tokens, request, cancellationToken),
        };
    }

    // One wrong id or a missing right fails a whole request, although other tokens can be updated one by one. A bulk update can also
    // support fewer changes.
    private static async Task<IReadOnlyList<TokenBulkUpdateResult>?> UpdateManyAsync(
        OpenConnection connection, IReadOnlyList<TokenReference> tokens, UpdateTokenRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var results = await connection.Client.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync(
                tokens, request, cancellationToken);
            return results.All(result => result.Outcome == TokenUpdateOutcome.NotUpdated && IsRefused(result.Failure!)) ? null : results;
        }
        catch (TokenClientException failure) when (failure is TokenInvalidRequestException or TokenOperationNotSupportedException)
        {
            return null;
        }

        static bool IsRefused(TokenClientException failure)
            => failure is { Status: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError }
                and not (TokenAuthenticationException or TokenRateLimitedException);
    }

    private static UpdateTokenRequest Request(Invocation invocation)
    {
        var request = new UpdateTokenRequest
        {
            Name = invocation.Get(Name),
            Description = invocation.Get(Description),
            Key = invocation.Get(NewKey),
            Scopes = invocation.Get(Scope) is { Length: > 0 } scopes ? [.. scopes.Select(scope => new TokenScope(scope))] : null,
            Expiry = invocation.Get(Expires) is { } text ? Durations.Expiry("--expires", text) : null,
        };
        return request is { Name: null, Description: null, Key: null, Scopes: null, Expiry: null }
            ? throw new CliException("Say what to change: --name, --description, --new-key, --scope or --expires.") : request;
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
