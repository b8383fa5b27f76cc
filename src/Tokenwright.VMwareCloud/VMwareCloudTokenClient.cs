using System.Net;
using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>Represents a client for the API tokens of one user's account in VMware Cloud Services.</summary>
/// <remarks>
/// <see cref="SuspendAsync"/> and <see cref="ResumeAsync"/> send 15 tokens in each request. If a request fails as a whole, they throw only
/// if no earlier request was carried out. After that, results must not be lost: the tokens of a failed request are reported as failed, with
/// the message of the exception, and the other requests are sent. For references by secret, the tokens are looked up first, and those that
/// aren't found are reported as failed.
/// </remarks>
public sealed class VMwareCloudTokenClient : TokenClientAdapter, ITokenSuspension
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "VMwareCloud";

    private const int TokensPerRequest = 15;
    private const string WhatIsFound =
        "The vendor looks up unexpired, organization-scoped tokens only, and doesn't show whether a token is wrong, revoked or expired.";

    private readonly Func<VMwareCloudOptions> _options;
    private readonly VMwareCloudApiClient _api;
    private readonly VMwareCloudApiClient _typedClient;

    // The organization of the connection's own token, and the token for which it was read.
    private volatile Tuple<TokenSecret, string>? _ownOrganization;

    /// <summary>
    /// Initializes a new instance of the <see cref="VMwareCloudTokenClient"/> class without a container. Nothing is sent.
    /// </summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The options of the connection.</param>
    /// <param name="environment">The transport, clock and logs; null for the defaults.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The options are invalid. The message lists every problem.
    /// </exception>
    public VMwareCloudTokenClient(string connectionName, VMwareCloudOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(VMwareCloudVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal VMwareCloudTokenClient(VendorConnection connection, Func<VMwareCloudOptions> options)
        : base(connection, VMwareCloudVendor.Instance.GetCapabilities(options()))
    {
        _options = options;
        var httpClient = connection.CreateHttpClient(VMwareCloudCredential.Create(connection, options));
        _api = new VMwareCloudApiClient(httpClient) { RequiresOperation = true };
        _typedClient = new VMwareCloudApiClient(httpClient);
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(IVMwareCloudApiClient) ? _typedClient : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    public Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default)
        => ChangeAllAsync(TokenOperation.Suspend, references, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default)
        => ChangeAllAsync(TokenOperation.Resume, references, cancellationToken);

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
    {
        try
        {
            return await ReadAsync(reference, includeRaw: true, context).ConfigureAwait(false);
        }
        catch (ApiException refusal) when (IsNotFound(refusal))
        {
            throw NotFound(TokenOperation.Get, reference, WhatIsFound, refusal);
        }
    }

    /// <inheritdoc />
    protected override async Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
    {
        var check = new RequestCheck();
        var now = Connection.TimeProvider.GetUtcNow();
        var body = VMwareCloudRequests.ToCreate(request, now, check);
        Require(TokenOperation.Create, check);

        var response = await _api.GenerateApiTokenAsync(body, context).ConfigureAwait(false);
        var secret = VendorConnection.ReadSecret(response.ApiToken, "apiToken");
        ApiToken? token = null;
        try
        {
            token = await ReadAsync(TokenReference.BySecret(secret), includeRaw: true, context.Reading()).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The token exists, and its secret is shown only now. No failure from here on may lose it, not even a cancellation.
        }

        return Connection.Issue(
            secret, token,
            (read, connection) => read ?? VMwareCloudMapping.ToApiToken(body, now.AddSeconds(body.RefreshTokenTTL), connection));
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
    {
        try
        {
            var token = await ReadAsync(reference, includeRaw: false, context).ConfigureAwait(false);
            return token.State == TokenState.Deactivated
                ? Verdict(TokenVerdict.Deactivated, "The token is deactivated; an owner of its organization can activate it again.", token)
                : token.State == TokenState.Expired ? Verdict(TokenVerdict.Expired, $"The token expired at {token.ExpiresAt:u}.", token)
                : token.State == TokenState.Active ? Verdict(TokenVerdict.Active, null, token)
                : Verdict(TokenVerdict.Undetermined,
                    "Whether the token is deactivated or expired can't be read from the vendor's response.", token);
        }
        catch (ApiException refusal) when (IsNotFound(refusal))
        {
            return Verdict(TokenVerdict.Unknown, $"The vendor found no such token (HTTP {refusal.StatusCode}). {WhatIsFound}", null);
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
    {
        Place place;
        try
        {
            place = await LocateAsync(TokenOperation.Revoke, reference, [reference], context.Reading()).ConfigureAwait(false);
        }
        catch (ApiException refusal) when (IsNotFound(refusal))
        {
            throw NotFound(TokenOperation.Revoke, reference, WhatIsFound, refusal);
        }

        var response = await ChangeAsync(TokenOperation.Revoke, place.OrganizationId, [place.Id], [reference], context)
            .ConfigureAwait(false);
        if (FailureOf(place.Id, response) is { } said)
        {
            var message = Redacted(said, reference);
            throw Failed(
                TokenOperation.Revoke, $"The vendor did not deactivate the token with {reference}: {message}", new() { Message = message });
        }

        return new TokenRevocation
        {
            Outcome = RevocationOutcome.Deactivated,
            Remark = "The token is deactivated; an owner of its organization can activate it again. To end it for good, revoke it in the " +
                "vendor's console.",
        };
    }

    /// <inheritdoc />
    protected override RevocationOutcome Revocation => RevocationOutcome.Deactivated;

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = VMwareCloudRequests.ToCreate(request, startedAt, new RequestCheck());
        return new OrphanRecovery
        {
            // The vendor counts the lifetime from when it creates the token, which is at most the total timeout after the start.
            LivesUntil = startedAt + Connection.TotalTimeout + TimeSpan.FromSeconds(body.RefreshTokenTTL),
            Advice = "Look for it in the console, My Account, API " +
                $"Tokens{(string.IsNullOrEmpty(body.TokenName) ? null : $", by its name '{body.TokenName}'")}.",
        };
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => VMwareCloudErrors.Read(body);

    // The exchange refuses invalid tokens with both statuses. The documents name only 404 for the look-up.
    private static bool IsNotFound(ApiException refusal) => refusal.StatusCode is 400 or 404 && !refusal.HasForeignBody;

    private static TokenValidation Verdict(TokenVerdict verdict, string? reason, ApiToken? token)
        => new() { Verdict = verdict, Reason = reason, Token = token };

    // The request is anonymous: the token's value is enough, and a connection whose own token can't be exchanged can still find out why.
    private Task<ApiTokenDetailsDto> LookUpAsync(TokenSecret secret, OperationContext context)
        => _api.GetApiTokenDetailsAsync(new GetApiTokenDetailsRequest { TokenValue = secret.Reveal() }, context).AsTask();

    private async Task<ApiToken> ReadAsync(TokenReference reference, bool includeRaw, OperationContext context)
        => VMwareCloudMapping.ToApiToken(
            await LookUpAsync(reference, context).ConfigureAwait(false), Connection, includeRaw);

    private Task<ApiTokenDetailsDto> LookUpAsync(TokenReference reference, OperationContext context)
        => reference.Secret is { } secret
            ? LookUpAsync(secret, context)
            : Connection.SendOwnSecretAsync(OwnTokenAsync, LookUpAsync, context);

    private ValueTask<TokenSecret> OwnTokenAsync(CancellationToken cancellationToken)
        => Connection.Required(_options().ApiToken, nameof(VMwareCloudOptions.ApiToken)).ReadAsync(cancellationToken);

    private Task<IReadOnlyList<TokenSuspensionResult>> ChangeAllAsync(
        TokenOperation operation, IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(references);
        TokenReference[] tokens = [.. references];
        if (Array.IndexOf(tokens, null) is >= 0 and var missing)
            throw new ArgumentException($"The reference at index {missing} is null.", nameof(references));
        return CallAllAsync(operation, tokens, context => ChangeAllCoreAsync(operation, tokens, context), cancellationToken);
    }

    private async Task<IReadOnlyList<TokenSuspensionResult>> ChangeAllCoreAsync(
        TokenOperation operation, TokenReference[] references, OperationContext context)
    {
        var places = new Place?[references.Length];
        var failures = new string?[references.Length];
        for (var i = 0; i < references.Length; i++)
        {
            try
            {
                places[i] = await LocateAsync(operation, references[i], references, context.Reading()).ConfigureAwait(false);
            }
            catch (ApiException refusal) when (IsNotFound(refusal))
            {
                failures[i] = $"The vendor found no such token (HTTP {refusal.StatusCode}). {WhatIsFound}";
            }
        }

        var outcomes = new Dictionary<Place, string?>();
        var hasAnyResponse = false;
        foreach (var organization in places.OfType<Place>().Distinct().GroupBy(place => place.OrganizationId))
        {
            foreach (var part in organization.Chunk(TokensPerRequest))
            {
                try
                {
                    var response = await CallAllAsync(
                        operation, references, own => ChangeAsync(operation, organization.Key, [.. part.Select(place => place.Id)],
                            references, own), context.CancellationToken).ConfigureAwait(false);
                    hasAnyResponse = true;
                    foreach (var place in part)
                        outcomes[place] = FailureOf(place.Id, response);
                }
                catch (TokenClientException failure) when (hasAnyResponse)
                {
                    foreach (var place in part)
                        outcomes[place] = failure.Message;
                }
            }
        }

        return [.. references.Select((reference, i) =>
        {
            var message = failures[i] ?? outcomes[places[i]!];
            return new TokenSuspensionResult
                { Reference = reference, Succeeded = message is null, Message = message is null ? null : Redacted(message, references) };
        })];
    }

    private async Task<ChangeApiTokensStatusResponse> ChangeAsync(
        TokenOperation operation, string organizationId, string[] ids, TokenReference[] references, OperationContext context)
    {
        var body = new ChangeApiTokensStatusRequest { Ids = ids };
        try
        {
            return operation == TokenOperation.Resume
                ? await _api.ActivateApiTokensAsync(organizationId, body, context).ConfigureAwait(false)
                : await _api.DeactivateApiTokensAsync(organizationId, body, context).ConfigureAwait(false);
        }
        catch (ApiException refusal) when (refusal is { StatusCode: 404, HasForeignBody: false })
        {
            // According to the documents, this means that the organization doesn't exist. Missing tokens are failures within a successful
            // response.
            throw Failed(operation, $"The vendor has no organization '{organizationId}', or doesn't show it to this caller (HTTP 404).",
                ErrorOf(refusal, references), HttpStatusCode.NotFound);
        }
    }

    // Returns null if the vendor changed the token.
    private static string? FailureOf(string id, ChangeApiTokensStatusResponse response)
        => response.Failures?.FirstOrDefault(failure => failure?.Id == id) is { } failed
            ? (string.IsNullOrWhiteSpace(failed.Message) ? "The vendor gives no reason." : failed.Message)
            : response.Successes?.Contains(id) == true ? null
            : "The vendor's response doesn't mention the token.";

    private async Task<Place> LocateAsync(
        TokenOperation operation, TokenReference reference, TokenReference[] all, OperationContext context)
    {
        if (reference.Id is { } id)
            return new Place(await OrganizationIdAsync(operation, all, context).ConfigureAwait(false), id);
        var record = await LookUpAsync(reference, context).ConfigureAwait(false);
        return new Place(OrganizationIdOf(record),
            string.IsNullOrWhiteSpace(record.TokenId) ? throw ApiException.WithoutMember("tokenId") : record.TokenId);
    }

    private async Task<string> OrganizationIdAsync(
        TokenOperation operation, TokenReference[] references, OperationContext context)
    {
        var options = _options();
        if (options.OrganizationId is { } given)
            return given;
        try
        {
            return await Connection.SendOwnSecretAsync(OwnTokenAsync, OwnOrganizationIdAsync, context).ConfigureAwait(false);
        }
        catch (ApiException refusal) when (IsNotFound(refusal))
        {
            var error = ErrorOf(refusal, references);
            var status = (HttpStatusCode)refusal.StatusCode;
            throw new TokenAuthenticationException(
                Sentence(operation,
                    $"The vendor doesn't find the connection's own token (HTTP {refusal.StatusCode}), in whose organization the tokens " +
                    $"are looked up. {WhatIsFound}"),
                Failure(operation, new() { Code = error.Code, RequestId = error.RequestId }, status));
        }
    }

    private async Task<string> OwnOrganizationIdAsync(TokenSecret own, OperationContext context)
    {
        if (_ownOrganization is { } known && known.Item1.Equals(own))
            return known.Item2;
        var organizationId = OrganizationIdOf(await LookUpAsync(own, context).ConfigureAwait(false));
        _ownOrganization = Tuple.Create(own, organizationId);
        return organizationId;
    }

    private static string OrganizationIdOf(ApiTokenDetailsDto record)
        => VMwareCloudOptions.IsOrganizationId(record.OrgId) ? record.OrgId! : throw ApiException.WithoutMember("orgId");

    private TokenClientException Failed(TokenOperation operation, string text, VendorError error, HttpStatusCode status = HttpStatusCode.OK)
        => new(Sentence(operation, text), Failure(operation, error, status));

    private sealed record Place(string OrganizationId, string Id);
}
