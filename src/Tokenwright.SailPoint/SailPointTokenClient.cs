using System.Runtime.InteropServices;
using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <summary>Represents a client for the personal access tokens of one SailPoint Identity Security Cloud tenant.</summary>
public sealed class SailPointTokenClient : TokenClientAdapter, IDynamicInterfaceCastable
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "SailPoint";

    private const string NeverUsed = "lastUsed isnull";

    // The default page of the vendor's lists in general.
    private const int DefaultPage = 250;

    private readonly Func<SailPointOptions> _options;
    private readonly SailPointApiClient _api;
    private readonly SailPointApiClient _typedClient;

    /// <summary>Initializes a new instance of the <see cref="SailPointTokenClient"/> class without a container. Nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The options of the connection.</param>
    /// <param name="environment">The transport, clock and logs; null for the defaults.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The options are invalid. The message lists every problem.
    /// </exception>
    public SailPointTokenClient(string connectionName, SailPointOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(SailPointVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal SailPointTokenClient(VendorConnection connection, Func<SailPointOptions> options)
        : base(connection, SailPointVendor.Instance.GetCapabilities(options()))
    {
        _options = options;
        var httpClient = connection.CreateHttpClient(SailPointCredential.Create(connection, options));
        _api = new SailPointApiClient(httpClient) { RequiresOperation = true };
        _typedClient = new SailPointApiClient(httpClient);
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(ISailPointApiClient) ? _typedClient : base.GetService(serviceType, serviceKey);

    // The client is an ITokenBulkUpdate only if its capabilities include it, which depends on the options.
    bool IDynamicInterfaceCastable.IsInterfaceImplemented(RuntimeTypeHandle interfaceType, bool throwIfNotImplemented)
        => interfaceType.Equals(typeof(ITokenBulkUpdate).TypeHandle)
            && Metadata.Capabilities[TokenOperation.BulkUpdate].Support != OperationSupport.Unsupported;

    RuntimeTypeHandle IDynamicInterfaceCastable.GetInterfaceImplementation(RuntimeTypeHandle interfaceType)
        => typeof(IBulkUpdateCalls).TypeHandle;

    /// <inheritdoc />
    protected override async Task<TokenPageReader> OpenPageAsync(
        TokenQuery query, string? continuation, OperationContext context)
    {
        // The filter language has no known "or", and a token that was never used has no date to compare. So each case is a list of its own.
        var isOfNeverUsed = query.UnusedSince is not null && continuation?.StartsWith(NeverUsed, StringComparison.Ordinal) == true;
        var filters = isOfNeverUsed ? NeverUsed
            : query.UnusedSince is { } since ? $"lastUsed le {SailPointRequests.ToText(since)}" : null;
        var place = PagePlace.Parse(isOfNeverUsed ? continuation![NeverUsed.Length..] : continuation) ?? throw InvalidContinuation();
        var options = _options();
        var owner = query.OwnOnly ? "me" : query.OwnerId;
        var (limit, offset) = place.Start == 0 ? ((int?)null, (long?)null) : (DefaultPage, place.Start);
        var request = options.IsPerService
            ? _api.ListPersonalAccessTokensV1Request(owner, filters, limit, offset)
            : _api.ListPersonalAccessTokensRequest(options.ApiVersion, owner, filters, limit, offset);
        try
        {
            var list = await _api.ReadPageAsync<GetPersonalAccessTokenResponse>(request, query.IncludeRaw, context).ConfigureAwait(false);
            return TokenPageReader.Of(
                list,
                model => SailPointMapping.ToApiToken(model, Connection, options.IsFrom2025, query.IncludeRaw),
                () => End(list.Count));
        }
        catch (ApiException refusal) when (place.Start > 0 && refusal is { StatusCode: 400, HasForeignBody: false })
        {
            // The vendor has no paging for this list. If there were more tokens than on a page, the list was complete.
            return place.Size > DefaultPage ? TokenPageReader.Of([], End(0)) : throw ApiException.Unreadable(
                $"The list has {place.Start} tokens, and the vendor refuses to return more (HTTP 400). So the list may be incomplete.");
        }

        // Paging is documented for the vendor's lists in general, with a default of 250, but not for this one. So a list of 250 tokens or
        // more may go on. If it has exactly 250 and the same tokens follow, it isn't known whether it was cut.
        TokenPageEnd End(int count)
        {
            var after = query.UnusedSince is null || isOfNeverUsed ? null : $"{NeverUsed}{new PagePlace(0, 0)}";
            return count < DefaultPage ? new TokenPageEnd(after)
                : new TokenPageEnd($"{(isOfNeverUsed ? NeverUsed : null)}{new PagePlace(place.Start + count, count)}")
                    { IsMoreExpected = count == DefaultPage, ContinuationIfRepeated = after };
        }
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
    {
        var id = await IdOfAsync(reference, context.CancellationToken).ConfigureAwait(false);

        // A credential without rights in the whole tenant can still read its owner's tokens, so those are searched first.
        foreach (var isOwn in reference.Kind == TokenReferenceKinds.Self ? [true] : new[] { true, false })
        {
            await foreach (var token in ListCoreAsync(new TokenQuery { OwnOnly = isOwn, IncludeRaw = true }, context).ConfigureAwait(false))
            {
                if (string.Equals(token.Id, id, StringComparison.OrdinalIgnoreCase))
                    return token;
            }
        }

        throw NotFound(TokenOperation.Get, reference, "No list that this credential may read has it.");
    }

    /// <inheritdoc />
    protected override void Check(CreateTokenRequest request, RequestCheck check)
        => SailPointRequests.ToCreate(request, _options(), Connection.TimeProvider.GetUtcNow(), check);

    /// <inheritdoc />
    protected override async Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
    {
        var options = _options();
        var body = SailPointRequests.ToCreate(request, options, Connection.TimeProvider.GetUtcNow(), new RequestCheck());
        var model = options.IsPerService
            ? await _api.CreatePersonalAccessTokenV1Async(body, context).ConfigureAwait(false)
            : await _api.CreatePersonalAccessTokenAsync(options.ApiVersion, body, context).ConfigureAwait(false);

        // If the response lacks the requested date, a member is missing. The token doesn't count as one that never expires.
        return SailPointMapping.ToIssuedToken(model, Connection, options.IsFrom2025 && body.ExpirationDate is null);
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> UpdateCoreAsync(
        TokenReference reference, UpdateTokenRequest request, OperationContext context)
    {
        var options = _options();
        var check = new RequestCheck();
        var operations = SailPointRequests.ToUpdate(request, options, Connection.TimeProvider.GetUtcNow(), check);
        Require(TokenOperation.Update, check);

        // An "add" to a list or a "move" has another result if it is done twice.
        if (!SailPointRequests.AreRepeatable(operations))
            context = context.WithoutRetry();
        var id = await IdOfAsync(reference, context.CancellationToken).ConfigureAwait(false);
        var model = options.IsPerService
            ? await _api.PatchPersonalAccessTokenV1Async(id, operations, context).ConfigureAwait(false)
            : await _api.PatchPersonalAccessTokenAsync(options.ApiVersion, id, operations, context).ConfigureAwait(false);
        return SailPointMapping.ToApiToken(model, Connection, options.IsFrom2025, includeRaw: true);
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
    {
        try
        {
            await (reference.Kind == TokenReferenceKinds.Self
                ? Connection.SendOwnSecretAsync(
                    cancellationToken => SailPointCredential.ReadAsync(Connection, _options(), cancellationToken),
                    (own, context) => SailPointCredential.ExchangeAsync(_api, own, context), context)
                : SailPointCredential.ExchangeAsync(_api, (reference.Id!, reference.Secret!), context)).ConfigureAwait(false);
            return new TokenValidation { Verdict = TokenVerdict.Active };
        }
        catch (ApiException refusal) when (refusal.StatusCode is 400 or 401 && !refusal.HasForeignBody)
        {
            return new TokenValidation
            {
                Verdict = TokenVerdict.Unknown,
                Reason = $"The token endpoint refused the id and secret (HTTP {refusal.StatusCode}); it doesn't show whether they are " +
                    "wrong, deleted or expired.",
            };
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
    {
        var options = _options();
        var own = await IdOfAsync(TokenReference.Self, context.CancellationToken).ConfigureAwait(false);
        var id = reference.Id ?? own;
        if (options.IsPerService)
            await _api.DeletePersonalAccessTokenV1Async(id, context).ConfigureAwait(false);
        else
            await _api.DeletePersonalAccessTokenAsync(options.ApiVersion, id, context).ConfigureAwait(false);
        return new TokenRevocation
        {
            Outcome = RevocationOutcome.Deleted,
            Remark = string.Equals(id, own, StringComparison.OrdinalIgnoreCase)
                ? "It was the connection's own credential: the next exchange will be refused. The vendor doesn't say whether access " +
                    "tokens that it was exchanged for expire with it; expect them to work for up to 12 hours."
                : null,
        };
    }

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = SailPointRequests.ToCreate(request, _options(), startedAt, new RequestCheck());
        return new OrphanRecovery
        {
            FindAsync = context => FindNamedAsync(new TokenQuery { OwnOnly = true }, body.Name, context),
            Expected = new()
            {
                Name = body.Name,
                Scopes = body.Scope is { } scopes ? RepeatedParts.ScopesOf(scopes) : null,
                Expiry = body.ExpirationDate is { } end
                    ? TokenExpiry.At(end) : body.UserAwareTokenNeverExpires == true ? TokenExpiry.Never : null,
            },
            Advice = $"Look for a token of the connection's own user that is named '{body.Name}'.",
        };
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => SailPointErrors.Read(body);

    private async ValueTask<string> IdOfAsync(TokenReference reference, CancellationToken cancellationToken)
        => reference.Id
            ?? (await SailPointCredential.ReadAsync(Connection, _options(), cancellationToken).ConfigureAwait(false)).Id;

    private Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
        IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        Require(TokenOperation.BulkUpdate, (TokenReference?)null);
        var options = _options();
        var check = new RequestCheck();
        var operations = SailPointRequests.ToBulkUpdate(request, options, Connection.TimeProvider.GetUtcNow(), check);
        Require(TokenOperation.BulkUpdate, check);
        return BulkUpdateAsync(
            references, IdOfAsync, SailPointCapabilities.BulkUpdateSize, SendAsync, cancellationToken);

        async Task<IReadOnlyList<ApiToken>> SendAsync(IReadOnlyList<string> ids, OperationContext context)
        {
            var body = new BulkUpdatePersonalAccessTokensRequest { Ids = [.. ids], Patch = [.. operations] };
            var models = await _api.UpdateBulkPersonalAccessTokensV1Async(
                body, SailPointRequests.AreRepeatable(operations) ? context : context.WithoutRetry()).ConfigureAwait(false);

            // A record without an id can't be assigned to a token.
            return [.. models.Where(model => model is not null).Select(
                model => SailPointMapping.ToApiToken(model, Connection, missingExpiryMeansNever: true, includeRaw: true))];
        }
    }

    [DynamicInterfaceCastableImplementation]
    private interface IBulkUpdateCalls : ITokenBulkUpdate
    {
        Task<IReadOnlyList<TokenBulkUpdateResult>> ITokenBulkUpdate.BulkUpdateAsync(
            IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
            => ((SailPointTokenClient)(object)this).BulkUpdateAsync(references, request, cancellationToken);
    }
}
