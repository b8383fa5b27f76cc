using Tokenwright.Cli.Audit;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;

namespace Tokenwright.Cli.Changes;

/// <summary>Reads what is known of tokens before they are changed: their records, and whether they must not be changed.</summary>
internal static class TokenLookup
{
    private const int MostShown = 20;

    /// <summary>Reads the record of one token, if the vendor shows it.</summary>
    /// <exception cref="TokenNotFoundException">The vendor doesn't know the token.</exception>
    public static async Task<TokenToChange> ReadOneAsync(
        OpenConnection connection, TokenReference reference, CancellationToken cancellationToken)
    {
        var token = new TokenToChange(connection, reference);
        if (!connection.Capabilities[TokenOperation.Get].References.HasFlag(reference.Kind))
            return token;
        try
        {
            return token with { Record = await connection.Client.GetAsync(reference, cancellationToken) };
        }
        catch (TokenPermissionException)
        {
            // A credential that may change tokens isn't always allowed to read them.
            return token;
        }
    }

    /// <summary>Reads the records of many tokens of a connection.</summary>
    public static async Task<IReadOnlyList<TokenToChange>> ReadAsync(
        OpenConnection connection, IReadOnlyList<TokenReference> references, AuditPolicy policy, CancellationToken cancellationToken)
    {
        var tokens = references.Select(reference => new TokenToChange(connection, reference)).ToList();
        if (connection.Can(TokenOperation.List) && references.All(reference => reference.Secret is null)
            && await ListAsync(connection, cancellationToken) is { } list)
            tokens = [.. tokens.Select(token => token with { Record = Find(list, token.Reference) }).Select(
                token => token with { IsMissing = token.Record is null })];

        // The other tokens are read one by one: those that the prompt shows, and those of which the policy must know more.
        var others = Enumerable.Range(0, tokens.Count)
            .Where(i => tokens[i].Record is null && (i < MostShown || Protection(tokens[i] with { IsMissing = false }, policy) is null));
        await Parallel.ForEachAsync(
            others, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (i, cancellation) =>
        {
            try
            {
                tokens[i] = await ReadOneAsync(connection, references[i], cancellation) is { Record: not null } read ? read : tokens[i];
            }
            catch (TokenNotFoundException)
            {
                tokens[i] = tokens[i] with { IsMissing = true };
            }
            catch (Exception failure) when (failure is TokenClientException or ArgumentException)
            {
                throw new CliException($"Token {references[i]}: {failure.Message} Nothing was changed.", ExitCode.Of(failure));
            }
        });

        // A vendor can accept several spellings of an id.
        return [.. tokens.DistinctBy(token => token.Record?.Id ?? (object)token)];
    }

    /// <summary>Adds to each token of a connection why it must not be changed, or what its change does to the connection.</summary>
    public static async Task<IReadOnlyList<TokenToChange>> CheckAsync(
        Invocation invocation, TokenOperation operation, IReadOnlyList<TokenToChange> tokens, AuditPolicy policy)
    {
        var own = await OwnCredential.FindAsync(operation, tokens, invocation.Cancellation);
        return [.. tokens.Select(token => (Protection(token, policy), own(token)) switch
        {
            ({ Length: > 0 } reason, _) => token with { Refusal = $"The policy protects this token: {reason}" },
            (null, _) => token with
            {
                Refusal = "The policy protects tokens by id or name, and the vendor doesn't show those of this token.",
            },
            (_, var (effect, status)) => invocation.Get(OwnCredential.Allow) ? token with { Effect = effect }
                : token with { Refusal = $"{effect} To change it anyway, use --own-credential.", RefusalStatus = status },
            _ => token,
        })];
    }

    // Returns the reason; an empty text if the token isn't protected; null if that can't be determined.
    private static string? Protection(TokenToChange token, AuditPolicy policy)
    {
        var isUnknown = false;
        foreach (var entry in policy.Protected.Where(entry => entry.IsOn(token.Connection.Vendor, token.Connection.Name)))
        {
            var covers = entry.Covers(token.Reference, token.Record);
            if (covers == true)
                return entry.Reason;
            isUnknown |= covers is null;
        }

        return isUnknown && !token.IsMissing ? null : string.Empty;
    }

    private static async Task<IReadOnlyDictionary<(bool IsKey, string Name), ApiToken>?> ListAsync(
        OpenConnection connection, CancellationToken cancellationToken)
    {
        var list = new Dictionary<(bool IsKey, string Name), ApiToken>();
        try
        {
            await foreach (var token in connection.Client.ListAsync(cancellationToken: cancellationToken))
            {
                if (token.Id is { } id)
                    list[(false, id)] = token;
                if (token.Key is { } key)
                    list[(true, key)] = token;
            }

            return list;
        }
        catch (TokenPermissionException)
        {
            return null;
        }
    }

    private static ApiToken? Find(IReadOnlyDictionary<(bool IsKey, string Name), ApiToken> list, TokenReference reference)
        => reference.Id is { } id ? list.GetValueOrDefault((false, id))
            : reference.Key is { } key ? list.GetValueOrDefault((true, key)) : null;
}
