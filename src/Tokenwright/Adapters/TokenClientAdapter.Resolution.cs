namespace Tokenwright.Adapters;

/// <content>Finds the token of a create whose response was lost, and reads its secret or revokes it.</content>
public abstract partial class TokenClientAdapter
{
    private async Task<CreationResolution> ResolveAsync(
        CreateTokenRequest request, OrphanSearch search, LostResponse? lost, OperationContext context)
    {
        var recovery = search.Recovery;
        if (request.IfOutcomeUnknown == UnknownOutcomeAction.Throw || recovery.FindAsync is null)
            return new CreationResolution { OrphanExpiresAt = recovery.LivesUntil, Remark = Unsearched(recovery) };

        var finding = await SearchAsync(search, context).ConfigureAwait(false);
        switch (request.IfOutcomeUnknown)
        {
            case UnknownOutcomeAction.Recover when finding.Orphan is { } orphan && recovery.ReadSecretAsync is not null:
                return await ReadAgainAsync(orphan, recovery.ReadSecretAsync, lost, context).ConfigureAwait(false);

            case UnknownOutcomeAction.RevokeOrphan or UnknownOutcomeAction.RevokeOrphanAndCreateAgain when finding.Orphan is { } orphan:
                var settled = await RevokeOrphanAsync(orphan, lost, context).ConfigureAwait(false);
                search.IsRevoked = settled.IsOrphanRevoked;
                return settled.IsOrphanRevoked && request.IfOutcomeUnknown == UnknownOutcomeAction.RevokeOrphanAndCreateAgain
                    ? await CreateAgainAsync(request, search, lost, settled, context).ConfigureAwait(false)
                    : settled;

            // If the vendor reported success but no token was found, it isn't safe to create a second one.
            case UnknownOutcomeAction.RevokeOrphanAndCreateAgain when finding.Sightings.Count == 0 && lost?.IsDone != true:
                var nothing =
                    new CreationResolution { Remark = $"No token of the first create was found within {Seconds(search.SettleTime)}." };
                return await CreateAgainAsync(request, search, lost, nothing, context).ConfigureAwait(false);

            default:
                return new CreationResolution { Orphans = finding.Tokens, Remark = Found(finding, search) };
        }
    }

    // A key identifies a token at once. A name can belong to any token, and an empty result can come from a list that is not up to date, so
    // both are trusted only at the end.
    private async Task<Finding> SearchAsync(OrphanSearch search, OperationContext context)
    {
        var recovery = search.Recovery;
        await LookUntilSettledAsync(
            search.SettleTime - (Connection.TimeProvider.GetUtcNow() - search.LostAt),
            async reading => search.Seen = await recovery.FindAsync!(reading).ConfigureAwait(false),
            _ => recovery.Reference is not null && search.Judge().Orphan is not null,
            context).ConfigureAwait(false);

        // A token of another create in this process belongs to the caller of that create as soon as its response arrives.
        search.IsAnotherUnderWay = search.Judge().Sightings.Count > 0
            && !await Connection.Creations.WaitForOthersAsync(Connection.TotalTimeout, context.CancellationToken).ConfigureAwait(false);
        return search.Judge();
    }

