using System.Text.Json;
using Tokenwright;
using Tokenwright.Adapters;
using Unleash.Tokens.Api;

namespace Unleash.Tokens;

/// <summary>Manages the API tokens of one Unleash server, with which applications read their feature flags.</summary>
public sealed partial class UnleashTokenClient : TokenClientAdapter
{
    /// <summary>Gets the vendor's name, as in metadata and exceptions.</summary>
    public const string VendorName = "Unleash";

    private static readonly Action<HttpRequestMessage, TokenSecret> Header = RequestCredential.Header("Authorization");

    private readonly HttpClient _httpClient;

    /// <summary>Creates a client without a container. It sends nothing.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The connection's options.</param>
    /// <param name="environment">The connection's transport, clock and logs; null for the defaults.</param>
    public UnleashTokenClient(string connectionName, UnleashOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(UnleashVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal UnleashTokenClient(VendorConnection connection, Func<UnleashOptions> options)
        : base(connection, UnleashVendor.Instance.GetCapabilities(options()))
        => _httpClient = HttpClientWith(() => options().AccessToken!);

    private DateTimeOffset Now => Connection.TimeProvider.GetUtcNow();

    /// <summary>Gets the id of a token, which is computed from its secret: Unleash gives its tokens none.</summary>
    /// <param name="secret">The token's secret.</param>
    public static string IdOf(TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return UnleashMapping.IdOf(secret.Reveal());
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(UnleashApiClient)
            ? new UnleashApiClient(_httpClient) : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => UnleashErrors.Read(body);

    private HttpClient HttpClientWith(Func<SecretSource> secret) => Connection.CreateHttpClient(new FixedCredential(secret, Header));

    // NSwag's standard client has no parameter for the context, so each call creates a client.
    private UnleashApiClient Api(OperationContext context, HttpClient? httpClient = null)
        => new(httpClient ?? _httpClient) { Context = context };

    private ApiToken Map(Token model, bool includeRaw = true) => UnleashMapping.ToApiToken(model, Connection, includeRaw);

    private async Task<IEnumerable<Token>> ListAsync(OperationContext context)
        => (await Api(context.Reading()).ListTokensAsync(context.CancellationToken).ConfigureAwait(false)).Tokens?.OfType<Token>()
            ?? throw ApiException.WithoutMember("tokens");

    private async Task<Token> FindAsync(TokenReference reference, OperationContext context)
    {
        var id = reference.Id ?? IdOf(reference.Secret!);
        var token = (await ListAsync(context).ConfigureAwait(false)).FirstOrDefault(
            token => token.Secret is { } secret && string.Equals(UnleashMapping.IdOf(secret), id, StringComparison.OrdinalIgnoreCase))
            ?? throw NotFound(context.Operation!.Value, reference, "The server's list of tokens doesn't have it.");

        // It becomes a part of the path, and so must not appear in logs and messages.
        context.AddSecret(new TokenSecret(token.Secret!));
        return token;
    }
}
