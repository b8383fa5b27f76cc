using System.Text.Json;
using Tokenwright.Fimidara.Api;
using Tokenwright.Http;
using Tokenwright.Json;

namespace Tokenwright.Fimidara;

/// <summary>The tokens of one fimidara workspace, of the kind that <see cref="FimidaraOptions.TokenKind"/> names.</summary>
/// <remarks>
/// <see cref="CreateTokenRequest.Raw"/> takes, by kind, an <see cref="AddAgentTokenEndpointParams"/> (there: <c>shouldRefresh</c> and
/// <c>refreshDuration</c>), a <see cref="NewClientAssignedTokenInput"/> or a <see cref="NewProgramAccessTokenInput"/> (there: permission
/// groups); <see cref="UpdateTokenRequest.Raw"/> an <see cref="UpdateAgentTokenInput"/>, a <see cref="NewClientAssignedTokenInput"/> or an
/// <see cref="UpdateProgramAccessTokenInput"/>. A member is sent as null where its name stands with null among the model's additional
/// properties.
/// </remarks>
public sealed class FimidaraTokenClient : TokenClientAdapter
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "Fimidara";

    private const string OwnKeyPrefix = "tokenwright-";

    private readonly Func<FimidaraOptions> _options;
    private readonly FimidaraTokenKind _kind;
    private readonly FimidaraApiClient _api;

    /// <summary>Opens a connection without a container; nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">Its options.</param>
    /// <param name="environment">Its transport, clock and logs; null for the defaults.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are wrong; the message lists every
    /// problem.</exception>
    public FimidaraTokenClient(string connectionName, FimidaraOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(FimidaraVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal FimidaraTokenClient(VendorConnection connection, Func<FimidaraOptions> options)
        : base(connection, FimidaraVendor.Instance.GetCapabilities(options()))
    {
        _options = options;
        _kind = options().TokenKind;
        _api = ApiFor(() => connection.Required(options().Token, nameof(FimidaraOptions.Token)));
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(IFimidaraApiClient) ? _api : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override async Task<TokenPageReader> OpenPageAsync(
        TokenQuery query, string? continuation, CancellationToken cancellationToken)
    {
        var workspaceId = _options().WorkspaceId;
        switch (_kind)
        {
            case FimidaraTokenKind.ClientAssignedToken:
                RequireNoContinuation();
                return TokenPageReader.Of(
                    await ReadTokensAsync<GetWorkspaceClientAssignedTokensEndpointResult, ClientAssignedToken>(
                        FimidaraApiClient.ListClientAssignedTokensRequest(new() { WorkspaceId = workspaceId })).ConfigureAwait(false),
                    model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw));
            case FimidaraTokenKind.ProgramAccessToken:
                RequireNoContinuation();
                return TokenPageReader.Of(
                    await ReadTokensAsync<GetWorkspaceProgramAccessTokenEndpointResult, ProgramAccessToken>(
                        FimidaraApiClient.ListProgramAccessTokensRequest(new() { WorkspaceId = workspaceId })).ConfigureAwait(false),
                    model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw));
            default:
                var place = PagePlace.Parse(continuation) is { Start: <= int.MaxValue } found
                    && (found.Start == 0 || found.Size is > 0 and <= FimidaraCapabilities.LargestPage)
                    ? found
                    : throw InvalidContinuation();
                var pageSize = place.Start == 0 ? query.PageSize ?? FimidaraCapabilities.LargestPage : place.Size;
                var page = await ReadTokensAsync<GetWorkspaceAgentTokensEndpointResult, AgentToken>(
                    FimidaraApiClient.ListAgentTokensRequest(
                        new() { WorkspaceId = workspaceId, Page = (int)place.Start, PageSize = pageSize })).ConfigureAwait(false);
                return TokenPageReader.Of(
                    page,
                    model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw),
                    () => page.Count == 0 ? TokenPageEnd.OfList
                        : new TokenPageEnd(Next(place, page.Count, pageSize).ToString(), null, [])
                            { IsMoreExpected = page.Count == pageSize });
        }

        // No total is told, so the list ends with a page that brings nothing. A server may hold to smaller pages than it was asked for;
        // what it gave is then asked for from the second page on, because where a page begins is reckoned by its size.
        static PagePlace Next(PagePlace place, int count, int pageSize)
            => new(place.Start + 1, place.Start == 0 ? Math.Min(count, pageSize) : pageSize);

        void RequireNoContinuation()
        {
            if (continuation is not null)
                throw InvalidContinuation();
        }

        Task<JsonPage<TResult, TModel>> ReadTokensAsync<TResult, TModel>(HttpRequestMessage request)
            where TResult : class, IJsonModel<TResult>
            where TModel : class, IJsonModel<TModel>
            => _api.ReadPageAsync<TResult, TModel>(request, "tokens", query.IncludeRaw, cancellationToken);
    }

    /// <inheritdoc />
    protected override Task<ApiToken> GetCoreAsync(TokenReference reference, CancellationToken cancellationToken)
        => ReadAsync(_api, reference.Id, reference.Key, cancellationToken);

    /// <inheritdoc />
    protected override void Check(CreateTokenRequest request, RequestCheck check)
    {
        var now = Connection.TimeProvider.GetUtcNow();
        switch (_kind)
        {
            case FimidaraTokenKind.ClientAssignedToken:
                FimidaraRequests.AddClientAssignedToken(request, null, now, check);
                break;
            case FimidaraTokenKind.ProgramAccessToken:
                FimidaraRequests.AddProgramAccessToken(request, null, check);
                break;
            default:
                FimidaraRequests.AddAgentToken(request, null, now, check);
                break;
        }
    }

    /// <inheritdoc />
    protected override async Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var now = Connection.TimeProvider.GetUtcNow();
        var workspaceId = _options().WorkspaceId;
        switch (_kind)
        {
            case FimidaraTokenKind.ClientAssignedToken:
                var newClient = FimidaraRequests.AddClientAssignedToken(request, workspaceId, now, check);
                var client = (await _api.AddClientAssignedTokenAsync(newClient, cancellationToken).ConfigureAwait(false)).Token
                    ?? throw ApiException.WithoutMember("token");
                return Issued(client.TokenStr, "tokenStr", () => FimidaraMapping.ToApiToken(client, Connection, includeRaw: true));
            case FimidaraTokenKind.ProgramAccessToken:
                var newProgram = FimidaraRequests.AddProgramAccessToken(request, workspaceId, check);
                var program = (await _api.AddProgramAccessTokenAsync(newProgram, cancellationToken).ConfigureAwait(false)).Token
                    ?? throw ApiException.WithoutMember("token");
                return Issued(program.TokenStr, "tokenStr", () => FimidaraMapping.ToApiToken(program, Connection, includeRaw: true));
            default:
                var newAgent = FimidaraRequests.AddAgentToken(request, workspaceId, now, check);
                var agent = (await _api.AddAgentTokenAsync(newAgent, cancellationToken).ConfigureAwait(false)).Token
                    ?? throw ApiException.WithoutMember("token");
                return Issued(agent.JwtToken, "jwtToken", () => FimidaraMapping.ToApiToken(agent, Connection, includeRaw: true));
        }
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> UpdateCoreAsync(
        TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken)
    {
        var check = new RequestCheck();
        var now = Connection.TimeProvider.GetUtcNow();
        var self = IsSelf(reference);
        var workspaceId = reference.Key is null ? null : _options().WorkspaceId;
        switch (_kind)
        {
            case FimidaraTokenKind.ClientAssignedToken:
                var newClient = FimidaraRequests.UpdateClientAssignedToken(request, now, check);
                Require(TokenOperation.Update, check);
                var client = await _api.UpdateClientAssignedTokenAsync(
                    new() { TokenId = reference.Id, ProvidedResourceId = reference.Key, WorkspaceId = workspaceId, OnReferenced = self,
                        Token = newClient }, cancellationToken).ConfigureAwait(false);
                return FimidaraMapping.ToApiToken(client.Token ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
            case FimidaraTokenKind.ProgramAccessToken:
                var newProgram = FimidaraRequests.UpdateProgramAccessToken(request, check);
                Require(TokenOperation.Update, check);
                var program = await _api.UpdateProgramAccessTokenAsync(
                    new() { TokenId = reference.Id, OnReferenced = self, Token = newProgram }, cancellationToken).ConfigureAwait(false);
                return FimidaraMapping.ToApiToken(program.Token ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
            default:
                var newAgent = FimidaraRequests.UpdateAgentToken(request, now, check);
                Require(TokenOperation.Update, check);
                var agent = await _api.UpdateAgentTokenAsync(
                    new() { TokenId = reference.Id, ProvidedResourceId = reference.Key, WorkspaceId = workspaceId, OnReferenced = self,
                        Token = newAgent }, cancellationToken).ConfigureAwait(false);
                return FimidaraMapping.ToApiToken(agent.Token ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        var api = reference.Secret is { } secret ? ApiFor(() => secret) : _api;
        try
        {
            var token = await ReadAsync(api, id: null, key: null, cancellationToken).ConfigureAwait(false);
            if (token.State == TokenState.Active)
                return new TokenValidation { Verdict = TokenVerdict.Active, Token = token };
            if (token.State == TokenState.Unknown)
                return new TokenValidation { Verdict = TokenVerdict.Undetermined,
                    Reason = "Whether the token is deleted or expired can't be read from the vendor's response.", Token = token };
            return token.State == TokenState.Revoked
                ? new TokenValidation { Verdict = TokenVerdict.Revoked, Reason = "The record is marked as deleted.", Token = token }
                : new TokenValidation { Verdict = TokenVerdict.Expired,
                    Reason = "The record's expiry has passed, although the JWT could still read it.", Token = token };
        }
        catch (ApiException refusal) when (Verdict(refusal) is { } verdict)
        {
            return verdict;
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        var self = IsSelf(reference);
        switch (_kind)
        {
            case FimidaraTokenKind.ClientAssignedToken:
                await _api.DeleteClientAssignedTokenAsync(new() { TokenId = reference.Id, OnReferenced = self }, cancellationToken)
                    .ConfigureAwait(false);
                return new TokenRevocation { Outcome = RevocationOutcome.Deleted };
            case FimidaraTokenKind.ProgramAccessToken:
                await _api.DeleteProgramAccessTokenAsync(new() { TokenId = reference.Id, OnReferenced = self }, cancellationToken)
                    .ConfigureAwait(false);
                return new TokenRevocation { Outcome = RevocationOutcome.Deleted };
            default:
                var workspaceId = reference.Key is null ? null : _options().WorkspaceId;
                var job = await _api.DeleteAgentTokenAsync(
                    new() { TokenId = reference.Id, ProvidedResourceId = reference.Key, WorkspaceId = workspaceId, OnReferenced = self },
                    cancellationToken).ConfigureAwait(false);
                return new TokenRevocation
                {
                    Outcome = RevocationOutcome.Deleted,
                    Remark = job.JobId is { } id
                        ? $"The token and its record are gone at once; what belonged to it is cleared away by the vendor's job {id}."
                        : "The token and its record are gone at once; what belonged to it is cleared away by a job of the vendor's.",
                };
        }
    }

    /// <inheritdoc />
    protected override CreateTokenRequest WithRecoveryKey(CreateTokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _kind == FimidaraTokenKind.ProgramAccessToken || FimidaraRequests.KeyOf(request) is not null
            ? request
            : new CreateTokenRequest(request) { Key = $"{OwnKeyPrefix}{Guid.NewGuid():N}" };
    }

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var expected = ExpectedOf(request, startedAt);
        var key = expected.Key;
        return new OrphanRecovery
        {
            FindAsync = cancellationToken => key is null
                ? FindWithoutKeyAsync(expected.Name, cancellationToken) : FindByKeyAsync(key, cancellationToken),
            Expected = expected,

            // Of a caller's key that a token had before, a server of 2022 changes that token in place of making one. Its secret is what was
            // asked for all the same, but it is no orphan to be revoked.
            DatedBy = token => _kind == FimidaraTokenKind.ClientAssignedToken
                && request.IfOutcomeUnknown == UnknownOutcomeAction.Recover
                && !IsOwnKey(key)
                && token.UpdatedAt > token.CreatedAt
                    ? token.UpdatedAt
                    : token.CreatedAt,
            ReadSecretAsync = _kind == FimidaraTokenKind.ProgramAccessToken ? null : ReadSecretAsync,
            Reference = key is null ? null : TokenReference.ByKey(key),
            IsReferenceUnique = IsOwnKey(key),
            Advice = key is null ? $"Look for a token that is named '{expected.Name}'." : $"Look for a token with the key '{key}'.",
        };
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => FimidaraErrors.Read(body);

    private static bool IsOwnKey(string? key)
        => key?.StartsWith(OwnKeyPrefix, StringComparison.Ordinal) == true && key.Length == OwnKeyPrefix.Length + 32;

    private static bool? IsSelf(TokenReference reference) => reference.Kind == TokenReferenceKinds.Self ? true : null;

    // The secret is taken before the mapping drops it.
    private IssuedToken Issued(string? secret, string member, Func<ApiToken> token)
        => Connection.Issue(ExchangedSecret.Required(secret, member), token);

    private FimidaraApiClient ApiFor(Func<SecretSource> token) => new(Connection.CreateHttpClient(FimidaraCredential.Create(token)));

    // Without id and key it is the token that signs the request. The documents say that this is the default then; servers want it said.
    private async Task<ApiToken> ReadAsync(FimidaraApiClient api, string? id, string? key, CancellationToken cancellationToken)
    {
        bool? self = id is null && key is null ? true : null;
        switch (_kind)
        {
            case FimidaraTokenKind.ClientAssignedToken:
                var client = await api.GetClientAssignedTokenAsync(new() { TokenId = id, OnReferenced = self }, cancellationToken)
                    .ConfigureAwait(false);
                return FimidaraMapping.ToApiToken(client.Token ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
            case FimidaraTokenKind.ProgramAccessToken:
                var program = await api.GetProgramAccessTokenAsync(new() { TokenId = id, OnReferenced = self }, cancellationToken)
                    .ConfigureAwait(false);
                return FimidaraMapping.ToApiToken(program.Token ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
            default:
                var workspaceId = key is null ? null : _options().WorkspaceId;
                var agent = await api.GetAgentTokenAsync(
                    new() { TokenId = id, ProvidedResourceId = key, WorkspaceId = workspaceId, OnReferenced = self }, cancellationToken)
                        .ConfigureAwait(false);
                return FimidaraMapping.ToApiToken(agent.Token ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
        }
    }

    // What the record of the new token says. The servers of 2022 keep names and keys without the blanks around them.
    private CreateTokenRequest ExpectedOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        var check = new RequestCheck();
        switch (_kind)
        {
            case FimidaraTokenKind.ClientAssignedToken:
                var client = FimidaraRequests.AddClientAssignedToken(request, null, startedAt, check).Token!;
                return new()
                {
                    Name = client.Name?.Trim(),
                    Description = client.Description,
                    Key = client.ProvidedResourceId?.Trim(),
                    Expiry = client.Expires is { } expires ? TokenExpiry.At(expires) : TokenExpiry.Never,
                };
            case FimidaraTokenKind.ProgramAccessToken:
                var program = FimidaraRequests.AddProgramAccessToken(request, null, check).Token!;
                return new() { Name = program.Name?.Trim(), Description = program.Description };
            default:
                var agent = FimidaraRequests.AddAgentToken(request, null, startedAt, check);
                return new()
                {
                    Name = agent.Name,
                    Description = agent.Description,
                    Key = agent.ProvidedResourceId,
                    Expiry = agent.ExpiresAt is not { } end
                        ? TokenExpiry.Never : VendorTime.FromEpochMilliseconds(end) is { } instant ? TokenExpiry.At(instant) : null,
                };
        }
    }

    // Agent tokens are found by their key; of the other kinds, the server lists all and finds none by it.
    private async Task<IReadOnlyList<ApiToken>> FindByKeyAsync(string key, CancellationToken cancellationToken)
    {
        if (_kind != FimidaraTokenKind.AgentToken)
            return await FindAllAsync(new TokenQuery(), token => token.Key?.Trim() == key, cancellationToken).ConfigureAwait(false);
        try
        {
            return [await ReadAsync(_api, id: null, key, cancellationToken).ConfigureAwait(false)];
        }
        catch (ApiException refusal) when (refusal is { StatusCode: 404, HasForeignBody: false })
        {
            return [];
        }
    }

    // A create without a key of the caller's sent one of the SDK's own, at the kinds that have keys.
    private async Task<IReadOnlyList<ApiToken>> FindWithoutKeyAsync(string? name, CancellationToken cancellationToken)
    {
        var named = await FindNamedAsync(new TokenQuery(), name, cancellationToken).ConfigureAwait(false);
        return _kind == FimidaraTokenKind.ProgramAccessToken ? named : [.. named.Where(token => IsOwnKey(token.Key))];
    }

    private async Task<TokenSecret> ReadSecretAsync(ApiToken token, CancellationToken cancellationToken)
    {
        if (_kind == FimidaraTokenKind.AgentToken)
        {
            var encoded = await _api.EncodeAgentTokenAsync(new() { TokenId = token.Id }, cancellationToken).ConfigureAwait(false);
            return ExchangedSecret.Required(encoded.JwtToken, "jwtToken");
        }

        var response = await _api.GetClientAssignedTokenAsync(new() { TokenId = token.Id }, cancellationToken).ConfigureAwait(false);
        return ExchangedSecret.Required(response.Token?.TokenStr, "token.tokenStr");
    }

    // What a refusal says of the JWT that a token read its own record with; null where it says nothing.
    private TokenValidation? Verdict(ApiException refusal)
        => (refusal.StatusCode, VendorError.Of(refusal, FimidaraErrors.Read).Code) switch
        {
            (401, "InvalidCredentialsError") => new()
            {
                Verdict = TokenVerdict.Unknown,
                Reason = "The server refused the JWT (InvalidCredentialsError); it doesn't show whether it is wrong, deleted or expired.",
            },
            (401, "CredentialsExpiredError") => new()
            {
                Verdict = TokenVerdict.Expired,
                Reason = "The server takes JWTs of this version no more (CredentialsExpiredError).",
            },
            // The 2022 generation says it with an HTML page.
            (401, null) when _kind != FimidaraTokenKind.AgentToken => new()
            {
                Verdict = TokenVerdict.Unknown,
                Reason = "The server refused the JWT (HTTP 401 without a code); it doesn't show whether it is wrong or expired.",
            },
            (403, "PermissionDeniedError") => new()
            {
                Verdict = TokenVerdict.Active,
                Reason = "The server accepted the JWT (an unusable one is refused with 401), but the token may not read its own record, " +
                    "so its expiry isn't known.",
            },
            (404, "NotFoundError") => new()
            {
                Verdict = TokenVerdict.Revoked,
                Reason = "The JWT is rightly signed, but the server has no token of its id any more (NotFoundError): it was deleted.",
            },
            (400, "InvalidRequestError") or (401, "ChangePasswordError") or (500, "ServerError") => new()
            {
                Verdict = TokenVerdict.Undetermined,
                Reason = $"The server could not say which token the JWT stands for (HTTP {refusal.StatusCode}): so it does for a user's " +
                    $"session or another kind of token{(refusal.StatusCode == 500 ? ", and for a fault of its own" : null)}.",
            },
            _ => null,
        };
}
