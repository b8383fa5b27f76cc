using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.Fimidara;

/// <summary>Represents a client for the tokens of one fimidara workspace, of the kind in <see cref="FimidaraOptions.TokenKind"/>.</summary>
/// <remarks>
/// Depending on the kind, <see cref="CreateTokenRequest.Raw"/> is an <see cref="AddAgentTokenEndpointParams"/> (for <c>shouldRefresh</c>
/// and <c>refreshDuration</c>), a <see cref="NewClientAssignedTokenInput"/> or a <see cref="NewProgramAccessTokenInput"/> (for permission
/// groups). <see cref="UpdateTokenRequest.Raw"/> is an <see cref="UpdateAgentTokenInput"/>, a <see cref="NewClientAssignedTokenInput"/> or
/// an <see cref="UpdateProgramAccessTokenInput"/>. A member is sent as null if the model's additional properties contain its name with the
/// value null.
/// </remarks>
public sealed class FimidaraTokenClient : TokenClientAdapter
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "Fimidara";

    private const string OwnKeyPrefix = "tokenwright-";

    private readonly FimidaraApiClient _api;
    private readonly FimidaraApiClient _typedClient;
    private readonly FimidaraTokens _tokens;

    /// <summary>Initializes a new instance of the <see cref="FimidaraTokenClient"/> class without a container. Nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The options of the connection.</param>
    /// <param name="environment">The transport, clock and logs; null for the defaults.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The options are invalid. The message lists every problem.
    /// </exception>
    public FimidaraTokenClient(string connectionName, FimidaraOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(FimidaraVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal FimidaraTokenClient(VendorConnection connection, Func<FimidaraOptions> options)
        : base(connection, FimidaraVendor.Instance.GetCapabilities(options()))
    {
        var httpClient = HttpClientFor(() => connection.Required(options().Token, nameof(FimidaraOptions.Token)));
        _api = new FimidaraApiClient(httpClient) { RequiresOperation = true };
        _typedClient = new FimidaraApiClient(httpClient);
        _tokens = FimidaraTokens.Of(connection, options, _api);
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(IFimidaraApiClient) ? _typedClient : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override async Task<TokenPageReader> OpenPageAsync(
        TokenQuery query, string? continuation, OperationContext context)
        => await _tokens.OpenPageAsync(query, continuation, context).ConfigureAwait(false) ?? throw InvalidContinuation();

    /// <inheritdoc />
    protected override Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
        => _tokens.GetAsync(_api, reference.Id, reference.Key, context);

    /// <inheritdoc />
    protected override void Check(CreateTokenRequest request, RequestCheck check) => _tokens.Create(request, check);

    /// <inheritdoc />
    protected override Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
        => _tokens.Create(request, new RequestCheck())(context);

    /// <inheritdoc />
    protected override Task<ApiToken> UpdateCoreAsync(
        TokenReference reference, UpdateTokenRequest request, OperationContext context)
    {
        var check = new RequestCheck();
        var send = _tokens.Update(reference, request, check);
        Require(TokenOperation.Update, check);
        return send(context);
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
    {
        var api = reference.Secret is { } secret ? new FimidaraApiClient(HttpClientFor(() => secret)) { RequiresOperation = true } : _api;
        try
        {
            var token = await _tokens.GetAsync(api, id: null, key: null, context).ConfigureAwait(false);
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
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
        => new()
        {
            Outcome = RevocationOutcome.Deleted,
            Remark = await _tokens.DeleteAsync(reference, context).ConfigureAwait(false),
        };

    /// <inheritdoc />
    protected override CreateTokenRequest WithRecoveryKey(CreateTokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return !_tokens.HasKeys || FimidaraRequests.KeyOf(request) is not null
            ? request
            : new CreateTokenRequest(request) { Key = $"{OwnKeyPrefix}{Guid.NewGuid():N}" };
    }

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var expected = _tokens.ExpectedOf(request, startedAt);
        var key = expected.Key;
        return new OrphanRecovery
        {
            FindAsync = context => key is null
                ? FindWithoutKeyAsync(expected.Name, context) : FindByKeyAsync(key, context),
            Expected = expected,

            // If another token has the caller's key already, an older server changes that token instead of creating one. Its secret is the
            // requested one, but the token isn't orphaned and must not be revoked.
            DatedBy = token => _tokens.IsReplacedByKey
                && request.IfOutcomeUnknown == UnknownOutcomeAction.Recover
                && !IsOwnKey(key)
                && token.UpdatedAt > token.CreatedAt
                    ? token.UpdatedAt
                    : token.CreatedAt,
            ReadSecretAsync = _tokens.ReadSecret,
            Reference = key is null ? null : TokenReference.ByKey(key),
            IsReferenceUnique = IsOwnKey(key),
            Advice = key is null ? $"Look for a token that is named '{expected.Name}'." : $"Look for a token with the key '{key}'.",
        };
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => FimidaraErrors.Read(body);

    private static bool IsOwnKey(string? key)
        => key?.StartsWith(OwnKeyPrefix, StringComparison.Ordinal) == true && key.Length == OwnKeyPrefix.Length + 32;

    private HttpClient HttpClientFor(Func<SecretSource> token) => Connection.CreateHttpClient(FimidaraCredential.Create(token));

    private Task<IReadOnlyList<ApiToken>> FindByKeyAsync(string key, OperationContext context)
        => _tokens.FindByKeyAsync(key, context)
            ?? FindAllAsync(new TokenQuery(), token => token.Key?.Trim() == key, context);

    // If the caller set no key, the create sent a key of the SDK, for kinds that have keys.
    private async Task<IReadOnlyList<ApiToken>> FindWithoutKeyAsync(string? name, OperationContext context)
    {
        var named = await FindNamedAsync(new TokenQuery(), name, context).ConfigureAwait(false);
        return _tokens.HasKeys ? [.. named.Where(token => IsOwnKey(token.Key))] : named;
    }

    // Gets the verdict of a refusal about the JWT with which a token read its own record; null if there is none.
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
                Reason = "The server no longer accepts JWTs of this version (CredentialsExpiredError).",
            },
            // The servers of 2022 and 2023 respond with an HTML page in this case.
            (401, null) when _tokens.IsOlder => new()
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
                Reason = "The JWT has a valid signature, but the server no longer has a token with its id (NotFoundError): it was deleted.",
            },
            (400, "InvalidRequestError") or (401, "ChangePasswordError") or (500, "ServerError") => new()
            {
                Verdict = TokenVerdict.Undetermined,
                Reason = $"The server could not say which token the JWT stands for (HTTP {refusal.StatusCode}), as for a user's " +
                    $"session or another kind of token{(refusal.StatusCode == 500 ? ", or for an error of its own" : null)}.",
            },
            _ => null,
        };
}
