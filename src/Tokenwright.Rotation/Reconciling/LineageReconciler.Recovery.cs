namespace Tokenwright.Rotation;

/// <content>Finds out what became of creates whose response was lost.</content>
internal sealed partial class LineageReconciler
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(30);

    private async Task<DateTimeOffset?> SettleAsync(AttemptEntry attempt)
    {
        if (attempt.LostAt is null)
        {
            // Or the journal is an old backup, and the token is in use since. Only sinks that were read back show that it isn't.
            attempt.MayBeInUse |= _isAnySinkUnread;
            await LoseAsync(attempt, $"What became of '{attempt.Name}' is not known: the program ended before the response.")
                .ConfigureAwait(false);
        }

        if (attempt.RegeneratedId is not null)
        {
            await SendRegenerateAsync(attempt).ConfigureAwait(false);
            return PauseIfLost(attempt, $"The secret of the token {attempt.RegeneratedId} was replaced several times");
        }

        switch (Capabilities.CreationRecovery)
        {
            case CreationRecovery.Recoverable:
                return await RecoverAsync(attempt).ConfigureAwait(false);
            case CreationRecovery.FindAndRevoke:
                return await FindAsync(attempt).ConfigureAwait(false);
            default:
                await OweAsync(attempt).ConfigureAwait(false);
                return null;
        }
    }

    // The same key is sent again, so that a create which lands late conflicts and can't make a second token.
    private async Task<DateTimeOffset?> RecoverAsync(AttemptEntry attempt)
    {
        var request = RequestFor(attempt, null);
        var found = await ResolveAsync(request, attempt).ConfigureAwait(false);
        if (found.Issued is { } issued)
        {
            await TakeAsync(attempt, issued).ConfigureAwait(false);
            return null;
        }

        if (found.Orphans.Count > 0)
            throw new RotationBlockedException(found.Remark, LongestRetry);

        // Its short life would be over before it could be extended.
        if (attempt.ExpiresAt <= Now)
        {
            _state.Attempts.Remove(attempt);
            Note($"'{attempt.Name}' was not created, and can't be any more: its expiry has passed.");
            await CommitAsync(Now).ConfigureAwait(false);
            return null;
        }

        Note($"'{attempt.Name}' was not found. It is sent again with the same key.");
        await CommitAsync(Now).ConfigureAwait(false);
        await SendAsync(attempt, request).ConfigureAwait(false);
        return PauseIfLost(attempt, $"The create of '{attempt.Name}' was sent several times");
    }

    private DateTimeOffset? PauseIfLost(AttemptEntry attempt, string what)
    {
        if (!_state.Attempts.Contains(attempt))
            return null;
        _state.Failures++;
        if (_state.Failures >= FailuresBeforeAttention)
            Attend($"{what}, and each response was lost.");
        _state.RetryAt = Now + Backoff(_state.Failures);
        return Wait(_state.RetryAt.Value, $"What became of '{attempt.Name}' is not known.");
    }

    // An empty list proves nothing before the settle time of the vendor's list.
    private async Task<DateTimeOffset?> FindAsync(AttemptEntry attempt)
    {
        var isFound = await LookForAsync([attempt]).ConfigureAwait(false);
        var certainAt = attempt.LostAt!.Value + (Capabilities.CreationSettleTime ?? TimeSpan.Zero);
        if (isFound)
            return null;
        if (certainAt > Now)
        {
            await CommitAsync(certainAt).ConfigureAwait(false);
            return Wait(certainAt, $"Whether '{attempt.Name}' was created is looked up again.");
        }

        attempt.IsAbandoned = true;
        attempt.LookAt = Now + FirstLook;
        Note($"'{attempt.Name}' was not found. It is looked for until {attempt.SweepUntil.ToUniversalTime():u}, in case it is created " +
            "late.");
        await CommitAsync(Now).ConfigureAwait(false);
        return null;
    }

    private async Task OweAsync(AttemptEntry attempt)
    {
        var found = await ResolveAsync(RequestFor(attempt, null), attempt).ConfigureAwait(false);
        var until = found.OrphanExpiresAt > attempt.ExpiresAt ? found.OrphanExpiresAt.Value : attempt.ExpiresAt!.Value;
        _state.Debts.Add(new DebtEntry { Name = attempt.Name, Until = until });
        _state.Attempts.Remove(attempt);
        Note($"'{attempt.Name}' can't be found. If it exists, it expires at {until.ToUniversalTime():u}.");
        await CommitAsync(Now).ConfigureAwait(false);
    }

    private Task<CreationResolution> ResolveAsync(CreateTokenRequest request, AttemptEntry attempt)
        => _client.GetRequiredService<ITokenCreationRecovery>().RecoverCreateAsync(request, attempt.StartedAt, _cancellationToken);

    // Looks for all creates that the rotation went on without, and for the last time when none of them can appear any more.
    private async Task SweepAsync()
    {
        var sought = _state.Attempts.Where(attempt => attempt.IsAbandoned).ToList();
        if (!sought.Exists(attempt => attempt.LookAt <= Now))
            return;
        try
        {
            await LookForAsync(sought).ConfigureAwait(false);
        }
        catch (TokenClientException failure)
        {
            // It doesn't stop the rotation, and none of them is given up without a look after its settle time.
            foreach (var attempt in _state.Attempts.Where(attempt => attempt.IsAbandoned))
                attempt.LookAt = Now + (failure.RetryAfter ?? FirstLook);
            Note(failure.Message);
            await CommitAsync(Now).ConfigureAwait(false);
            return;
        }

        foreach (var attempt in sought.Where(_state.Attempts.Contains))
        {
            if (Now >= attempt.SweepUntil)
            {
                _state.Attempts.Remove(attempt);
                Note($"'{attempt.Name}' was not created within the settle time.");
                continue;
            }

            var wait = FirstLook * Math.Pow(2, Math.Min(attempt.Looks++, 10));
            var look = Now + (wait < LongestLook ? wait : LongestLook);
            attempt.LookAt = look < attempt.SweepUntil ? look : attempt.SweepUntil;
        }

        await CommitAsync(Now).ConfigureAwait(false);
    }

    // Returns whether the first one was found. The name of each is random, so a token that has it is the one.
    private async Task<bool> LookForAsync(List<AttemptEntry> sought)
    {
        var own = await ListOwnAsync().ConfigureAwait(false) ?? [];
        var isFirstFound = false;
        foreach (var attempt in sought)
        {
            if (own.FirstOrDefault(token => token.Name?.Trim() == attempt.Name) is not { Id: { } id } token || IsKnown(id))
                continue;
            isFirstFound |= attempt == sought[0];
            _state.Attempts.Remove(attempt);

            // Nobody has the secret of an orphan, so a token that was used isn't one.
            if (attempt.MayBeInUse || token.LastUsedAt is not null || token.Unreadable.HasFlag(TokenFields.LastUse))
            {
                _state.Old.Add(FoundEntry(token, attempt.Generation));
                Note($"'{attempt.Name}' (id {id}) exists and can be in use. It is revoked when nothing uses it any more.");
            }
            else
            {
                await RevokeGoneAsync(TokenReference.ById(id)).ConfigureAwait(false);
                Note($"'{attempt.Name}' (id {id}) was created although its response was lost. It was revoked.");
            }

            await CommitAsync(Now).ConfigureAwait(false);
        }

        return isFirstFound;
    }

    private async Task<IReadOnlyList<ApiToken>?> ListOwnAsync()
    {
        if (Capabilities[TokenOperation.List].Support == OperationSupport.Unsupported)
            return null;
        var query = Capabilities.Filters.HasFlag(TokenQueryFilters.OwnOnly) ? new TokenQuery { OwnOnly = true } : null;
        return await _client.ListAsync(query, _cancellationToken).ToListAsync(_cancellationToken).ConfigureAwait(false);
    }

    private bool IsKnown(string id) => _state.Tokens.Any(token => string.Equals(token.Id, id, StringComparison.OrdinalIgnoreCase));

    private TokenEntry FoundEntry(ApiToken token, int generation) => new()
    {
        Generation = generation, Id = token.Id, Name = token.Name, IssuedAt = token.CreatedAt ?? Now, ExpiresAt = token.ExpiresAt,
    };
}
