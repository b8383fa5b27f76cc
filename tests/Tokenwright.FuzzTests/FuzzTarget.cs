using Tokenwright.ContractTests.SpecOperations;

namespace Tokenwright.FuzzTests;

/// <summary>
/// A call that reads a vendor's responses: an operation of a typed client, or an operation of the facade with one kind of reference.
/// </summary>
/// <param name="Name">The name of the call, including the client.</param>
/// <param name="Connection">The connection of the call.</param>
/// <param name="Operation">The operation of the spec; null for a call of the facade.</param>
/// <param name="Secrets">The secrets that are sent with the call. The vendor may repeat them.</param>
/// <param name="Call">Runs the call.</param>
internal sealed record FuzzTarget(
    string Name, FuzzConnection Connection, CorpusOperation? Operation, IReadOnlyList<string> Secrets, Func<ITokenClient, Task> Call)
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. TypedOperations(), .. FuzzConnection.All.SelectMany(FacadeOperations)];

    /// <summary>Gets whether the call is an operation of a typed client.</summary>
    public bool IsTyped => Operation is not null;

    // Through the connection, like callers of the facade, so that the handlers before the readers are tested too.
    private static IEnumerable<FuzzTarget> TypedOperations()
        => Corpus.Operations.Select(operation =>
        {
            var type = TypedOperation.ClientOf(operation.Vendor);
            var service = type.GetInterface($"I{type.Name}")!;
            var typed = new TypedOperation(operation.Operation, type);
            var arguments = typed.Arguments(SpecRequest.Of(operation.Spec, operation.Operation).First());
            var connection = FuzzConnection.All.First(connection => connection.Vendor == operation.Vendor);
            return new FuzzTarget($"{type.Name} {operation.Operation.Name}", connection, operation, [],
                client => typed.Start(client.GetService(service)!, arguments));
        });

    private static IEnumerable<FuzzTarget> FacadeOperations(FuzzConnection connection)
    {
        var transport = new CannedTransport((_, _) => throw new InvalidOperationException("Nothing is sent."));
        using var probe = connection.Open(new() { Transport = transport }, new FuzzSettings(0, 1));
        var capabilities = probe.Metadata.Capabilities;
        return Enum.GetValues<TokenOperation>()
            .Where(operation => capabilities[operation].Support != OperationSupport.Unsupported)
            .SelectMany(operation => Calls(operation, capabilities, connection))
            .Select(call =>
                new FuzzTarget($"{connection.Name}: {call.Name}", connection, null, [Markers.Credential, .. call.Secrets], call.Call))
            .ToList();
    }

    private static IEnumerable<(string Name, string[] Secrets, Func<ITokenClient, Task> Call)> Calls(
        TokenOperation operation, TokenCapabilities capabilities, FuzzConnection connection) => operation switch
    {
        TokenOperation.List => Queries(capabilities).SelectMany(query => new (string, string[], Func<ITokenClient, Task>)[]
        {
            ($"list {query.Name}", [], client => ListAsync(client, query.Query)),
            ($"pages {query.Name}", [], client => PagesAsync(client, query.Query)),
        }),
        TokenOperation.Create =>
            Enum.GetValues<UnknownOutcomeAction>().SelectMany(action => new (string, string[], Func<ITokenClient, Task>)[]
        {
            ($"create, {action}", [], client => client.CreateAsync(connection.Create(action))),
            ($"recover, {action}", [], client => client.GetService<ITokenCreationRecovery>()!.RecoverCreateAsync(
                connection.Create(action), new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero))),
        }),
        _ => References(capabilities[operation].References).Select(reference => ($"{operation} by {reference.Kind}",
            reference.Secret is null ? [] : new[] { Markers.Reference }, CallBy(operation, reference, connection))),
    };

    private static Func<ITokenClient, Task> CallBy(TokenOperation operation, TokenReference reference, FuzzConnection connection)
        => operation switch
    {
        TokenOperation.Get => client => client.GetAsync(reference),
        TokenOperation.Update => client => client.UpdateAsync(reference, connection.Update),
        TokenOperation.Regenerate => client => client.RegenerateAsync(reference),
        TokenOperation.Validate => client => client.ValidateAsync(reference),
        TokenOperation.Revoke => client => client.RevokeAsync(reference),
        TokenOperation.Suspend => client => client.GetService<ITokenSuspension>()!.SuspendAsync([reference, TokenReference.ById("other")]),
        TokenOperation.Resume => client => client.GetService<ITokenSuspension>()!.ResumeAsync([reference, TokenReference.ById("other")]),
        TokenOperation.BulkUpdate => client => client.GetService<ITokenBulkUpdate>()!.BulkUpdateAsync(
            [reference, TokenReference.ById("other")], new UpdateTokenRequest { Expiry = TokenExpiry.Never }),
        _ => throw new NotSupportedException($"There is no call for {operation}."),
    };

    private static IEnumerable<(string Name, TokenQuery Query)> Queries(TokenCapabilities capabilities)
    {
        yield return ("all", new TokenQuery { IncludeRaw = true });
        if (capabilities.Filters.HasFlag(TokenQueryFilters.PageSize))
            yield return ("in pages of 1", new TokenQuery { PageSize = 1 });
        if (capabilities.Filters.HasFlag(TokenQueryFilters.UnusedSince))
            yield return ("unused", new TokenQuery { UnusedSince = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        if (capabilities.Filters.HasFlag(TokenQueryFilters.OwnOnly))
            yield return ("own", new TokenQuery { OwnOnly = true });
    }

    private static IEnumerable<TokenReference> References(TokenReferenceKinds kinds)
    {
        var secret = new TokenSecret(Markers.Reference);
        return new[] { TokenReference.ById("0"), TokenReference.BySecret(secret), TokenReference.ByIdAndSecret("0", secret),
            TokenReference.ByKey("user-42"), TokenReference.Self }
            .Where(reference => kinds.HasFlag(reference.Kind));
    }

    private static async Task ListAsync(ITokenClient client, TokenQuery query)
    {
        await foreach (var token in client.ListAsync(query))
            _ = token.ToString();
    }

    private static async Task PagesAsync(ITokenClient client, TokenQuery query)
    {
        // The caller of AsPages must limit the number of pages itself.
        TokenPage? page = null;
        for (var count = 0; count < 10 && (page is null || page.Continuation is not null); count++)
            page = await client.ListAsync(query).AsPages(page?.Continuation).FirstAsync();
    }
}
