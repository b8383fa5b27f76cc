using System.Globalization;
using Tokenwright.Http;

namespace Tokenwright;

/// <content>What becomes of writes whose answer is lost.</content>
public abstract partial class TokenClientAdapter
{
    // The vendor's clock is known to a second, and a record may be dated when its request arrived or when it was stored.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public Task<CreationResolution> RecoverCreateAsync(CreateTokenRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CallAsync(TokenOperation.Create, null, token => ResolveAsync(request, startedAt, null, token), cancellationToken);
    }

    /// <summary>What revoking amounts to at this vendor.</summary>
    protected virtual RevocationOutcome Revocation => RevocationOutcome.Deleted;

    /// <summary>Gives a request what the token is found by if the answer is lost; called before anything is sent.</summary>
    /// <param name="request">The caller's request.</param>
    /// <returns>The same request, or one that says more.</returns>
    protected virtual CreateTokenRequest WithRecoveryKey(CreateTokenRequest request) => request;

    /// <summary>How the token of a request is found if the answer is lost.</summary>
    /// <param name="request">The request, as <see cref="WithRecoveryKey"/> gave it.</param>
    /// <param name="startedAt">When the create began, by the own clock.</param>
    protected virtual StrayRecovery RecoveryOf(CreateTokenRequest request, DateTimeOffset startedAt)
        => new() { Advice = "Look for it where the vendor shows its tokens, and revoke it there." };

    /// <summary>Finds out what became of a regenerate whose answer was lost; it is never sent again.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="lost">How the answer was lost.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Text for the exception: what is known and what to do.</returns>
    protected virtual Task<RegenerationResolution> ResolveRegenerateAsync(TokenReference reference, LostAnswer lost, CancellationToken cancellationToken)
        => Task.FromResult(new RegenerationResolution("Whether the old secret still works is not known. Regenerate the token again: whichever secret it has now then ends."));

    /// <summary>Whether a failure says that there is nothing to revoke any more; asked where an earlier attempt of the same call may have revoked it.</summary>
    /// <param name="failure">The failure of the last attempt.</param>
    /// <param name="reference">The token.</param>
    protected virtual bool IsGone(Exception failure, TokenReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return failure is TokenNotFoundException or ApiException { StatusCode: 404 or 410, HasForeignBody: false }
            || (reference.Kind == TokenReferenceKinds.Self && failure is ApiException { StatusCode: 401 } or CredentialExchangeException { InnerException: ApiException { StatusCode: >= 400 and < 500 } });
    }

    private async Task<TokenRevocation> RevokeAtMostOnceAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return await RevokeCoreAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (CallScope.Current?.Last?.EarlierMayHaveArrived == true && IsGone(failure, reference))
        {
            return new TokenRevocation
            {
                Outcome = Revocation,
                Remark = "The answer to a first attempt was lost, and the second one found no such token any more: the first one ended it, or somebody else did meanwhile.",
            };
        }
    }

    private async Task<IssuedToken> CreateOnceAsync(CreateTokenRequest request, CancellationToken cancellationToken)
    {
        request = WithRecoveryKey(request);
        var startedAt = Connection.TimeProvider.GetUtcNow();
        var (issued, lost) = await SendOnceAsync(TokenOperation.Create, token => CreateCoreAsync(request, token), cancellationToken).ConfigureAwait(false);
        if (issued is not null)
            return issued;
        if (cancellationToken.IsCancellationRequested)
            throw Cancelled(TokenOperation.Create, CreateUnknown(request, lost!, null, null), cancellationToken);

        CreationResolution resolution;
        try
        {
            resolution = await ResolveAsync(request, lost!.StartedAt, lost, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (cancellationToken.IsCancellationRequested && cancelled.InnerException is not TokenOutcomeUnknownException)
        {
            throw Cancelled(TokenOperation.Create, CreateUnknown(request, lost!, null, null), cancellationToken);
        }
        catch (Exception failure) when (failure is not TokenOutcomeUnknownException && AsCause(failure, TokenOperation.Create, null, cancellationToken) is { } translated)
        {
            // The original loss is what the caller must know of; that the search failed as well is told beside it. Of a second create that was lost too, it is the second one.
            throw CreateUnknown(request, lost!, null, $"To find out what became of it failed too: {Text(translated)}");
        }

        return resolution.Issued ?? throw CreateUnknown(request, lost!, resolution, null);
    }

    private async Task<IssuedToken> RegenerateOnceAsync(TokenReference reference, CancellationToken cancellationToken)
    {
        var (issued, lost) = await SendOnceAsync(TokenOperation.Regenerate, token => RegenerateCoreAsync(reference, token), cancellationToken, reference).ConfigureAwait(false);
        if (issued is not null)
            return issued;
        if (cancellationToken.IsCancellationRequested)
            throw Cancelled(TokenOperation.Regenerate, RegenerateUnknown(lost!, "Whether the old secret still works was not looked up."), cancellationToken);

        RegenerationResolution resolution;
        try
        {
            resolution = await AskedUntilAsync(() => ResolveRegenerateAsync(reference, lost!, cancellationToken), answer => !answer.DidNotHappen, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw Cancelled(TokenOperation.Regenerate, RegenerateUnknown(lost!, "Whether the old secret still works was not looked up."), cancellationToken);
        }
        catch (Exception failure) when (AsCause(failure, TokenOperation.Regenerate, reference, cancellationToken) is { } translated)
        {
            throw RegenerateUnknown(lost!, $"To find out what became of it failed too: {Text(translated)}");
        }

        throw resolution.DidNotHappen
            ? new TokenServiceUnavailableException(Sentence(TokenOperation.Regenerate, $"{Text(lost!.Cause)} {resolution.Remark}"), FailureOf(lost.Cause) with { IsTransient = true }, lost.Cause)
            : RegenerateUnknown(lost!, resolution.Remark);
    }

    // Sends what must not be sent twice. What may have been carried out without an answer that can be used is lost, however that came about.
    private async Task<(T? Result, LostAnswer? Lost)> SendOnceAsync<T>(
        TokenOperation operation, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken, TokenReference? reference = null)
        where T : class
    {
        var startedAt = Connection.TimeProvider.GetUtcNow();
        var scope = CallScope.Enter(mayResend: false);
        try
        {
            return (await send(cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            if (scope.Last?.MayHaveArrived != true)
                throw;
            return (null, new LostAnswer(AsCause(exception, operation, reference, cancellationToken), startedAt));
        }
    }

    private TokenClientException AsCause(Exception exception, TokenOperation operation, TokenReference? reference, CancellationToken cancellationToken)
        => exception is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? new TokenServiceUnavailableException(Sentence(operation, "The call was cancelled before the answer came."), Failure(operation), exception)
            : Translate(exception, operation, reference);

    private async Task<CreationResolution> ResolveAsync(CreateTokenRequest request, DateTimeOffset startedAt, LostAnswer? lost, CancellationToken cancellationToken)
    {
        var recovery = RecoveryOf(request, startedAt);
        if (request.IfOutcomeUnknown == UnknownOutcomeAction.Throw || recovery.FindAsync is null)
            return new CreationResolution { StrayLivesUntil = recovery.LivesUntil, Remark = Unsearched(recovery) };

        var strays = await FindAsync(recovery.FindAsync, startedAt, cancellationToken).ConfigureAwait(false);
        switch (request.IfOutcomeUnknown)
        {
            case UnknownOutcomeAction.Recover when strays is [var stray] && recovery.ReadSecretAsync is { } readSecret:
                return await SettleAsync(
                    lost,
                    new() { Strays = strays, Remark = $"A token that must be it was found (id {stray.Id}), but to read its secret failed." },
                    async () =>
                    {
                        var secret = await ReadingAsync(() => readSecret(stray, cancellationToken)).ConfigureAwait(false);
                        return new CreationResolution { Issued = new IssuedToken { Token = stray, Secret = secret }, Strays = strays, Remark = "The token was found by its key, and its secret read again." };
                    },
                    cancellationToken).ConfigureAwait(false);

            case UnknownOutcomeAction.RevokeStray or UnknownOutcomeAction.RevokeStrayAndCreateAgain when strays is [{ Id: var id }] && ReferenceTo(id) is { } reference:
                var settled = await SettleAsync(
                    lost,
                    new() { Strays = strays, Remark = $"A token that must be it was found (id {id}), but to revoke it failed." },
                    async () =>
                    {
                        await ReadingAsync(() => RevokeAtMostOnceAsync(reference, cancellationToken)).ConfigureAwait(false);
                        return new CreationResolution { Strays = strays, IsStrayRevoked = true, Remark = $"The token was found (id {id}) and revoked: nothing of it is left behind." };
                    },
                    cancellationToken).ConfigureAwait(false);
                return settled.IsStrayRevoked && request.IfOutcomeUnknown == UnknownOutcomeAction.RevokeStrayAndCreateAgain
                    ? await CreateAgainAsync(request, lost, settled, cancellationToken).ConfigureAwait(false)
                    : settled;

            // Nothing there although the vendor said that it was done is nothing to build on.
            case UnknownOutcomeAction.RevokeStrayAndCreateAgain when strays.Count == 0 && lost?.IsDone != true:
                return await CreateAgainAsync(request, lost, new() { Remark = "No token of the first try was found." }, cancellationToken).ConfigureAwait(false);

            default:
                return new CreationResolution { Strays = strays, Remark = Found(strays, recovery) };
        }
    }

    // Null for what can't be named: without an id, or with one that no call can carry.
    private static TokenReference? ReferenceTo(string? id)
    {
        try
        {
            return TokenReference.ById(id!);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private Task<CreationResolution> CreateAgainAsync(CreateTokenRequest request, LostAnswer? lost, CreationResolution first, CancellationToken cancellationToken)
        => SettleAsync(
            lost,
            new() { Strays = first.Strays, IsStrayRevoked = first.IsStrayRevoked, Remark = $"{first.Remark} To create it once more failed." },
            async () => new()
            {
                Issued = await CreateOnceAsync(new CreateTokenRequest(request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeStray }, cancellationToken).ConfigureAwait(false),
                Strays = first.Strays,
                IsStrayRevoked = first.IsStrayRevoked,
                Remark = $"{first.Remark} It was created once more.",
            },
            cancellationToken);

    // What was found of a lost create is told, also if what is then done about it fails. Whoever calls the recovery itself learns of the failure, and calls again.
    private async Task<CreationResolution> SettleAsync(LostAnswer? lost, CreationResolution otherwise, Func<Task<CreationResolution>> settle, CancellationToken cancellationToken)
    {
        try
        {
            return await settle().ConfigureAwait(false);
        }
        catch (Exception failure) when (lost is not null
            && failure is not (TokenOutcomeUnknownException or OperationCanceledException)
            && AsCause(failure, TokenOperation.Create, null, cancellationToken) is { } cause)
        {
            return new() { Strays = otherwise.Strays, IsStrayRevoked = otherwise.IsStrayRevoked, Remark = $"{otherwise.Remark} {Text(cause)}" };
        }
    }

    private Task<IReadOnlyList<ApiToken>> FindAsync(
        Func<Func<DateTimeOffset?, bool>, CancellationToken, Task<IReadOnlyList<ApiToken>>> find, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        return AskedUntilAsync(() => find(IsSince, cancellationToken), strays => strays.Count > 0, cancellationToken);

        bool IsSince(DateTimeOffset? made) => made >= startedAt + Connection.ServerClock.Ahead - ClockTolerance;
    }

    // A server that was too slow to answer may be slow to do what was asked as well: it is asked as often as a retry would ask.
    private async Task<T> AskedUntilAsync<T>(Func<Task<T>> ask, Predicate<T> isEnough, CancellationToken cancellationToken)
    {
        for (var look = 0; ; look++)
        {
            var answer = await ReadingAsync(ask).ConfigureAwait(false);
            if (isEnough(answer) || look == Connection.MaxRetries)
                return answer;
            await Task.Delay(Backoff.Delay(look, Connection.RetryDelay), Connection.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private TokenOutcomeUnknownException CreateUnknown(CreateTokenRequest request, LostAnswer lost, CreationResolution? resolution, string? remark)
    {
        var recovery = RecoveryOf(request, lost.StartedAt);
        var known = lost.IsDone ? "A token was made, but the answer that held its secret was lost." : "The answer was lost after the request may have left, so a token may exist that nobody holds.";
        return new TokenOutcomeUnknownException(
            Sentence(TokenOperation.Create, $"{known} {resolution?.Remark ?? remark ?? Unsearched(recovery)} ({Text(lost.Cause)})"),
            FailureOf(lost.Cause) with { IsTransient = resolution?.IsStrayRevoked == true },
            lost.Cause)
        {
            StartedAt = lost.StartedAt,
            Recovery = ClassOf(recovery),
            Strays = resolution?.Strays ?? [],
            IsStrayRevoked = resolution?.IsStrayRevoked ?? false,
            StrayLivesUntil = recovery.LivesUntil,
            StrayReference = recovery.Reference,
        };
    }

    // What the card bounds by an expiry is unbounded for a token without one.
    private CreationRecovery ClassOf(StrayRecovery recovery)
        => Metadata.Capabilities.CreationRecovery == CreationRecovery.BoundedByExpiry && recovery.LivesUntil is null
            ? CreationRecovery.Unbounded
            : Metadata.Capabilities.CreationRecovery;

    private TokenOutcomeUnknownException RegenerateUnknown(LostAnswer lost, string remark)
        => new(
            Sentence(TokenOperation.Regenerate, $"The answer was lost after the request may have left. {remark} ({Text(lost.Cause)})"),
            FailureOf(lost.Cause) with { IsTransient = false },
            lost.Cause)
        {
            StartedAt = lost.StartedAt,
        };

    // A cancellation stays one; what it left behind is told beside it.
    private OperationCanceledException Cancelled(TokenOperation operation, TokenOutcomeUnknownException unknown, CancellationToken cancellationToken)
        => new(Sentence(operation, "cancelled after the request may have left; the inner exception says what is known."), unknown, cancellationToken);

    private static string Unsearched(StrayRecovery recovery)
        => recovery.LivesUntil is { } end
            ? string.Create(CultureInfo.InvariantCulture, $"It can't be looked for; if it exists, it lives until {end.ToUniversalTime():u}. {recovery.Advice}")
            : $"It was not looked for. {recovery.Advice}";

    private static string Found(IReadOnlyList<ApiToken> strays, StrayRecovery recovery) => strays switch
    {
        [] => $"No such token was found afterwards; should the vendor still be at work, it can appear later. {recovery.Advice}",
        [var stray] => $"A token that must be it was found (id {stray.Id}); its secret is lost. Revoke it, or let {nameof(CreateTokenRequest.IfOutcomeUnknown)} do that.",
        _ => $"{strays.Count.ToString(CultureInfo.InvariantCulture)} tokens were found that can be it (ids {string.Join(", ", strays.Select(stray => stray.Id))}), so none was touched. {recovery.Advice}",
    };

    // The cause in a sentence that names vendor, connection and operation already.
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
