using System.CommandLine;
using System.Globalization;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>create</c>, which issues a token.</summary>
internal static class CreateCommand
{
    private static readonly Option<string?> Name = new("--name") { Description = "The token's name.", HelpName = "name" };
    private static readonly Option<string?> Description =
        new("--description") { Description = "The token's description.", HelpName = "text" };
    private static readonly Option<string?> Key =
        new("--key") { Description = "A key of your choice to find the token later, at vendors that store one.", HelpName = "key" };
    private static readonly Option<string[]> Scope =
        new("--scope") { Description = "A scope of the token, in the vendor's terms.", HelpName = "scope" };
    private static readonly Option<string[]> Role = new("--role") { Description = "A role of the token.", HelpName = "role" };
    private static readonly Option<string?> Expires =
        new("--expires") { Description = "When the token expires: 30d, 2027-01-31, or never.", HelpName = "time" };
    private static readonly Option<string?> IdToken = new("--id-token") { Description =
        $"The source of the user's identity token, at vendors that require one: {SecretSpec.Forms}.", HelpName = "source" };
    private static readonly Option<bool> AllowUnboundedOrphan = new("--allow-unbounded-orphan")
        { Description = "Accept that, if the response is lost, a token may remain that nobody can find and that never expires." };
    private static readonly Option<string?> Resolve = new("--resolve") { Description =
        "Issue nothing. Find out the outcome of the same create, begun at this time, whose response was lost.", HelpName = "time" };

    private static readonly Option<UnknownOutcomeAction> IfUnknown = new Option<UnknownOutcomeAction>("--if-outcome-unknown")
    {
        Description = "What to do when the response is lost: Recover (the default), Throw, RevokeOrphan, RevokeOrphanAndCreateAgain.",
        HelpName = "action",
    }.ByNameOnly();

    public static Command Create()
    {
        var command = new Command(
            "create",
            """
            Issues a token, after it has shown what it will do and asked for confirmation.
            The secret is printed (--reveal), written to a new file or given to a command. Without one of these options, nothing is issued.

            Examples:
              tokenwright create -c identity --name "build server" --scope sp:scopes:default --expires 30d --secret-file build-server.secret
              tokenwright create -c storage --name zabbix --role admin --secret-command "pass insert -e xms/zabbix"
              tokenwright create -c network --description reader --scope auth:r --expires 7d --reveal --dry-run
            """)
        {
            Name, Description, Key, Scope, Role, Expires, IdToken, IfUnknown, AllowUnboundedOrphan, Resolve,
        };
        SecretDelivery.AddTo(command);
        ChangeRun.AddTo(command);
        return command.Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        var idToken = invocation.Get(IdToken) is { } source
            ? await SecretSpec.ReadAsync("--id-token", source, invocation.Cancellation) : null;
        var request = Request(invocation, idToken);
        using var delivery = SecretDelivery.Prepare(invocation);
        if (invocation.Get(Resolve) is { } startedAt)
            return await ResolveAsync(
                invocation, request, Durations.Instant("--resolve", startedAt, invocation.Now, isAhead: false), delivery);
        return await ChangeRun.RunAsync(
            invocation,
            TokenOperation.Create,
            idToken is null ? [] : [idToken],
            reference: null,
            (connection, _) => Describe(connection, request),
            async (connection, cancellationToken) =>
            {
                if (idToken is not null && !connection.Capabilities.RequiresIdToken)
                    throw new CliException($"--id-token is for vendors that require one; {connection.Vendor} doesn't.");
                using var change = invocation.Begin(Describe(connection, request).TrimEnd('.'));
                if (connection.Capabilities.CreationRecovery == CreationRecovery.FindAndRevoke || request.Key is not null)
                    change.Remedy = $"To find out: {ResolvingCommand(invocation, connection, invocation.Now, request.Key)}";
                try
                {
                    var issued = await connection.Client.CreateAsync(request, cancellationToken);
                    return await DeliverAsync(invocation, change, issued, delivery);
                }
                catch (Exception failure) when (ExitCode.Of(failure) == ExitCode.OutcomeUnknown && !invocation.Get(ChangeRun.DryRunOption))
                {
                    ChangeRun.TellUnknown(invocation, connection, failure, unknown => unknown.IsOrphanRevoked
                        || unknown.Recovery is CreationRecovery.BoundedByExpiry or CreationRecovery.Unbounded ? null
                        : ResolvingCommand(invocation, connection, unknown.StartedAt, unknown.OrphanReference?.Key ?? request.Key));
                    return ExitCode.OutcomeUnknown;
                }
            });
    }

