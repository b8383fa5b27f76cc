using System.Text.Json;
using Tokenwright.Http;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>The API tokens of one user's account in VMware Cloud Services.</summary>
public sealed class VMwareCloudTokenClient : TokenClientAdapter
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "VMwareCloud";

    private const string WhatIsFound = "The vendor looks up unexpired, organization-scoped tokens only, and doesn't tell wrong, revoked and expired ones apart.";

    private readonly Func<VMwareCloudOptions> _options;
    private readonly VMwareCloudApiClient _api;
    private readonly VMwareCloudApiClient _anonymousApi;

    /// <summary>Opens a connection without a container; nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">Its options.</param>
    /// <param name="transport">What sends requests; null for the SDK's own.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are wrong; the message lists every problem.</exception>
    public VMwareCloudTokenClient(string connectionName, VMwareCloudOptions options, HttpMessageHandler? transport = null, TimeProvider? timeProvider = null)
        : this(new VendorConnection(VendorName, connectionName, options, transport, timeProvider), () => options)
    {
    }

    internal VMwareCloudTokenClient(VendorConnection connection, Func<VMwareCloudOptions> options)
        : base(connection, VMwareCloudCapabilities.Card)
    {
        _options = options;
        _api = new VMwareCloudApiClient(connection.CreateHttpClient(VMwareCloudCredential.Create(connection, options)));
        _anonymousApi = new VMwareCloudApiClient(connection.CreateHttpClient());
    }

    /// <inheritdoc />
    protected override IEnumerable<TokenSecret> CredentialSecrets => [_options().ApiToken!];

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(IVMwareCloudApiClient) ? _api : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(reference, includeRaw: true, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException refusal) when (IsNotFound(refusal))
        {
            throw NotFound(TokenOperation.Get, reference, WhatIsFound, refusal);
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        try
        {
            var token = await ReadAsync(reference, includeRaw: false, cancellationToken).ConfigureAwait(false);
            return token.State == TokenState.Deactivated ? Verdict(TokenVerdict.Deactivated, "The token is deactivated; an owner of its organization can activate it again.", token)
                : token.State == TokenState.Expired ? Verdict(TokenVerdict.Expired, $"The token expired at {token.ExpiresAt:u}.", token)
                : token.State == TokenState.Active ? Verdict(TokenVerdict.Active, null, token)
                : Verdict(TokenVerdict.Undetermined, "Whether the token is deactivated can't be read from the vendor's answer.", token);
        }
        catch (ApiException refusal) when (IsNotFound(refusal))
        {
            return Verdict(TokenVerdict.Unknown, $"The vendor found no such token (HTTP {refusal.StatusCode}). {WhatIsFound}", null);
        }
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => VMwareCloudErrors.Read(body);

    // The exchange answers bad tokens with either status; 404 is the only one of them that the documents give for the look-up.
    private static bool IsNotFound(ApiException refusal) => refusal.StatusCode is 400 or 404 && !refusal.HasForeignBody;

    private static TokenValidation Verdict(TokenVerdict verdict, string? reason, ApiToken? token)
        => new() { Verdict = verdict, Reason = reason, Token = token };

    // Anonymous: whoever holds the value may ask, and a connection whose own token can't be exchanged can still learn why.
    private async Task<ApiToken> ReadAsync(TokenReference reference, bool includeRaw, CancellationToken cancellationToken)
    {
        var secret = reference.Secret ?? _options().ApiToken!;
        var model = await _anonymousApi.GetApiTokenDetailsAsync(new GetApiTokenDetailsRequest { TokenValue = secret.Reveal() }, cancellationToken).ConfigureAwait(false);
        return VMwareCloudMapping.ToApiToken(model, Connection, includeRaw);
    }
}
