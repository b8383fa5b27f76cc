using System.Globalization;
using Tokenwright.Http;

namespace Tokenwright.Rotation;

/// <content>Notices what the journal doesn't know, and plans the owner's quota.</content>
internal sealed partial class LineageReconciler
{
    private const int MostCandidates = 3;

    // No journal is restored from a backup that is older. A higher number beside a secret is a mistake, and would open every gate to come.
    private const int MostAhead = 100;

    /// <summary>
    /// Notices a journal that was restored from an old backup: a sink has, or a consumer acknowledged, a generation that it doesn't know.
    /// The secret in the sink is taken over. It is in use, so nothing that the journal has may replace it.
    /// </summary>
    /// <returns>Whether a secret was taken over.</returns>
    private async Task<bool> NoticeRestoreAsync()
    {
        if (_isJournalChecked)
            return false;
        RotatedSecret? newest = null;
        foreach (var sink in _lineage.Sinks)
        {
            if (await ReadBackAsync(sink).ConfigureAwait(false) is not { } there)
            {
                _isAnySinkUnread = true;
                continue;
            }

            if (there.Lineage.Length > 0 && there.Lineage != _lineage.Name)
                throw new RotationBlockedException(
                    $"The secret in {sink.Description} belongs to the lineage '{there.Lineage}'. Each lineage needs places of its own: " +
                    "choose another place, or delete that secret if the lineage no longer exists.", LongestRetry);
            if (there.Generation > (newest?.Generation ?? 0))
                newest = there;
        }

        var acknowledgements = await ReadAcknowledgementsAsync().ConfigureAwait(false);
        var known = Math.Max(_state.Published, _state.Next?.Generation ?? 0);
        var seen = acknowledgements.Select(one => one.Generation).DefaultIfEmpty().Max();
        var isNewest = newest?.Generation > _state.Published
            && !(_state.Next is { } next && await IsSameTokenAsync(next, newest).ConfigureAwait(false));
        _isJournalChecked = true;
        if (!isNewest && seen <= known)
            return false;

        foreach (var attempt in _state.Attempts)
            attempt.MayBeInUse = true;
        _state.Generation = Math.Max(_state.Generation, Math.Max(seen, newest?.Generation ?? 0));
        var inUse = Math.Max(seen, newest?.Generation ?? 0);
        Note(Text($"The journal is behind: it knows generation {known}, and generation {inUse} is in use. ") +
            "It was probably restored from a backup.");
        if (isNewest)
        {
            var validation = await ValidateAsync(newest!.Id, null, newest.Secret).ConfigureAwait(false);
            if (MismatchOf(newest.Id, validation) is { } mismatch)
                throw new RotationBlockedException(
                    Text($"A sink has generation {newest.Generation}, which can't be taken over. {mismatch} Correct the sink."),
                    LongestRetry);
            if (validation is not { IsActive: false })
            {
                await TakeOverAsync(newest).ConfigureAwait(false);
                return true;
            }
        }

        await CommitAsync(Now).ConfigureAwait(false);
        return false;
    }

