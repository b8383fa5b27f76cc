using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.ExtremeCloudIQ.Api;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Represents a client for the API tokens of one ExtremeCloud IQ account.</summary>
/// <remarks>
/// The vendor's tokens have no id and no name, and can be read only with their own value. Refer to a token by its secret, or by
/// <see cref="TokenReference.Self"/>, which is the session token if the connection has a user name and password. In
/// <see cref="ApiToken.Raw"/>, <see cref="XiqApiTokenInfo.ExpiresIn"/> is the whole lifetime in seconds, not the remaining time. For a
/// Platform ONE key (<c>extr_sk_…</c>), the vendor describes a session that the call itself creates, which is issued now and expires in
/// seven days. It doesn't report the expiry of the key. <see cref="CreateTokenRequest.Raw"/> is an
/// <see cref="XiqGenerateApiTokenRequest"/>; its <see cref="XiqGenerateApiTokenRequest.RateLimit"/> can be set only there. Revoking
/// <see cref="TokenReference.Self"/> revokes the connection's own token. With a user name and password, the next call signs in again. With
/// an API token, the connection can no longer be used.
/// </remarks>
public sealed class ExtremeCloudIQTokenClient : TokenClientAdapter
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "ExtremeCloudIQ";

    private const string PlatformOneKeyPrefix = "extr_sk_";

    private readonly Func<ExtremeCloudIQOptions> _options;
    private readonly RequestCredential _credential;
    private readonly ExtremeCloudIQApiClient _api;
    private readonly ExtremeCloudIQApiClient _typedClient;

    /// <summary>
    /// Initializes a new instance of the <see cref="ExtremeCloudIQTokenClient"/> class without a container. Nothing is sent.
    /// </summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The options of the connection.</param>
    /// <param name="environment">The transport, clock and logs; null for the defaults.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The options are invalid. The message lists every problem.
    /// </exception>
    public ExtremeCloudIQTokenClient(string connectionName, ExtremeCloudIQOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(ExtremeCloudIQVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal ExtremeCloudIQTokenClient(VendorConnection connection, Func<ExtremeCloudIQOptions> options)
        : base(connection, ExtremeCloudIQVendor.Instance.GetCapabilities(options()))
    {
        _options = options;
        _credential = ExtremeCloudIQCredential.Create(connection, options);
        var httpClient = connection.CreateHttpClient(_credential);
        _api = new ExtremeCloudIQApiClient(httpClient) { RequiresOperation = true };
        _typedClient = new ExtremeCloudIQApiClient(httpClient);
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(IExtremeCloudIQApiClient) ? _typedClient : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
    {
        if (reference.Kind == TokenReferenceKinds.Self)
            return ExtremeCloudIQMapping.ToApiToken(
                await _api.GetCurrentApiTokenInfoAsync(context).ConfigureAwait(false), Connection);

        var api = ApiOf(reference.Secret!);
        try
        {
            return ExtremeCloudIQMapping.ToApiToken(
                await api.GetCurrentApiTokenInfoAsync(context).ConfigureAwait(false), Connection);
        }
        catch (ApiException refusal) when (refusal.StatusCode == 401 && ExtremeCloudIQErrors.Verdict(refusal) != TokenVerdict.Undetermined)
        {
            // The vendor refused the requested token. The connection's credential wasn't sent.
            throw NotFound(TokenOperation.Get, reference, Refused(ExtremeCloudIQErrors.Verdict(refusal)), refusal);
        }
    }

    /// <inheritdoc />
    protected override async Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
    {
        var check = new RequestCheck();
        var model = ExtremeCloudIQRequests.ToGenerate(request, Connection.TimeProvider.GetUtcNow(), check);
        Require(TokenOperation.Create, check);
        return ExtremeCloudIQMapping.ToIssuedToken(
            await _api.GenerateApiTokenAsync(model, context).ConfigureAwait(false), neverExpires: model.ExpireTime is null,
            Connection);
    }

    /// <inheritdoc />
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
    {
        // The connection's own client isn't used, because after a 401 it would sign in again and end the new session.
        var secret = reference.Secret ?? await _credential.GetSecretAsync(context.CancellationToken).ConfigureAwait(false);
        var api = ApiOf(secret);
        try
        {
            await api.LogoutAsync(context).ConfigureAwait(false);
        }
        catch (ApiException refusal) when (
            reference.Secret is not null && refusal.StatusCode == 401 && ExtremeCloudIQErrors.Verdict(refusal) != TokenVerdict.Undetermined)
        {
            throw NotFound(TokenOperation.Revoke, reference, Refused(ExtremeCloudIQErrors.Verdict(refusal)), refusal);
        }
        finally
        {
            // In every case (revoked, refused or perhaps revoked), the token must not be used again. It can be the connection's own token
            // even if the reference contains its secret.
            _credential.Refused(secret);
        }

        return new TokenRevocation
        {
            Outcome = RevocationOutcome.SessionEnded,
            Remark = secret.Reveal().StartsWith(PlatformOneKeyPrefix, StringComparison.Ordinal)
                ? "The vendor doesn't say what signing out does to a Platform ONE key; the key may still work. Revoke it in Platform ONE."
                : "The vendor refuses the token from now on. It keeps no record of it.",
        };
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
    {
        var own = await _credential.GetSecretAsync(context.CancellationToken).ConfigureAwait(false);
        if (reference.Secret is not { } secret || secret.Equals(own))
        {
            if (await RefusalAsync(own, own, context).ConfigureAwait(false) is not { } refusal)
                return Active();

            // Otherwise, a session that has ended would be sent and refused until its expiry.
            _credential.Refused(own);
            return Verdict(refusal);
        }

        for (var isRenewed = false; ; isRenewed = true)
        {
            if (await RefusalAsync(secret, own, context).ConfigureAwait(false) is not { } refusal)
                return Active();

            // The refusal can be about the token or about the connection's credential. Only if the vendor accepts the credential, it is
            // about the token.
            var validation = Verdict(refusal);
            if (validation.Verdict == TokenVerdict.Undetermined
                || await RefusalAsync(own, own, context).ConfigureAwait(false) is not { } refusalOfOwn)
                return validation;
            _credential.Refused(own);
            var present = await _credential.GetSecretAsync(context.CancellationToken).ConfigureAwait(false);
            if (isRenewed || present.Equals(own))
                throw refusalOfOwn;
            own = present;
        }

        static TokenValidation Active() => new() { Verdict = TokenVerdict.Active };

        static TokenValidation Verdict(ApiException refusal)
        {
            var verdict = ExtremeCloudIQErrors.Verdict(refusal);
            return new() { Verdict = verdict, Reason = Refused(verdict) };
        }
    }

    /// <inheritdoc />
    protected override RevocationOutcome Revocation => RevocationOutcome.SessionEnded;

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(request);

        // The lifetime begins when the vendor handles the request, which is at most the total timeout after the start.
        var latest = startedAt + Connection.TotalTimeout;
        return new OrphanRecovery
        {
            LivesUntil = ExtremeCloudIQRequests.ToGenerate(request, latest, new RequestCheck()).ExpireTime is { } seconds
                ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            Advice = "The vendor shows its tokens nowhere, and revokes one only with its own value.",
        };
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => ExtremeCloudIQErrors.Read(body);

    // The connection's own client isn't used, because after each 401 it would sign in again, although most are about the token.
    private async Task<ApiException?> RefusalAsync(TokenSecret secret, TokenSecret credential, OperationContext context)
    {
        try
        {
            await ApiOf(credential).ValidateApiTokenAsync(secret.Reveal(), context).ConfigureAwait(false);
            return null;
        }
        catch (ApiException refusal) when (refusal.StatusCode == 401)
        {
            return refusal;
        }
    }

    private ExtremeCloudIQApiClient ApiOf(TokenSecret secret)
        => new(Connection.CreateHttpClient(new FixedCredential(() => secret, RequestCredential.Bearer))) { RequiresOperation = true };

    private static string Refused(TokenVerdict verdict) => verdict switch
    {
        TokenVerdict.Revoked => "The vendor refused the token (HTTP 401) and says that it was revoked.",
        TokenVerdict.Undetermined =>
            "The response is HTTP 401 with a body that isn't the API's; did something in front of the API respond?",
        _ => "The vendor refused the token (HTTP 401); it doesn't show whether it is wrong, expired or revoked.",
    };
}
