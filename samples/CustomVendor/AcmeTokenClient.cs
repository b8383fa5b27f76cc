using System.Globalization;
using System.Text.Json;
using Acme.Tokens.Api;
using Tokenwright;
using Tokenwright.Adapters;

namespace Acme.Tokens;

/// <summary>Manages the tokens of one Acme account.</summary>
public sealed class AcmeTokenClient : TokenClientAdapter
{
    /// <summary>Gets the vendor's name, as in metadata and exceptions.</summary>
    public const string VendorName = "Acme";

    private static readonly Action<HttpRequestMessage, TokenSecret> Header = RequestCredential.Header("X-Acme-Key");

    private readonly Func<AcmeOptions> _options;
    private readonly HttpClient _httpClient;

    /// <summary>Creates a client without a container. It sends nothing.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The connection's options.</param>
    /// <param name="environment">The connection's transport, clock and logs; null for the defaults.</param>
    public AcmeTokenClient(string connectionName, AcmeOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(AcmeVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal AcmeTokenClient(VendorConnection connection, Func<AcmeOptions> options)
        : base(connection, AcmeVendor.Instance.GetCapabilities(options()))
    {
        _options = options;
        _httpClient = HttpClientWith(() => options().ApiKey!);
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(AcmeApiClient)
            ? new AcmeApiClient(_httpClient) : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override async Task<TokenPageReader> OpenPageAsync(
        TokenQuery query, string? continuation, OperationContext context)
    {
        // Acme accepts any text as a cursor, and an invalid one would start the list at a wrong place.
        if (continuation is not null && !continuation.StartsWith("tok_", StringComparison.Ordinal))
            throw InvalidContinuation();
        var page = await Api(context)
            .ListTokensAsync(query.PageSize ?? AcmeCapabilities.Value.Limits.MaxPageSize, continuation, context.CancellationToken)
            .ConfigureAwait(false);
        return TokenPageReader.Of(
            [.. (page.Tokens ?? throw ApiException.WithoutMember("tokens")).OfType<Token>()
                .Select(token => AcmeMapping.ToApiToken(token, Connection, query.IncludeRaw))],
            new TokenPageEnd(page.Next));
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
    {
        var model = reference.Id is { } id
            ? await Api(context).GetTokenAsync(id, context.CancellationToken).ConfigureAwait(false)
            : await Api(context).WhoAmIAsync(context.CancellationToken).ConfigureAwait(false);
        return AcmeMapping.ToApiToken(model, Connection, includeRaw: true);
    }

    /// <inheritdoc />
    protected override async Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
    {
        // All problems are reported together, before anything is sent. A setting that Acme has no place for is an error; it is never
        // ignored.
        var check = new RequestCheck();
        var now = Connection.TimeProvider.GetUtcNow();
        check.Required(nameof(request.Name), request.Name);
        check.Length(nameof(request.Name), request.Name, AcmeCapabilities.LongestName, emptyAllowed: true);
        check.Unsupported(nameof(request.Description), request.Description, "Acme's tokens have no description.");
        check.Unsupported(nameof(request.Key), request.Key, "Acme keeps no key of the caller's own.");
        check.Unsupported(nameof(request.Scopes), request.Scopes, "Acme's tokens may do what their owner may.");
        check.Unsupported(nameof(request.Roles), request.Roles, "Acme's tokens may do what their owner may.");
        check.Unsupported(nameof(request.Raw), request.Raw, "Acme knows nothing that the request has no member for.");
        if (request.Expiry is null)
            check.Add(nameof(request.Expiry), "Set an expiry, or TokenExpiry.Never.");
        check.Expiry(nameof(request.Expiry), request.Expiry, now, longest: AcmeCapabilities.LongestLife);
        Require(TokenOperation.Create, check);

        var end = request.Expiry!.ToInstant(now)?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var created =
            await Api(context).CreateTokenAsync(new NewToken { Name = request.Name, Expires_at = end }, context.CancellationToken)
                .ConfigureAwait(false);
        return new IssuedToken
        {
            Token = AcmeMapping.ToApiToken(created.Token ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true),
            Secret = VendorConnection.ReadSecret(created.Secret, "secret"),
        };
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> UpdateCoreAsync(
        TokenReference reference, UpdateTokenRequest request, OperationContext context)
    {
        const string NameOnly = "Of a token, Acme can change the name only.";
        var check = new RequestCheck();
        check.Required(nameof(request.Name), request.Name);
        check.Length(nameof(request.Name), request.Name, AcmeCapabilities.LongestName, emptyAllowed: true);
        check.Unsupported(nameof(request.Description), request.Description, NameOnly);
        check.Unsupported(nameof(request.Key), request.Key, NameOnly);
        check.Unsupported(nameof(request.Scopes), request.Scopes, NameOnly);
        check.Unsupported(nameof(request.Expiry), request.Expiry, NameOnly);
        check.Unsupported(nameof(request.Raw), request.Raw, NameOnly);
        Require(TokenOperation.Update, check);
        return AcmeMapping.ToApiToken(await Api(context).RenameTokenAsync(
            reference.Id!, new TokenName { Name = request.Name }, context.CancellationToken).ConfigureAwait(false), Connection,
                includeRaw: true);
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
    {
        var asThatToken = reference.Secret is { } secret ? HttpClientWith(() => SecretSource.FromTokenSecret(secret)) : _httpClient;
        try
        {
            var model = await Api(context, asThatToken).WhoAmIAsync(context.CancellationToken).ConfigureAwait(false);
            return new TokenValidation
                { Verdict = TokenVerdict.Active, Token = AcmeMapping.ToApiToken(model, Connection, includeRaw: true) };
        }
        catch (ApiException refusal) when (refusal.StatusCode == 401)
        {
            return new TokenValidation { Verdict = TokenVerdict.Unknown,
                Reason = "The vendor refused it, and doesn't show whether it is wrong, deleted or expired." };
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
    {
        await Api(context).DeleteTokenAsync(reference.Id!, context.CancellationToken).ConfigureAwait(false);
        return new TokenRevocation { Outcome = RevocationOutcome.Deleted };
    }

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt) => new()
    {
        FindAsync = context => FindNamedAsync(new TokenQuery(), request.Name, context),
        Expected = new() { Name = request.Name },
        Advice = $"Look for a token that is named '{request.Name}'.",
    };

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => new()
    {
        Code = VendorError.Text(body, "code"),
        Message = VendorError.Text(body, "message"),
        RequestId = VendorError.Text(body, "request_id"),
    };

    private HttpClient HttpClientWith(Func<SecretSource> secret) => Connection.CreateHttpClient(new FixedCredential(secret, Header));

    // NSwag's standard client has no parameter for the context, so each call creates a client.
    private AcmeApiClient Api(OperationContext context, HttpClient? httpClient = null)
        => new(httpClient ?? _httpClient) { Context = context };
}
