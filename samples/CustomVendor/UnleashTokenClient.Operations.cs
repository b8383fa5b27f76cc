using Tokenwright;
using Tokenwright.Adapters;

namespace Unleash.Tokens;

/// <content>Implements the operations that the capabilities list.</content>
public sealed partial class UnleashTokenClient
{
    /// <inheritdoc />
    protected override async Task<TokenPageReader> OpenPageAsync(TokenQuery query, string? continuation, OperationContext context)
    {
        if (continuation is not null)
            throw InvalidContinuation();
        return TokenPageReader.Of(
            [.. (await ListAsync(context).ConfigureAwait(false)).Select(token => Map(token, query.IncludeRaw))], new TokenPageEnd(null));
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
        => Map(await FindAsync(reference, context).ConfigureAwait(false));

    /// <inheritdoc />
    protected override async Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
    {
        var check = new RequestCheck();
        var model = UnleashRequests.ToNewToken(request, Now, check);
        Require(TokenOperation.Create, check);
        var created = await Api(context).CreateTokenAsync(model, context.CancellationToken).ConfigureAwait(false);
        var secret = VendorConnection.ReadSecret(created.Secret, "secret");
        return Connection.Issue(
            secret, created, static (model, connection) => UnleashMapping.ToApiToken(model, connection, includeRaw: true));
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> UpdateCoreAsync(
        TokenReference reference, UpdateTokenRequest request, OperationContext context)
    {
        var check = new RequestCheck();
        var model = UnleashRequests.ToNewExpiry(request, Now, check);
        Require(TokenOperation.Update, check);
        var token = await FindAsync(reference, context).ConfigureAwait(false);
        await Api(context).UpdateTokenAsync(model, token.Secret!, context.CancellationToken).ConfigureAwait(false);

        // The server responds with 200 even if there is no such token any more. So the record is read again.
        return Map(await FindAsync(reference, context).ConfigureAwait(false));
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
    {
        var asThatToken = reference.Secret is { } secret ? HttpClientWith(() => SecretSource.FromTokenSecret(secret)) : _httpClient;
        try
        {
            await Api(context, asThatToken).GetCallerAsync(context.CancellationToken).ConfigureAwait(false);
            return new TokenValidation { Verdict = TokenVerdict.Active };
        }
        catch (ApiException refusal) when (UnleashErrors.VerdictOf(refusal) is { } verdict)
        {
            return new TokenValidation { Verdict = verdict, Reason = verdict == TokenVerdict.Active ? null
                : "The server refused it, and doesn't show whether it is wrong, deleted or expired." };
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
    {
        var token = await FindAsync(reference, context).ConfigureAwait(false);
        await Api(context).DeleteTokenAsync(token.Secret!, context.CancellationToken).ConfigureAwait(false);
        return new TokenRevocation { Outcome = RevocationOutcome.Deleted, Remark = "The server accepts it for up to a minute more." };
    }

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt) => new()
    {
        FindAsync = context => FindNamedAsync(new TokenQuery(), request.Name, context),
        Expected = request,
        Advice = $"Look for a token that is named '{request.Name}'.",
    };
}
