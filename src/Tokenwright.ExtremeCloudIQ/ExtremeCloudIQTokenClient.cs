using System.Text.Json;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Http;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>The API tokens of one ExtremeCloud IQ account.</summary>
/// <remarks>
/// The vendor gives its tokens neither id nor name, and reads a token only with its own value: name it by its secret, or by
/// <see cref="TokenReference.Self"/>. With a user name and password, that is the session token of the connection. In <see cref="ApiToken.Raw"/>,
/// <see cref="XiqApiTokenInfo.Expires_in"/> is the whole lifetime in seconds, not the time left. For a Platform ONE key (<c>extr_sk_…</c>)
/// the vendor describes a session that the reading call itself makes, issued now and ending in seven days; the key's own end isn't told.
/// </remarks>
public sealed class ExtremeCloudIQTokenClient : TokenClientAdapter
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "ExtremeCloudIQ";

    private readonly Func<ExtremeCloudIQOptions> _options;
    private readonly RequestCredential _credential;
    private readonly ExtremeCloudIQApiClient _api;
    private readonly ExtremeCloudIQApiClient _anonymousApi;

    /// <summary>Opens a connection without a container; nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">Its options.</param>
    /// <param name="transport">What sends requests; null for the SDK's own.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are wrong; the message lists every problem.</exception>
    public ExtremeCloudIQTokenClient(string connectionName, ExtremeCloudIQOptions options, HttpMessageHandler? transport = null, TimeProvider? timeProvider = null)
        : this(new VendorConnection(VendorName, connectionName, options, transport, timeProvider), () => options)
    {
    }

    internal ExtremeCloudIQTokenClient(VendorConnection connection, Func<ExtremeCloudIQOptions> options)
        : base(connection, ExtremeCloudIQCapabilities.Card)
    {
        _options = options;
        _credential = ExtremeCloudIQCredential.Create(connection, options);
        _api = new ExtremeCloudIQApiClient(connection.CreateHttpClient(_credential));
        _anonymousApi = new ExtremeCloudIQApiClient(connection.CreateHttpClient());
    }

    /// <inheritdoc />
    protected override IEnumerable<TokenSecret> CredentialSecrets => new[] { _options().ApiToken, _options().Password }.OfType<TokenSecret>();

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(IExtremeCloudIQApiClient) ? _api : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        if (reference.Kind == TokenReferenceKinds.Self)
            return ExtremeCloudIQMapping.ToApiToken(await _api.GetCurrentApiTokenInfoAsync(cancellationToken).ConfigureAwait(false), Connection);

        var api = new ExtremeCloudIQApiClient(Connection.CreateHttpClient(new FixedCredential(() => reference.Secret!, RequestCredential.Bearer)));
        try
        {
            return ExtremeCloudIQMapping.ToApiToken(await api.GetCurrentApiTokenInfoAsync(cancellationToken).ConfigureAwait(false), Connection);
        }
        catch (ApiException refusal) when (refusal.StatusCode == 401 && ExtremeCloudIQErrors.Verdict(refusal) != TokenVerdict.Undetermined)
        {
            // It is the token looked for that was refused; the connection's credential was not even sent.
            throw NotFound(TokenOperation.Get, reference, Refused(ExtremeCloudIQErrors.Verdict(refusal)), refusal);
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        var secret = reference.Secret ?? await _credential.GetSecretAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _anonymousApi.ValidateApiTokenAsync(secret.Reveal(), cancellationToken).ConfigureAwait(false);
            return new TokenValidation { Verdict = TokenVerdict.Active };
        }
        catch (ApiException refusal) when (refusal.StatusCode == 401)
        {
            // Else a session that was ended would be sent, and found refused, until its time is over.
            _credential.Refused(secret);
            var verdict = ExtremeCloudIQErrors.Verdict(refusal);
            return new TokenValidation { Verdict = verdict, Reason = Refused(verdict) };
        }
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => ExtremeCloudIQErrors.Read(body);

    private static string Refused(TokenVerdict verdict) => verdict switch
    {
        TokenVerdict.Revoked => "The vendor refused the token (HTTP 401) and says that it was revoked.",
        TokenVerdict.Undetermined => "The answer is HTTP 401 with a body that isn't the API's; did something in front of the API answer?",
        _ => "The vendor refused the token (HTTP 401); it doesn't tell wrong, expired and revoked ones apart.",
    };
}