    private async Task TakeOverAsync(RotatedSecret newest)
    {
        var taken = await EntryOfAsync(newest).ConfigureAwait(false);
        var sealedSecret = await _context.Sealer.SealAsync(
            newest.Secret, Purpose(newest.Generation), CancellationToken.None).ConfigureAwait(false);

        // A token can have been published again under a new number, so the journal can know this one by another number.
        var same = new HashSet<TokenEntry>();
        foreach (var known in _state.Tokens)
        {
            if (await UnsealAsync(known).ConfigureAwait(false) is { } secret && secret.Equals(newest.Secret))
                same.Add(known);
        }

        if (_state.Current is { } current && same.Contains(current))
            current.Generation = newest.Generation;
        if (_state.Next is { } next)
        {
            next.IsUnpublished = false;
            next.HasSecret &= next.Generation != newest.Generation;
            _state.Old.Add(next);
        }

        _state.Old.RemoveAll(old => same.Contains(old) || (old.Id is not null && old.Id == taken.Id));
        _state.Next = taken;
        _sealed[taken.Generation] = sealedSecret;

        // The replacement of a secret leaves no second token behind.
        _state.Attempts.RemoveAll(attempt => attempt.RegeneratedId is not null || attempt.Name == taken.Name);
        if (Capabilities.CreationRecovery == CreationRecovery.BoundedByExpiry)
        {
            _state.Debts.AddRange(_state.Attempts.Select(
                attempt => new DebtEntry { Name = attempt.Name, Until = attempt.ExpiresAt!.Value }));
            _state.Attempts.Clear();
        }

        foreach (var attempt in _state.Attempts)
        {
            attempt.IsAbandoned = true;
            attempt.LookAt ??= Now;
            if (attempt.LostAt is null)
                (attempt.LostAt, attempt.SweepUntil) = (Now, Now + Policy.SettleTime);
        }

        await MoveToAsync(RotationStage.Confirmed, Text($"Generation {newest.Generation}, which a sink has, is taken over."))
            .ConfigureAwait(false);
    }

    /// <summary>Gets an entry for a token whose secret is given.</summary>
    private async Task<TokenEntry> EntryOfAsync(RotatedSecret secret)
    {
        var record = await RecordOfAsync(secret.Id, secret.Secret).ConfigureAwait(false);
        if (record is { ExpiresAt: null, NeverExpires: false })
            _state.RequestedAt = Capabilities.TokensCanExpire ? Now : null;
        return new TokenEntry
        {
            Generation = secret.Generation,
            Id = secret.Id ?? record?.Id,
            Key = record?.Key,
            Name = record?.Name ?? record?.Description,
            IssuedAt = record?.CreatedAt ?? Now,
            ExpiresAt = record?.ExpiresAt,
            HasSecret = true,
        };
    }

    /// <summary>Determines whether what a sink has is a given token.</summary>
    private async Task<bool> IsSameTokenAsync(TokenEntry token, RotatedSecret there)
        => token.Generation == there.Generation
        && (token.Id is not null && there.Id is not null ? token.Id == there.Id
            : await UnsealAsync(token).ConfigureAwait(false) is { } secret && secret.Equals(there.Secret));