    /// <summary>Delivers the secret of an issued token and prints the result.</summary>
    public static async Task<int> DeliverAsync(Invocation invocation, UntoldChange change, IssuedToken issued, SecretDelivery delivery)
    {
        var token = issued.Token;
        var id = token.Id is null ? "it has no id," : $"id {token.Id}";
        var name = (token.Name ?? token.Description) is { } known ? $"'{known}'" : "without a name";
        (change.Secret, change.Remedy) = (
            delivery.IfLost, delivery.RemedyFor(token));
        change.Happened($"The token exists: {id} {name} ({token.Vendor} connection '{token.Connection}').");
        var status = ExitCode.Done;
        string where;
        try
        {
            where = await delivery.DeliverAsync(issued.Secret);
            if (!delivery.IsRevealed)
                (change.Secret, change.Remedy) = ($"Its secret is {where}.", delivery.RemedyFor(token));
        }
        catch (CliException failure)
        {
            invocation.Terminal.Fail(failure.Message);
            invocation.Terminal.Warn(change.ToString());
            (where, status) = ("not delivered", failure.ExitCode);
        }

        await invocation.WriteIssuedAsync(
            change, new IssuedRow(TokenRow.Of(token), delivery.IsRevealed ? issued.Secret.Reveal() : null, where));
        return status;
    }

    private static async Task<int> ResolveAsync(
        Invocation invocation, CreateTokenRequest request, DateTimeOffset startedAt, SecretDelivery delivery)
    {
        var connection = await invocation.OpenOneAsync();
        if (connection.Client.GetService<ITokenCreationRecovery>() is not { } recovery)
            throw new CliException($"{connection.Vendor} has no way to find out the outcome of a create.");
        var resolution = await recovery.RecoverCreateAsync(request, startedAt, invocation.Cancellation);
        invocation.Terminal.Note(resolution.Remark);
        if (resolution.Issued is { } issued)
            return await DeliverAsync(invocation, invocation.Begin("Find the token"), issued, delivery);
        await invocation.WriteAsync(Shapes.Tokens, resolution.Orphans.Select(TokenRow.Of));
        return resolution.Orphans.Count > 0 && !resolution.IsOrphanRevoked
            || resolution.OrphanExpiresAt is not null ? ExitCode.Findings : ExitCode.Done;
    }

    private static CreateTokenRequest Request(Invocation invocation, TokenSecret? idToken) => new()
    {
        Name = invocation.Get(Name),
        Description = invocation.Get(Description),
        Key = invocation.Get(Key),
        Scopes = invocation.Get(Scope) is { Length: > 0 } scopes ? [.. scopes.Select(scope => new TokenScope(scope))] : null,
        Roles = invocation.Get(Role) is { Length: > 0 } roles ? [.. roles.Select(role => new TokenRole(role))] : null,
        Expiry = invocation.Get(Expires) is { } text ? Durations.Expiry("--expires", text) : null,
        IdToken = idToken,
        IfOutcomeUnknown = invocation.Get(IfUnknown),
        AllowUnboundedOrphan = invocation.Get(AllowUnboundedOrphan),
    };

    private static string Describe(OpenConnection connection, CreateTokenRequest request)
    {
        string?[] facts =
        [
            (request.Name ?? request.Description) is { } name ? $"'{name}'" : "without a name",
            request.Scopes is null ? null : $"with scopes {string.Join(", ", request.Scopes)}",
            request.Roles is null ? null : $"in roles {string.Join(", ", request.Roles)}",
            request.Expiry is { } expiry ? $"that {Durations.Tell(expiry)}" : null,
        ];
        return $"Issue a token {string.Join(", ", facts.OfType<string>())} at {connection.Vendor} connection '{connection.Name}'.";
    }

    // The command repeats the create, with the time when it began and the key that the SDK may have added.
    private static string ResolvingCommand(
        Invocation invocation, OpenConnection connection, DateTimeOffset startedAt, string? key)
    {
        var words = new List<string> { "tokenwright", "create", "-c", connection.Name, "--resolve",
            startedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) };
        void Say(string option, string? value) => words.AddRange(value is null ? [] : [option, value]);
        Say("--name", invocation.Get(Name));
        Say("--description", invocation.Get(Description));
        Say("--key", key);
        Say("--expires", invocation.Get(Expires));
        foreach (var scope in invocation.Get(Scope) ?? [])
            Say("--scope", scope);
        foreach (var role in invocation.Get(Role) ?? [])
            Say("--role", role);
        Say("--config", invocation.Get(GlobalOptions.Config));
        return string.Join(' ', words.Select(ShellText.Quoted)) + " --reveal";
    }
}
