using System.Globalization;

namespace Tokenwright.Adapters;

/// <content>Handles creates and regenerates whose response is lost.</content>
public abstract partial class TokenClientAdapter
{
    private static readonly TimeSpan DefaultSettleTime = TimeSpan.FromSeconds(30);
    private static readonly HashSet<string> NoIds = [];

    private TimeSpan SettleTime => Connection.CreationSettleTime ?? Metadata.Capabilities.CreationSettleTime ?? DefaultSettleTime;

    /// <inheritdoc />
    public Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken = default)
        => RecoverCreateAsync(request, startedAt, NoIds, cancellationToken);

    /// <inheritdoc />
    public Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, IReadOnlyCollection<string> knownIds,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(knownIds);
        return CallAsync(TokenOperation.Create, null, RecoverAsync, cancellationToken);

        Task<CreationResolution> RecoverAsync(OperationContext context)
        {
            // It isn't known when the request was sent. It was at the latest now, or at the end of the longest possible call, which
            // includes the search for known tokens.
            var now = Connection.TimeProvider.GetUtcNow();
            var longest = 2 * Connection.TotalTimeout;
            var lostAt = now - startedAt > longest ? startedAt + longest : now;
            var search = new OrphanSearch(
                RecoveryOf(request, startedAt), startedAt, lostAt, SettleTime, Ids(knownIds), isKnownBefore: false, Connection);
            return ResolveAsync(request, search, null, context);
        }
    }

    /// <summary>Gets how this vendor revokes a token.</summary>
    protected virtual RevocationOutcome Revocation => RevocationOutcome.Deleted;

    /// <summary>
    /// Checks the vendor's requirements for a create. It is called before anything is sent, even before the search for known tokens.
    /// </summary>
    /// <param name="request">The request that <see cref="WithRecoveryKey"/> returned.</param>
    /// <param name="check">Collects the problems.</param>
    protected virtual void Check(CreateTokenRequest request, RequestCheck check)
    {
    }

    /// <summary>Adds to a request what is needed to find the token if the response is lost. It is called before anything is sent.</summary>
    /// <param name="request">The caller's request.</param>
    /// <returns>The same request, or one with more properties.</returns>
    protected virtual CreateTokenRequest WithRecoveryKey(CreateTokenRequest request) => request;

    /// <summary>Gets how to find the token of a request if the response is lost.</summary>
    /// <param name="request">The request that <see cref="WithRecoveryKey"/> returned.</param>
    /// <param name="startedAt">When the create began, by the local clock.</param>
    protected virtual OrphanRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
        => new() { Advice = "Look for it where the vendor shows its tokens, and revoke it there." };

    /// <summary>
    /// Lists the tokens with a name, for <see cref="OrphanRecovery.FindAsync"/>. This includes tokens whose name differs only in case or in
    /// surrounding white space, and those whose name can't be read, because any of them can be the right one.
    /// </summary>
    /// <param name="query">The filters and options of the list.</param>
    /// <param name="name">The name.</param>
    /// <param name="context">The operation.</param>
    protected Task<IReadOnlyList<ApiToken>> FindNamedAsync(TokenQuery query, string? name, OperationContext context)
        => FindAllAsync(
            query,
            token => token.Name is null || string.Equals(token.Name.Trim(), name?.Trim(), StringComparison.OrdinalIgnoreCase),
            context);

    /// <summary>Finds out the outcome of a regenerate whose response was lost. The regenerate is never retried.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="lost">How the response was lost.</param>
    /// <param name="context">The operation. Its requests only read.</param>
    /// <returns>The outcome, and what to do, as text for the exception.</returns>
    protected virtual Task<RegenerationResolution> ResolveRegenerateAsync(
        TokenReference reference, LostResponse lost, OperationContext context)
        => Task.FromResult(new RegenerationResolution(
            "Whether the old secret still works is not known. Regenerate the token again: whichever secret it has now then stops " +
                "working."));

    /// <summary>
    /// Determines whether a failure means that the token is already revoked. It is called if an earlier attempt of the same call may have
    /// revoked it.
    /// </summary>
    /// <param name="failure">The failure of the last attempt.</param>
    /// <param name="reference">The token.</param>
    protected virtual bool IsGone(Exception failure, TokenReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return failure is TokenNotFoundException or ApiException { StatusCode: 404 or 410, HasForeignBody: false }
            || (reference.Kind == TokenReferenceKinds.Self && failure is ApiException { StatusCode: 401, HasForeignBody: false }
                or CredentialExchangeException { InnerException: ApiException { StatusCode: >= 400 and < 500 } });
    }

    private async Task<TokenRevocation> RevokeAtMostOnceAsync(TokenReference reference, OperationContext context)
    {
        try
        {
            return await RevokeCoreAsync(reference, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (context.Last?.EarlierMayHaveArrived == true && IsGone(failure, reference))
        {
            return new TokenRevocation
            {
                Outcome = Revocation,
                Remark = "The response to the first attempt was lost, and the second one found no such token. The first one revoked it, " +
                    "or somebody else did in the meantime.",
            };
        }
    }

    // For a second create, the known tokens are passed in.
    private async Task<IssuedToken> CreateOnceAsync(
        CreateTokenRequest request, OperationContext context, IReadOnlySet<string>? known = null)
    {
        request = WithRecoveryKey(request);
        var check = new RequestCheck();
        Check(request, check);
        if (!Metadata.Capabilities.RequiresIdToken)
            check.Unsupported(nameof(CreateTokenRequest.IdToken), request.IdToken, $"{Metadata.Vendor} takes no identity token.");
        Require(TokenOperation.Create, check);
        if (known is null && SearchForKnown(request) is { } find)
            known = Ids((await find(context.Reading()).ConfigureAwait(false)).Select(token => token.Id));
        LostResponse lost;
        var own = context.WithoutRetry();
        var startedAt = Connection.TimeProvider.GetUtcNow();
        using (Connection.Creations.Begin())
        {
            try
            {
                var issued = await CreateCoreAsync(request, own).ConfigureAwait(false);
                Connection.Creations.TryAdd(issued.Token.Id);
                return issued;
            }
            catch (Exception failure) when (IsLost(own))
            {
                lost = new LostResponse(AsCause(failure, own), startedAt);
            }
        }

        return await RecoverLostAsync(request, lost, known, context).ConfigureAwait(false);
    }

    private async Task<IssuedToken> RecoverLostAsync(
        CreateTokenRequest request, LostResponse lost, IReadOnlySet<string>? known, OperationContext context)
    {
        var cancellationToken = context.CancellationToken;
        var lostAt = Connection.TimeProvider.GetUtcNow();
        var search = new OrphanSearch(
            TryRecoveryOf(request, lost.StartedAt), lost.StartedAt, lostAt, SettleTime, known ?? NoIds, isKnownBefore: known is not null,
            Connection);
        if (cancellationToken.IsCancellationRequested)
            throw Cancelled(TokenOperation.Create, CreateUnknown(search, lost, null), cancellationToken);

        CreationResolution resolution;
        try
        {
            resolution = await ResolveAsync(request, search, lost, context).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
            when (cancellationToken.IsCancellationRequested && cancelled.InnerException is not TokenOutcomeUnknownException)
        {
            throw Cancelled(TokenOperation.Create, CreateUnknown(search, lost, "The search for it was cancelled."), cancellationToken);
        }
        catch (Exception failure) when (
            failure is not TokenOutcomeUnknownException and not OperationCanceledException { InnerException: TokenOutcomeUnknownException })
        {
            // The exception reports the original loss, and adds that the search failed too. If a second create was lost as well, it reports
            // the second loss.
            var cause = AsCause(failure, context);
            throw CreateUnknown(search, lost, $"The search for the token failed too: {Text(cause)}");
        }

        return resolution.Issued ?? throw CreateUnknown(search, lost, resolution.Remark, resolution);
    }

    // If the adapter can't say how to find the token, for example because the time is out of range, there is no search. The caller still
    // learns that a token may exist.
    private OrphanRecovery TryRecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        try
        {
            return RecoveryOf(request, startedAt);
        }
        catch (Exception)
        {
            return new OrphanRecovery { Advice = "Look for it at the vendor." };
        }
    }

    // A token that exists before the request is sent can't be the new one, so it must never be revoked. If this query fails, nothing is
    // sent. Returns null if no known tokens are needed.
    private Func<OperationContext, Task<IReadOnlyList<ApiToken>>>? SearchForKnown(CreateTokenRequest request)
        => request.IfOutcomeUnknown is UnknownOutcomeAction.RevokeOrphan or UnknownOutcomeAction.RevokeOrphanAndCreateAgain
            && TryRecoveryOf(request, Connection.TimeProvider.GetUtcNow()) is { FindAsync: { } find, IsReferenceUnique: false }
            ? find : null;

    private async Task<IssuedToken> RegenerateOnceAsync(TokenReference reference, OperationContext context)
    {
        var cancellationToken = context.CancellationToken;
        LostResponse lost;
        var own = context.WithoutRetry();
        var startedAt = Connection.TimeProvider.GetUtcNow();
        try
        {
            var issued = await RegenerateCoreAsync(reference, own).ConfigureAwait(false);
            Connection.Creations.TryAdd(issued.Token.Id);
            return issued;
        }
        catch (Exception failure) when (IsLost(own))
        {
            lost = new LostResponse(AsCause(failure, own, reference), startedAt);
        }

        if (cancellationToken.IsCancellationRequested)
            throw Cancelled(TokenOperation.Regenerate, RegenerateUnknown(lost, "It was not checked whether the old secret still works."),
                cancellationToken);

        RegenerationResolution resolution;
        try
        {
            resolution = await LookUntilSettledAsync(
                SettleTime, reading => ResolveRegenerateAsync(reference, lost, reading), found => !found.DidNotHappen, context)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw Cancelled(TokenOperation.Regenerate, RegenerateUnknown(lost, "It was not checked whether the old secret still works."),
                cancellationToken);
        }
        catch (Exception failure)
        {
            var cause = AsCause(failure, context, reference);
            throw RegenerateUnknown(lost, $"The check whether the old secret still works failed too: {Text(cause)}");
        }

        throw resolution.DidNotHappen
            ? new TokenServiceUnavailableException(Sentence(TokenOperation.Regenerate, $"{Text(lost.Cause)} {resolution.Remark}"),
                FailureOf(lost.Cause) with { IsTransient = true }, lost.Cause)
            : RegenerateUnknown(lost, resolution.Remark);
    }

    // A request that must not be sent twice failed. The response counts as lost if the request may have been carried out, but there is no
    // usable response for any reason.
    private static bool IsLost(OperationContext context) => context.Last?.MayHaveArrived == true;

    private TokenClientException AsCause(Exception exception, OperationContext context, TokenReference? reference = null)
        => exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested
            ? new TokenServiceUnavailableException(
                Sentence(context.Operation!.Value, "The call was cancelled before the response came."), Failure(context.Operation.Value),
                exception)
            : Translate(exception, context, reference);

    private static HashSet<string> Ids(IEnumerable<string?> ids) => new(ids.OfType<string>(), StringComparer.OrdinalIgnoreCase);

    // Without a resolution, the exception reports the tokens that were found so far.
    private TokenOutcomeUnknownException CreateUnknown(
        OrphanSearch search, LostResponse lost, string? remark, CreationResolution? resolution = null)
    {
        var recovery = search.Recovery;
        var isRevoked = resolution?.IsOrphanRevoked ?? search.IsRevoked;
        var known = lost.IsDone
            ? "A token was created, but the response with its secret was lost."
            : "The response was lost after the request may have left, so an orphaned token may exist.";
        return new TokenOutcomeUnknownException(
            Sentence(TokenOperation.Create, $"{known} {remark ?? Unsearched(recovery)} ({Text(lost.Cause)})"),
            FailureOf(lost.Cause) with { IsTransient = isRevoked },
            lost.Cause)
        {
            StartedAt = lost.StartedAt,
            Recovery = ClassOf(recovery),
            Orphans = resolution?.Orphans ?? search.Judge().Tokens,
            IsOrphanRevoked = isRevoked,
            OrphanExpiresAt = recovery.LivesUntil,
            OrphanReference = recovery.Reference,
        };
    }

    // A token without an expiry is unbounded, even if the capabilities say that orphaned tokens are bounded by their expiry.
    private CreationRecovery ClassOf(OrphanRecovery recovery)
        => Metadata.Capabilities.CreationRecovery == CreationRecovery.BoundedByExpiry && recovery.LivesUntil is null
            ? CreationRecovery.Unbounded
            : Metadata.Capabilities.CreationRecovery;

    private TokenOutcomeUnknownException RegenerateUnknown(LostResponse lost, string remark)
        => new(
            Sentence(TokenOperation.Regenerate, $"The response was lost after the request may have left. {remark} ({Text(lost.Cause)})"),
            FailureOf(lost.Cause) with { IsTransient = false },
            lost.Cause)
        {
            StartedAt = lost.StartedAt,
        };

    // A cancelled call throws OperationCanceledException. Its inner exception says what the call left behind.
    private OperationCanceledException Cancelled(
        TokenOperation operation, TokenOutcomeUnknownException unknown, CancellationToken cancellationToken)
        => new(Sentence(operation, "cancelled after the request may have left; the inner exception says what is known."), unknown,
            cancellationToken);

    private static string Unsearched(OrphanRecovery recovery)
        => recovery.LivesUntil is { } end
            ? string.Create(CultureInfo.InvariantCulture,
                $"It can't be looked for; if it exists, it expires at {end.ToUniversalTime():u}. {recovery.Advice}")
            : $"It was not looked for. {recovery.Advice}";

    private static string Found(Finding finding, OrphanSearch search) => finding switch
    {
        { Sightings: [] } =>
            $"No such token was found within {Seconds(search.SettleTime)}; if the vendor carries the request out later, it can still " +
            $"appear. {search.Recovery.Advice}",
        { Orphan: { } orphan } =>
            $"Its token was found (id {orphan.Id}); its secret is lost. Revoke it, or let {nameof(CreateTokenRequest.IfOutcomeUnknown)} " +
            "do that.",
        _ => "It isn't certain which token it is, so none was changed and none created. Found: " +
            $"{string.Join("; ", finding.Sightings)}. {search.Recovery.Advice}",
    };

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");

    // Removes the prefix with vendor, connection and operation, because the outer message has it already.
    private string Text(TokenClientException cause)
    {
        var head = Sentence(cause.Operation, string.Empty);
        return cause.Message.StartsWith(head, StringComparison.Ordinal) ? cause.Message[head.Length..].TrimStart() : cause.Message;
    }

    private static TokenFailure FailureOf(TokenClientException cause) => new()
    {
        Vendor = cause.Vendor,
        Connection = cause.Connection,
        Operation = cause.Operation,
        Status = cause.Status,
        VendorErrorCode = cause.VendorErrorCode,
        VendorMessage = cause.VendorMessage,
        VendorRequestId = cause.VendorRequestId,
        RetryAfter = cause.RetryAfter,
    };
}
