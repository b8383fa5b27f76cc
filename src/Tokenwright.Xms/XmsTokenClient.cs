using System.Collections;
using System.Text.Json;
using Tokenwright.Adapters;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>Represents a client for the access tokens of one XSKY storage cluster.</summary>
public sealed class XmsTokenClient : TokenClientAdapter
{
    /// <summary>The vendor's name in metadata and exceptions.</summary>
    public const string VendorName = "Xms";

    // The page sizes of servers are multiples of this. A first page of such a length can be one of several, even if the total is the same,
    // because that can be the total of the page.
    private const int UsualPage = 50;

    private readonly Func<XmsOptions> _options;
    private readonly XmsApiClient _api;
    private readonly XmsApiClient _typedClient;

    /// <summary>Initializes a new instance of the <see cref="XmsTokenClient"/> class without a container. Nothing is sent.</summary>
    /// <param name="connectionName">The connection's name, for messages.</param>
    /// <param name="options">The options of the connection.</param>
    /// <param name="environment">The transport, clock and logs; null for the defaults.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">
    /// The options are invalid. The message lists every problem.
    /// </exception>
    public XmsTokenClient(string connectionName, XmsOptions options, ConnectionEnvironment? environment = null)
        : this(VendorConnection.Open(XmsVendor.Instance, connectionName, () => options, environment), () => options)
    {
    }

    internal XmsTokenClient(VendorConnection connection, Func<XmsOptions> options)
        : base(connection, XmsVendor.Instance.GetCapabilities(options()))
    {
        _options = options;
        var httpClient = connection.CreateHttpClient(XmsCredential.Create(connection, options));
        _api = new XmsApiClient(httpClient) { RequiresOperation = true };
        _typedClient = new XmsApiClient(httpClient);
    }

    /// <inheritdoc />
    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(IXmsApiClient) ? _typedClient : base.GetService(serviceType, serviceKey);

    /// <inheritdoc />
    protected override void Check(TokenQuery query, RequestCheck check)
    {
        if (query.Role is { Value: null or "" })
            check.Add(nameof(TokenQuery.Role), "It has no text; name a role, or leave it out.");
        if (query.OwnerId is not null && XmsRequests.ToNumber(query.OwnerId) is null)
            check.Add(nameof(TokenQuery.OwnerId), "It must be a whole number: the numeric id of a user, as in the owner of a token.");
    }