    // Looks at once, then with increasing waits, and for the last time after the settle time. A request that the vendor hasn't carried out
    // by then counts as not carried out.
    private async Task<T> LookUntilSettledAsync<T>(
        TimeSpan settleTime, Func<OperationContext, Task<T>> look, Predicate<T> isEnough, OperationContext context)
    {
        var begin = Connection.TimeProvider.GetTimestamp();
        TimeSpan Left() => settleTime - Connection.TimeProvider.GetElapsedTime(begin);
        for (var wait = Connection.RetryDelay; ; wait *= 2)
        {
            var isLast = Left() <= TimeSpan.Zero;
            try
            {
                var found = await look(context.Reading()).ConfigureAwait(false);
                if (isLast || isEnough(found))
                    return found;
            }
            catch (Exception failure) when (!isLast)
            {
                // The problem that caused the lost response can affect this request too, and be temporary.
                if (!AsCause(failure, context).IsTransient)
                    throw;
            }

            if (Left() is var left && left > TimeSpan.Zero)
                await Task.Delay(wait < left ? wait : left, Connection.TimeProvider, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private Task<CreationResolution> ReadAgainAsync(
        ApiToken orphan, Func<ApiToken, OperationContext, Task<TokenSecret>> readSecret, LostResponse? lost,
        OperationContext context)
        => TakeAsync(
            orphan,
            () => SettleAsync(
                lost,
                new() { Orphans = [orphan], Remark = $"Its token was found (id {orphan.Id}), but its secret couldn't be read." },
                async () =>
                {
                    var secret = await readSecret(orphan, context.Reading()).ConfigureAwait(false);
                    return new CreationResolution
                    {
                        Issued = new IssuedToken { Token = orphan, Secret = secret },
                        Orphans = [orphan],
                        Remark = "The token was found by its key, and its secret read again.",
                    };
                },
                context));

    private Task<CreationResolution> RevokeOrphanAsync(ApiToken orphan, LostResponse? lost, OperationContext context)
        => TakeAsync(
            orphan,
            () => SettleAsync(
                lost,
                new() { Orphans = [orphan], Remark = $"Its token was found (id {orphan.Id}), but it couldn't be revoked." },
                async () =>
                {
                    var revoking = context.With(mayRetry: true, isReadOnly: false);
                    await RevokeAtMostOnceAsync(TokenReference.ById(orphan.Id!), revoking).ConfigureAwait(false);
                    return new CreationResolution
                    {
                        Orphans = [orphan],
                        IsOrphanRevoked = true,
                        Remark = $"Its token was found (id {orphan.Id}) and revoked: nothing of it is left behind.",
                    };
                },
                context));

    // Only one call may handle an orphaned token. A token that another call has claimed in the meantime may be returned to its caller.
    private async Task<CreationResolution> TakeAsync(ApiToken orphan, Func<Task<CreationResolution>> settle)
    {
        if (!Connection.Creations.TryAdd(orphan.Id))
            return new() { Orphans = [orphan], Remark =
                $"A token was found (id {orphan.Id}) that another call of this program is handling, so it was not changed." };
        var isSettled = false;
        try
        {
            var resolution = await settle().ConfigureAwait(false);
            isSettled = resolution.Issued is not null || resolution.IsOrphanRevoked;
            return resolution;
        }
        finally
        {
            if (!isSettled)
                Connection.Creations.Remove(orphan.Id!);
        }
    }

    // The tokens of the latest query existed before the second create, like those that existed before the first one.
    private Task<CreationResolution> CreateAgainAsync(
        CreateTokenRequest request, OrphanSearch search, LostResponse? lost, CreationResolution first, OperationContext context)
        => SettleAsync(
            lost,
            new() { Orphans = first.Orphans, IsOrphanRevoked = first.IsOrphanRevoked,
                Remark = $"{first.Remark} Creating it once more failed." },
            async () => new()
            {
                Issued = await CreateOnceAsync(
                    new CreateTokenRequest(request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan },
                    context,
                    Ids([.. search.Known, .. search.Seen.Select(token => token.Id)])).ConfigureAwait(false),
                Orphans = first.Orphans,
                IsOrphanRevoked = first.IsOrphanRevoked,
                Remark = $"{first.Remark} It was created once more.",
            },
            context);

    // The caller learns which token was found even if handling it fails. A caller of the recovery itself gets the failure, and can call
    // again.
    private async Task<CreationResolution> SettleAsync(
        LostResponse? lost, CreationResolution otherwise, Func<Task<CreationResolution>> settle, OperationContext context)
    {
        try
        {
            return await settle().ConfigureAwait(false);
        }
        catch (Exception failure) when (lost is not null && failure is not (TokenOutcomeUnknownException or OperationCanceledException))
        {
            var cause = AsCause(failure, context);
            return new()
                { Orphans = otherwise.Orphans, IsOrphanRevoked = otherwise.IsOrphanRevoked, Remark = $"{otherwise.Remark} {Text(cause)}" };
        }
    }
}
