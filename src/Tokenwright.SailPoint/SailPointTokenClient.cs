using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <summary>Represents a client for the personal access tokens of one SailPoint Identity Security Cloud tenant.</summary>
public sealed class SailPointTokenClient : TokenClientAdapter
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "SailPoint";

    private const string NeverUsed = "lastUsed isnull";

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

    /// <inheritdoc />
    protected override async Task<TokenPageReader> OpenPageAsync(
        TokenQuery query, string? continuation, OperationContext context)
    {
        // The filter language has no known "or", and a token that was never used has no date to compare. So each case is a list of its own.
        var (filters, next) = (query.UnusedSince, continuation) switch
        {
            (null, null) => ((string?)null, (string?)null),
            ({ } since, null) => ($"lastUsed le {SailPointRequests.ToText(since)}", NeverUsed),
            ({ }, NeverUsed) => (NeverUsed, null),
            _ => throw InvalidContinuation(),
        };
        return await OpenListAsync(query.OwnOnly ? "me" : query.OwnerId, filters, query.IncludeRaw, next, context)
            .ConfigureAwait(false);
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
    {
        var id = reference.Id ?? OwnId(_options());

        // A credential without rights in the whole tenant can still read its owner's tokens, so those are searched first.
        foreach (var owner in reference.Kind == TokenReferenceKinds.Self ? ["me"] : new[] { "me", null })
        {
            using var tokens = await OpenListAsync(owner, null, includeRaw: true, null, context).ConfigureAwait(false);
            while (tokens.TryRead(out var token))
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
        var model = await _api.CreatePersonalAccessTokenAsync(options.ApiVersion, body, context).ConfigureAwait(false);

        // If the response lacks the requested date, a member is missing. The token doesn't count as one that never expires.
        return SailPointMapping.ToIssuedToken(model, Connection, options.KnowsNeverExpiring && body.ExpirationDate is null);
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
        if (!operations.All(operation => operation.Op is "replace" or "test"))
            context = context.WithoutRetry();
        var model = await _api.PatchPersonalAccessTokenAsync(
            options.ApiVersion, reference.Id ?? OwnId(options), operations, context).ConfigureAwait(false);
        return SailPointMapping.ToApiToken(model, Connection, options.KnowsNeverExpiring, includeRaw: true);
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
        var own = OwnId(options);
        var id = reference.Id ?? own;
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

    private string OwnId(SailPointOptions options) => Connection.Required(options.ClientId, nameof(SailPointOptions.ClientId));

    private async Task<TokenPageReader> OpenListAsync(
        string? owner, string? filters, bool includeRaw, string? continuation, OperationContext context)
    {
        var options = _options();
        var request = _api.ListPersonalAccessTokensRequest(options.ApiVersion, owner, filters);
        var list = await _api.ReadPageAsync<GetPersonalAccessTokenResponse>(request, includeRaw, context).ConfigureAwait(false);
        return TokenPageReader.Of(
            list,
            model => SailPointMapping.ToApiToken(model, Connection, options.KnowsNeverExpiring, includeRaw),
            () => new TokenPageEnd(continuation));
    }
}