    private async Task<RotatedSecret?> ReadBackAsync(ISecretSink sink)
    {
        try
        {
            return await sink.ReadBackAsync(_cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_cancellationToken.IsCancellationRequested)
        {
            throw await ReadFailureAsync($"The secret can't be read back from {sink.Description}", exception).ConfigureAwait(false);
        }
    }

    // A sink of the program can have a secret that it read in its message.
    private async Task<SinkFailureException> ReadFailureAsync(string what, Exception exception)
    {
        var secrets = new List<TokenSecret>();
        foreach (var token in new[] { _state.Next, _state.Current }.OfType<TokenEntry>().Concat(_state.Old))
        {
            if (await UnsealAsync(token).ConfigureAwait(false) is { } secret)
                secrets.Add(secret);
        }

        var message = SecretRedactor.Redact(exception.Message, secrets);
        return new SinkFailureException($"{what}: {message}", new IOException(message));
    }

    // An acknowledgement beside a secret counts from when it was seen, by the clock of the rotation.
    private async Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync()
    {
        foreach (var sink in _lineage.Sinks)
        {
            IReadOnlyDictionary<string, int> found;
            try
            {
                found = await sink.ReadAcknowledgementsAsync(_lineage.Consumers, _cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !_cancellationToken.IsCancellationRequested)
            {
                throw await ReadFailureAsync(
                    $"The acknowledgements can't be read from {sink.Description}", exception).ConfigureAwait(false);
            }

            foreach (var (consumer, generation) in found)
            {
                if (_acknowledged.GetValueOrDefault(consumer) >= generation || generation - _state.Generation > MostAhead)
                    continue;
                _acknowledged[consumer] = generation;
                await _context.Journal.AcknowledgeAsync(
                    _lineage.Name, new() { Consumer = consumer, Generation = generation, At = Now }, _cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        var all = await _context.Journal.ReadAcknowledgementsAsync(_lineage.Name, _cancellationToken).ConfigureAwait(false);
        return [.. all.Where(one => _lineage.Consumers.Contains(one.Consumer, StringComparer.Ordinal))];
    }

    // Tokens of this lineage that the journal doesn't know can be in use, so they are revoked only when the gate opens.
    private void NoticeUnknown(IReadOnlyList<ApiToken> own)
    {
        foreach (var token in own)
        {
            if (_lineage.GenerationIn(token.Name) is not { } generation || token.Id is not { } id || token.State == TokenState.Revoked
                || IsKnown(id) || _state.Attempts.Exists(attempt => attempt.Name == token.Name))
                continue;
            _state.Old.Add(FoundEntry(token, generation));
            _state.Generation = Math.Max(_state.Generation, generation);
            Note(Text($"A token of generation {generation} exists that the journal doesn't know: '{token.Name}' (id {id}). ") +
                "It is revoked when nothing uses it any more.");
        }
    }

    /// <summary>
    /// Gets why the owner's quota has no place for a new token, and what could go; null if there is a place. It isn't certain if creates
    /// whose outcome isn't known make it full, because none of them may exist.
    /// </summary>
    private async Task<(string Reason, bool IsCertain)?> PlanPlaceAsync(IReadOnlyList<ApiToken>? own)
    {
        if (Capabilities.Limits.TokensPerOwner is not { } limit)
            return null;
        var (counted, uncertain) = own is null ? await CountKnownAsync().ConfigureAwait(false)
            : (own.Count(token => token.State != TokenState.Revoked || Capabilities.RevokedTokensCountAgainstQuota != false), 0);

        // Where an outage is allowed, the last place is used first: it is better than the outage.
        var spare = Policy.Mode == RotationMode.AllowOutage ? 0 : Policy.SparePlaces;

        // A create whose outcome isn't known may have taken a place that the list doesn't show yet.
        var isCertain = counted + 1 + spare > limit;
        counted += _state.Attempts.Count + _state.Debts.Count + uncertain;
        if (counted + 1 + spare <= limit)
            return null;
        var candidates = (own ?? []).Where(token => token.Id is { } id && !IsKnown(id))
            .OrderBy(token => token.ExpiresAt < Now ? DateTimeOffset.MinValue
                : token.LastUsedAt ?? token.CreatedAt ?? DateTimeOffset.MaxValue)
            .Take(MostCandidates)
            .Select(token => $"'{token.Name}' (id {token.Id}, {Condition(token)})").ToList();
        var reason = string.Create(CultureInfo.InvariantCulture,
            $"The owner has {counted} of {limit} tokens. A rotation needs a free place and keeps {spare} to spare.") +
            (candidates.Count > 0 ? $" These could go first: {string.Join(", ", candidates)}." : null);
        return (reason, isCertain);

        string Condition(ApiToken token)
            => token.ExpiresAt < Now ? $"expired at {token.ExpiresAt.Value.ToUniversalTime():u}"
                : token.LastUsedAt is { } used ? $"last used at {used.ToUniversalTime():u}"
                : Capabilities.LastUsedGranularity is null ? "use not reported" : "never used";
    }

    // Without a list, the tokens of the connection's lineages are all that is known. Of a lineage whose record can't be understood, a token
    // and its successor can exist.
    private async Task<(int Certain, int Uncertain)> CountKnownAsync()
    {
        var (certain, uncertain) = (_state.Tokens.Count(), 0);
        foreach (var other in _context.LineagesOf(_lineage.Connection).Where(other => other.Name != _lineage.Name))
        {
            if (await _context.Journal.ReadAsync(other.Name, _cancellationToken).ConfigureAwait(false) is { } record)
            {
                try
                {
                    var state = LineageState.Parse(record.State, other.Name);
                    certain += state.Tokens.Count();
                    uncertain += state.Attempts.Count + state.Debts.Count;
                }
                catch (InvalidOperationException)
                {
                    uncertain += 2;
                }
            }
        }

        return (certain, uncertain);
    }
}