    /// <inheritdoc />
    protected override async Task<TokenPageReader> OpenPageAsync(
        TokenQuery query, string? continuation, OperationContext context)
    {
        var place = PagePlace.Parse(continuation) ?? throw InvalidContinuation();
        var limit = query.PageSize ?? XmsCapabilities.MaxPageSize;
        var request = _api.ListAccessTokensRequest(
            limit, place.Start, XmsRequests.ToNumber(query.OwnerId), query.Role?.Value, query.OwnOnly ? null : true);

        // The server is written in Go, where an empty list can be null. Observed responses contain null for other lists.
        var page = await _api.ReadPageAsync<AccessTokensResp, AccessToken>(
            request, "access_tokens", query.IncludeRaw, XmsErrors.Read, context).ConfigureAwait(false);
        return TokenPageReader.Of(page, model => XmsMapping.ToApiToken(model, Connection, query.IncludeRaw), AtEnd);

        // The received elements count, not the requested number, because a server can have smaller pages or none. The total is only a hint,
        // because it is known only from the API's other collections. If it is less than what was received, it is ignored, and the list ends
        // with an empty page.
        TokenPageEnd AtEnd()
        {
            var paging = page.Envelope.Paging;
            var offset = place.Start + page.Count;
            var total = paging?.TotalCount is { } told && told >= offset ? told : (long?)null;
            if (page.IsNull && total > offset)
                throw page.WithoutList();
            if (page.Count == 0 || (total == offset && !MayGoOn(paging)))
                return new TokenPageEnd(null) { TotalCount = total };
            var next = new PagePlace(offset, place.Start == 0 ? page.Count : place.Size);
            return new TokenPageEnd(next.ToString())
            {
                TotalCount = total,
                Rest = total is { } all ? new PageStarts(offset, page.Count, all) : [],
                IsMoreExpected = page.Count == limit || total > offset,
            };
        }

        // More tokens can follow a full page even if the total is reached. A page can be full by the requested size or by the server's own
        // size.
        bool MayGoOn(Paging? paging)
            => paging?.Truncated == true
            || !string.IsNullOrEmpty(paging?.Next)
            || page.Count == limit
            || page.Count == paging?.Limit
            || (place.Start == 0 ? page.Count % UsualPage == 0 : page.Count == place.Size);
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
    {
        var check = new RequestCheck();
        var id = XmsRequests.ToId(reference, check);
        Require(TokenOperation.Get, check);
        var model = id is { } number
            ? Record(await _api.GetAccessTokenAsync(number, context).ConfigureAwait(false))
            : await FindAsync(TokenOperation.Get, reference, context).ConfigureAwait(false);
        return XmsMapping.ToApiToken(model, Connection, includeRaw: true);
    }

    /// <inheritdoc />
    protected override void Check(CreateTokenRequest request, RequestCheck check) => XmsRequests.ToCreate(request, check);

    /// <inheritdoc />
    protected override async Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
    {
        var body = XmsRequests.ToCreate(request, new RequestCheck());
        return XmsMapping.ToIssuedToken(await _api.CreateAccessTokenAsync(body, context).ConfigureAwait(false), Connection);
    }

    /// <inheritdoc />
    protected override async Task<ApiToken> UpdateCoreAsync(
        TokenReference reference, UpdateTokenRequest request, OperationContext context)
    {
        var check = new RequestCheck();
        var body = XmsRequests.ToUpdate(request, check);
        var id = await IdAsync(TokenOperation.Update, reference, check, context.Reading()).ConfigureAwait(false);
        return XmsMapping.ToApiToken(
            Record(await _api.UpdateAccessTokenAsync(id, body, context).ConfigureAwait(false)), Connection, includeRaw: true);
    }

    /// <inheritdoc />
    protected override async Task<IssuedToken> RegenerateCoreAsync(TokenReference reference, OperationContext context)
    {
        var id = await IdAsync(TokenOperation.Regenerate, reference, new RequestCheck(), context.Reading()).ConfigureAwait(false);
        return XmsMapping.ToIssuedToken(await _api.RegenerateAccessTokenAsync(id, context).ConfigureAwait(false), Connection);
    }

    /// <inheritdoc />
    protected override async Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
    {
        var isOwn = await IsOwnAsync(reference, context.CancellationToken).ConfigureAwait(false);
        try
        {
            var response = await AskAsync(TokenOperation.Validate, reference, context).ConfigureAwait(false);
            return response.AccessToken is { } model
                ? new TokenValidation { Verdict = TokenVerdict.Active, Token = XmsMapping.ToApiToken(model, Connection, includeRaw: true) }
                : new TokenValidation { Verdict = TokenVerdict.Undetermined,
                    Reason = "The vendor responded with success, but without the record of a token." };
        }
        catch (ApiException refusal) when (IsRefused(refusal, isOwn))
        {
            return new TokenValidation
            {
                Verdict = TokenVerdict.Unknown,
                Reason = $"The vendor refused the secret (HTTP {refusal.StatusCode}); it doesn't show whether it is wrong, " +
                    "deleted or regenerated.",
            };
        }
        catch (ApiException refusal) when (refusal.StatusCode == 403)
        {
            return new TokenValidation
            {
                Verdict = TokenVerdict.Undetermined,
                Reason = "The vendor responded HTTP 403, and its documents don't say whether that is about the token or about " +
                    "the connection's rights.",
            };
        }
    }

    /// <inheritdoc />
    protected override async Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
    {
        // This is checked before the token is revoked. A reference by id can also be the connection's own token, but that can't be
        // detected.
        var isOwn = await IsOwnAsync(reference, context.CancellationToken).ConfigureAwait(false);
        var id = await IdAsync(TokenOperation.Revoke, reference, new RequestCheck(), context.Reading()).ConfigureAwait(false);
        await _api.DeleteAccessTokenAsync(id, context).ConfigureAwait(false);
        return new TokenRevocation
        {
            Outcome = RevocationOutcome.Deleted,
            Remark = isOwn ? "It was the connection's own token. Set another one in its options." : null,
        };
    }

    /// <inheritdoc />
    protected override OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var token = XmsRequests.ToCreate(request, new RequestCheck()).AccessToken!;
        return new OrphanRecovery
        {
            // Names aren't known to be unique at this vendor.
            FindAsync = context => FindNamedAsync(new TokenQuery { OwnOnly = true }, token.Name, context),
            Expected = new()
            {
                Name = token.Name,
                Description = token.Description,
                Roles = token.Roles is { } roles ? RepeatedParts.RolesOf(roles) : null,
            },
            Advice = $"Look for a token of the connection's own user that is named '{token.Name}'.",
        };
    }

