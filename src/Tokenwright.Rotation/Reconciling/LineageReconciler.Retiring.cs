namespace Tokenwright.Rotation;

/// <content>Waits for the gate, revokes old tokens, and proves that they are dead.</content>
internal sealed partial class LineageReconciler
{
    private async Task<DateTimeOffset?> AwaitGateAsync()
    {
        // Consumers that read an old secret never acknowledge the new one, so this doesn't wait until everything else is met.
        if (_state.Old.Count > 0
            && (await NoticeRestoreAsync().ConfigureAwait(false) || await PublishAgainAsync().ConfigureAwait(false)))
            return null;
        var gated = _state.Old.Where(old => !old.MayRevoke && !old.IsReplaced).ToList();
        if (gated.Count == 0)
            return await LeaveGateAsync(_state.Old.Count == 0 ? "There is no old token." : "No old token can be in use.")
                .ConfigureAwait(false);
        var exchanged = Policy.ExchangedLifetime(Capabilities)!.Value;
        if (gated.TrueForAll(old => old.ExpiresAt + exchanged <= Now))
            return await LeaveGateAsync("The old token has expired.").ConfigureAwait(false);

        var decision = await DecideAsync(gated, exchanged).ConfigureAwait(false);
        if (decision.IsOpen)
            return await LeaveGateAsync(decision.Text).ConfigureAwait(false);
        Note(decision.Text);
        _state.Failures = 0;

        // Who is silent for so long that the new token ends must not stop the others.
        if (await BeginNextAsync("The next rotation is due before the old token could be revoked.").ConfigureAwait(false))
            return null;

        var deadline = _state.PublishedAt!.Value + Policy.Deadline;
        if (Now >= deadline)
            Attend($"The old token could not be revoked within {Policy.Deadline}. {decision.Text}");
        else
            _state.Attention = null;
        var look = decision.OpensAt ?? Now + Policy.CheckInterval;
        if (decision.WaitsForOthers && Now + Policy.CheckInterval < look)
            look = Now + Policy.CheckInterval;
        if (Now < deadline && deadline < look)
            look = deadline;
        return Wait(look, decision.Text);
    }

    private async Task<bool> BeginNextAsync(string why)
    {
        if (_state.Current is not { } current || DueAt(current) > Now)
            return false;
        _state.LostAttempts = 0;
        await MoveToAsync(RotationStage.Intended, why).ConfigureAwait(false);
        return true;
    }

    private async Task<DateTimeOffset?> LeaveGateAsync(string evidence)
    {
        foreach (var old in _state.Old)
            old.MayRevoke = true;
        await MoveToAsync(_state.Old.Count == 0 ? RotationStage.Done : RotationStage.Retiring, evidence,
            _state.Old.Count == 0 ? DueAt(_state.Current!) : null).ConfigureAwait(false);
        return null;
    }

    // The vendor is asked only when everything else is met.
    private async Task<GateDecision> DecideAsync(IReadOnlyList<TokenEntry> gated, TimeSpan exchanged)
    {
        var facts = new GateFacts
        {
            Now = Now,
            Generation = _state.Current!.Generation,
            PublishedAt = _state.PublishedAt!.Value,
            Overlap = Policy.Overlap,
            Idle = Policy.Idle,
            ExchangedLifetime = exchanged,
            Granularity = Capabilities.LastUsedGranularity,
            Consumers = _lineage.Consumers,
            Acknowledgements = await ReadAcknowledgementsAsync().ConfigureAwait(false),
        };
        var decision = RotationGate.Decide(facts);
        if (!decision.IsOpen)
            return decision;
        if (_lineage.IsConnectionCredential && !await IsConnectionChangedAsync().ConfigureAwait(false))
            return new(false, [Text($"The connection '{_lineage.Connection}' does not use generation {facts.Generation} yet.")], null,
                WaitsForOthers: true);
        return facts.Granularity is null ? decision
            : RotationGate.Decide(facts with { Uses = await ReadUsesAsync(gated).ConfigureAwait(false) });
    }

    private async Task<IReadOnlyList<TokenUse>> ReadUsesAsync(IReadOnlyList<TokenEntry> gated)
    {
        var uses = new List<TokenUse>();
        foreach (var old in gated)
        {
            var secret = await UnsealAsync(old).ConfigureAwait(false);
            var record = await RecordOfAsync(old.Id, secret).ConfigureAwait(false);

            // A vendor can hide a token from this caller, and it works all the same.
            var isGone = record is null && ReferenceOf(TokenOperation.Get, old, secret) is not null
                && await ValidateAsync(old).ConfigureAwait(false) is not { Verdict: TokenVerdict.Active or TokenVerdict.Undetermined };
            uses.Add(new TokenUse(
                old.Generation, isGone, record?.Unreadable.HasFlag(TokenFields.LastUse) == false, record?.LastUsedAt));
        }

        return uses;
    }

    // The running connection has proven that it uses the new token when the vendor says that it is that one.
    private async Task<bool> IsConnectionChangedAsync()
    {
        var current = _state.Current!;
        var own = await _client.GetAsync(TokenReference.Self, _cancellationToken).ConfigureAwait(false);
        if (own.Id is not null && current.Id is not null)
            return string.Equals(own.Id, current.Id, StringComparison.OrdinalIgnoreCase);
        if (current.Name is not null && (own.Name == current.Name || own.Description == current.Name))
            return true;

        // Where a record has neither an id nor a name, its times tell it apart from that of an earlier token.
        return own.CreatedAt is not null
            && await RecordOfAsync(current.Id, await UnsealAsync(current).ConfigureAwait(false)).ConfigureAwait(false) is { } record
            && (record.CreatedAt, record.ExpiresAt) == (own.CreatedAt, own.ExpiresAt);
    }