    /// <inheritdoc />
    protected override async Task<RegenerationResolution> ResolveRegenerateAsync(
        TokenReference reference, LostResponse lost, OperationContext context)
    {
        ArgumentNullException.ThrowIfNull(reference);

        // Only the old secret shows the outcome, because the documents don't say what a regenerate changes in the record.
        if (reference.Kind == TokenReferenceKinds.Id)
            return await base.ResolveRegenerateAsync(reference, lost, context).ConfigureAwait(false);
        var validation = await ValidateCoreAsync(reference, context).ConfigureAwait(false);
        return validation.Verdict switch
        {
            TokenVerdict.Active =>
                new("The old secret still works, so the token was not regenerated. The call can be repeated.") { DidNotHappen = true },
            TokenVerdict.Unknown when reference.Kind == TokenReferenceKinds.Self =>
                new("The old secret, which the connection uses, no longer works, and the new one is lost: another connection must " +
                    "regenerate the token again."),
            TokenVerdict.Unknown => new("The old secret no longer works and the new one is lost: regenerate the token again, by its id."),
            _ => await base.ResolveRegenerateAsync(reference, lost, context).ConfigureAwait(false),
        };
    }

    /// <inheritdoc />
    protected override VendorError ReadError(JsonElement body) => XmsErrors.Read(body);

    // A 401 is about the connection's credential. If that is the token to validate, it decides the result.
    private static bool IsRefused(ApiException response, bool isOwn)
        => !response.HasForeignBody && (response.StatusCode is 400 or 404 || (response.StatusCode == 401 && isOwn));

    private static AccessToken Record(AccessTokenResp response)
        => response.AccessToken ?? throw ApiException.WithoutMember("access_token");

    // The vendor changes and deletes tokens only by their id.
    private async Task<long> IdAsync(
        TokenOperation operation, TokenReference reference, RequestCheck check, OperationContext context)
    {
        var id = XmsRequests.ToId(reference, check);
        Require(operation, check);
        return id
            ?? (await FindAsync(operation, reference, context).ConfigureAwait(false)).Id
            ?? throw ApiException.WithoutMember("access_token.id");
    }

    private async Task<AccessToken> FindAsync(TokenOperation operation, TokenReference reference, OperationContext context)
    {
        try
        {
            return Record(await AskAsync(operation, reference, context).ConfigureAwait(false));
        }
        catch (ApiException refusal) when (refusal.StatusCode is 400 or 404 && !refusal.HasForeignBody)
        {
            throw NotFound(operation, reference, $"The vendor refused the secret (HTTP {refusal.StatusCode}).", refusal);
        }
    }

    private Task<AccessTokenResp> AskAsync(TokenOperation operation, TokenReference reference, OperationContext context)
    {
        return reference.Secret is { } secret
            ? ValidateAsync(secret, context)
            : Connection.SendOwnSecretAsync(ReadAsync, ValidateAsync, context);

        Task<AccessTokenResp> ValidateAsync(TokenSecret value, OperationContext asking)
            => _api.ValidateAccessTokenAsync(value.Reveal(), asking).AsTask();

        // The capabilities were created when the connection was opened, but its options may have changed since.
        async ValueTask<TokenSecret> ReadAsync(CancellationToken token)
            => await OwnSecretAsync(token).ConfigureAwait(false) ?? throw InvalidRequest(
                operation,
                new TokenRequestProblem(null, "The connection no longer works with an access token, so it has none of its own."));
    }

    private async ValueTask<bool> IsOwnAsync(TokenReference reference, CancellationToken cancellationToken)
        => reference.Kind == TokenReferenceKinds.Self
        || (reference.Secret is { } secret && secret.Equals(await OwnSecretAsync(cancellationToken).ConfigureAwait(false)));

    private async ValueTask<TokenSecret?> OwnSecretAsync(CancellationToken cancellationToken)
        => _options().AccessToken is { } own ? await own.ReadAsync(cancellationToken).ConfigureAwait(false) : null;

    // Computes the starts of further pages on demand, because the total can be any number.
    private sealed class PageStarts(long offset, int step, long total) : IReadOnlyList<string>
    {
        public int Count { get; } = (int)Math.Min(int.MaxValue, ((total - offset) / step) + ((total - offset) % step == 0 ? 0 : 1));

        public string this[int index] => new PagePlace(offset + ((long)index * step), step).ToString();

        public IEnumerator<string> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