    private async Task<DateTimeOffset?> RetireAsync()
    {
        // A vendor that refuses to revoke the old token must not stop the next one. The old one is revoked later.
        if (await BeginNextAsync("The next rotation is due before the old token is dead.").ConfigureAwait(false))
            return null;
        foreach (var old in _state.Old.Where(old => old is { MayRevoke: true, RevokedAt: null }).ToList())
            await RevokeAsync(old).ConfigureAwait(false);
        foreach (var old in _state.Old.Where(old => old.MayRevoke).ToList())
        {
            if (await IsDeadAsync(old).ConfigureAwait(false) is { } proof)
            {
                _state.Old.Remove(old);
                Note(Text($"Generation {old.Generation} is dead: {proof}"));
                await CommitAsync(Now).ConfigureAwait(false);
                continue;
            }

            var text = Text(
                $"The token of generation {old.Generation} was revoked at {old.RevokedAt?.ToUniversalTime():u}, and still works.");
            if (Now - old.RevokedAt >= Policy.ProofTime)
            {
                Attend(text);
                old.RevokedAt = null;
            }

            _state.RetryAt = Now + Backoff(++_state.Failures);
            return Wait(_state.RetryAt.Value, text);
        }

        if (_state.Current is not { } current)
        {
            await MoveToAsync(RotationStage.Intended, "The old token is dead. The new one is issued.").ConfigureAwait(false);
            return null;
        }

        await MoveToAsync(_state.Old.Count > 0 ? RotationStage.Published : RotationStage.Done,
            Text($"Generation {current.Generation} is in use, and no earlier one works."),
            _state.Old.Count > 0 ? null : DueAt(current)).ConfigureAwait(false);
        return null;
    }

    // Its revocation is tried again with that of the old token, so a failure doesn't stop the next create.
    private async Task RevokeUnpublishedAsync()
    {
        foreach (var old in _state.Old.Where(old => old is { IsUnpublished: true, RevokedAt: null }).ToList())
        {
            try
            {
                await RevokeAsync(old).ConfigureAwait(false);
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                Note(failure.Message);
            }
        }
    }

    private async Task RevokeAsync(TokenEntry old)
    {
        if (!old.IsReplaced)
        {
            var secret = await UnsealAsync(old).ConfigureAwait(false);
            if (ReferenceOf(TokenOperation.Revoke, old, secret) is { } reference)
            {
                await RevokeGoneAsync(reference, old).ConfigureAwait(false);
                Note(Text($"The token of generation {old.Generation} was revoked."));
            }
            else
            {
                Note(Text($"The token of generation {old.Generation} can't be referred to, so it can't be revoked. It {Expiry(old)}."));
                if (old.ExpiresAt is null)
                    throw new RotationBlockedException(
                        Text($"The token of generation {old.Generation} can't be revoked, because nothing identifies it. ") +
                        "Revoke it at the vendor.", LongestRetry);
                _state.Debts.Add(new DebtEntry { Name = old.Name ?? Text($"generation {old.Generation}"), Until = old.ExpiresAt.Value });
                _state.Old.Remove(old);
            }
        }

        old.RevokedAt = Now;
        await CommitAsync(Now).ConfigureAwait(false);
    }

    // A token that is gone needs no revocation. Some vendors refuse to sign out a dead token instead of saying that it is unknown.
    private async Task RevokeGoneAsync(TokenReference reference, TokenEntry? entry = null)
    {
        try
        {
            await _client.RevokeAsync(reference, _cancellationToken).ConfigureAwait(false);
        }
        catch (TokenNotFoundException)
        {
            // An earlier run revoked it.
        }
        catch (TokenClientException) when (entry is not null && reference.Secret is not null)
        {
            if (await ValidateAsync(entry).ConfigureAwait(false) is not { Verdict: not (TokenVerdict.Active or TokenVerdict.Undetermined) })
                throw;
        }
    }

    /// <summary>Gets how it was proven that a token no longer works; null if it does, or if that isn't certain.</summary>
    private async Task<string?> IsDeadAsync(TokenEntry old)
    {
        if (old is { IsReplaced: true, HasSecret: false })
            return "the vendor replaced its secret.";
        if (await ValidateAsync(old).ConfigureAwait(false) is { } validation)
            return validation.Verdict is TokenVerdict.Active or TokenVerdict.Undetermined ? null : $"the vendor says {validation.Verdict}.";
        if (ReferenceOf(TokenOperation.Get, old, null) is not { } reference)
            return old.ExpiresAt <= Now ? "it has expired." : "the vendor confirmed the revocation, and can't be asked for the token.";
        try
        {
            var record = await _client.GetAsync(reference, _cancellationToken).ConfigureAwait(false);
            return record.State == TokenState.Revoked || record.State == TokenState.Expired || record.State == TokenState.Deactivated
                ? $"its record says {record.State}." : null;
        }
        catch (TokenNotFoundException)
        {
            return "the vendor doesn't know it.";
        }
    }
}
