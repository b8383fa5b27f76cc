using System.Globalization;

namespace Tokenwright.Rotation;

/// <content>Begins a rotation, and issues the new token.</content>
internal sealed partial class LineageReconciler
{
    // A token that the vendor gives a very short life must not be replaced again and again without a pause.
    private DateTimeOffset DueAt(TokenEntry current)
    {
        var due = current.IssuedAt + ((current.ExpiresAt - current.IssuedAt ?? Policy.Lifetime) * Policy.RotateAfter);
        var earliest = _state.PublishedAt + Policy.CheckInterval;
        return due < earliest ? earliest.Value : due;
    }

    private bool IsDue => _state.RequestedAt is not null || _state.Current is not { } current || DueAt(current) <= Now;

    private async Task<DateTimeOffset?> BeginAsync()
    {
        if (!IsDue)
        {
            _state.WaitsFor = null;
            return DueAt(_state.Current!);
        }

        if (Policy.Mode == RotationMode.InPlace && _state.Current?.Id is null)
            throw new RotationBlockedException(
                "A token whose secret is replaced in place must exist. Adopt it first, with its id and secret.", LongestRetry);
        if (Capabilities.RequiresIdToken && _lineage.ReadIdToken is null)
            throw new RotationBlockedException(
                $"{_client.Metadata.Vendor} issues a token only with the identity token of a user who signed in with a browser. Set " +
                $"{nameof(TokenLineage.ReadIdToken)}, or issue the token by hand and adopt it.", LongestRetry);
        _state.LostAttempts = 0;
        await MoveToAsync(RotationStage.Intended, _state.Current is { } current
            ? Text($"Generation {current.Generation} is to be replaced.") : "The lineage has no token yet.").ConfigureAwait(false);
        return null;
    }

    private async Task<DateTimeOffset?> IssueAsync()
    {
        if (await NoticeRestoreAsync().ConfigureAwait(false))
            return null;
        if (_state.Attempts.FirstOrDefault(attempt => !attempt.IsAbandoned) is { } pending)
            return await SettleAsync(pending).ConfigureAwait(false);
        await RevokeUnpublishedAsync().ConfigureAwait(false);
        RequireBudget();
        if (Policy.Mode == RotationMode.InPlace)
            return await RegenerateAsync().ConfigureAwait(false);

        using var turn = Capabilities.Limits.TokensPerOwner is null
            ? null : await _context.IssueInTurnAsync(_lineage.Connection, _cancellationToken).ConfigureAwait(false);
        var own = await ListOwnAsync().ConfigureAwait(false);
        if (own is not null)
            NoticeUnknown(own);
        if (await PlanPlaceAsync(own).ConfigureAwait(false) is { } full)
        {
            if (Policy.Mode != RotationMode.AllowOutage || !full.IsCertain || _state.Current is not { } current)
                throw new RotationBlockedException(full.Reason, LongestRetry);
            current.MayRevoke = true;
            _state.Old.Add(current);
            _state.Current = null;
            await MoveToAsync(
                RotationStage.Retiring, $"{full.Reason} The policy allows an outage, so the token in use is revoked first.")
                .ConfigureAwait(false);
            return null;
        }

        await CreateAsync().ConfigureAwait(false);
        return null;
    }

    // Creates that were lost leave tokens behind. When none of them can exist any more, there is a new budget after a pause.
    private void RequireBudget()
    {
        if (_state.LostAttempts < Policy.Attempts)
            return;
        if (_state.Debts.Count == 0 && _state.Attempts.Count == 0)
            _state.LostAttempts = 0;
        throw new RotationBlockedException(
            Text($"{Policy.Attempts} creates gave no token that works, and {nameof(RotationPolicy.Attempts)} allows no more. ") +
            "Find out why, and start the rotation again.", LongestRetry);
    }

    private async Task CreateAsync()
    {
        var idToken = Capabilities.RequiresIdToken ? await ReadIdTokenAsync().ConfigureAwait(false) : null;
        await ProbeSealerAsync().ConfigureAwait(false);
        var generation = _state.Generation + 1;
        var lifetime = Policy.IsMintedShort(Capabilities) ? Policy.ShortLifetime : Policy.Lifetime;
        var attempt = new AttemptEntry
        {
            Generation = generation,
            Name = _lineage.NewTokenName(generation),
            Key = Capabilities.CreationRecovery == CreationRecovery.Recoverable ? TokenLineage.NewKey() : null,
            StartedAt = Now,
            ExpiresAt = Capabilities.TokensCanExpire ? Now + lifetime : null,
        };
        var request = RequestFor(attempt, idToken);
        _state.Generation = generation;
        _state.Attempts.Add(attempt);
        _state.RequestedAt = null;
        Note($"A create is sent for '{attempt.Name}'.");
        await CommitAsync(Now).ConfigureAwait(false);
        await SendAsync(attempt, request).ConfigureAwait(false);
    }

    private CreateTokenRequest RequestFor(AttemptEntry attempt, TokenSecret? idToken)
    {
        CreateTokenRequest made;
        try
        {
            made = _lineage.CreateRequest(attempt.Name);
        }
        catch (Exception exception)
        {
            throw new RotationBlockedException(
                $"{nameof(TokenLineage.CreateRequest)} failed: {exception.Message}", Policy.CheckInterval);
        }

        if (!TokenLineage.IsNameOf(made, attempt.Name, Capabilities) || made.Key is not null || made.Expiry is not null)
            throw new RotationBlockedException(
                $"{nameof(TokenLineage.CreateRequest)} must use the name that it is given, and set neither the key nor the expiry: the " +
                "rotation sets them.", LongestRetry);
        return new CreateTokenRequest(made)
        {
            Key = attempt.Key,
            Expiry = attempt.ExpiresAt is { } end ? TokenExpiry.At(end) : TokenExpiry.Never,
            IdToken = idToken,
            IfOutcomeUnknown = Capabilities.CreationRecovery == CreationRecovery.Recoverable
                ? UnknownOutcomeAction.Recover : UnknownOutcomeAction.Throw,
        };
    }

    private async Task<TokenSecret> ReadIdTokenAsync()
    {
        try
        {
            return await _lineage.ReadIdToken!(_cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_cancellationToken.IsCancellationRequested)
        {
            throw new RotationBlockedException($"{nameof(TokenLineage.ReadIdToken)} failed: {exception.Message}", Policy.CheckInterval);
        }
    }

    // The create isn't cancelled: it ends within the client's timeouts, and its secret would be lost.
    private async Task SendAsync(AttemptEntry attempt, CreateTokenRequest request)
    {
        IssuedToken issued;
        try
        {
            issued = await _client.CreateAsync(request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TokenOutcomeUnknownException lost)
        {
            await LoseAsync(attempt, lost.Message).ConfigureAwait(false);
            return;
        }
        catch (TokenConflictException) when (attempt.LostAt is not null)
        {
            // The first one of the same key landed late. It is found by the key.
            return;
        }
        catch (TokenClientException) when (attempt.LostAt is null)
        {
            // Certainly nothing was created, so the number is free.
            _state.Attempts.Remove(attempt);
            _state.Generation = attempt.Generation - 1;
            throw;
        }

        await TakeAsync(attempt, issued).ConfigureAwait(false);
    }

    private async Task LoseAsync(AttemptEntry attempt, string message)
    {
        if (attempt.LostAt is null)
            _state.LostAttempts++;
        attempt.LostAt = Now;

        // The vendor can carry it out after the client gave it up.
        attempt.SweepUntil = Now + Policy.SettleTime;
        Note(message);
        await CommitAsync(Now).ConfigureAwait(false);
    }

    // In one commit: the id, the sealed secret, and that the create is settled.
    private async Task TakeAsync(AttemptEntry attempt, IssuedToken issued)
    {
        var token = issued.Token;
        _sealed[attempt.Generation] = await _context.Sealer.SealAsync(
            issued.Secret, Purpose(attempt.Generation), CancellationToken.None).ConfigureAwait(false);
        _state.Next = new TokenEntry
        {
            Generation = attempt.Generation,
            Id = token.Id ?? attempt.RegeneratedId,
            Key = attempt.Key,
            Name = attempt.Name,
            IssuedAt = attempt.StartedAt,
            ExpiresAt = token.NeverExpires ? null : token.ExpiresAt ?? attempt.ExpiresAt,
            IsShort = attempt.RegeneratedId is null && Policy.IsMintedShort(Capabilities),
            IsUnpublished = true,
            HasSecret = true,
        };
        _state.Attempts.Remove(attempt);
        await MoveToAsync(RotationStage.Minted, Text($"Generation {attempt.Generation} was issued{Named(token.Id)}."))
            .ConfigureAwait(false);
    }

    // A vendor that replaces the secret of a token leaves no second token behind, so it can be repeated.
    private async Task<DateTimeOffset?> RegenerateAsync()
    {
        await ProbeSealerAsync().ConfigureAwait(false);
        var current = _state.Current!;
        var attempt = new AttemptEntry
        {
            Generation = ++_state.Generation, Name = current.Name ?? string.Empty, RegeneratedId = current.Id, StartedAt = Now,
            ExpiresAt = current.ExpiresAt,
        };
        _state.Attempts.Add(attempt);
        _state.RequestedAt = null;
        Note($"The secret of the token {current.Id} is replaced.");
        await CommitAsync(Now).ConfigureAwait(false);
        await SendRegenerateAsync(attempt).ConfigureAwait(false);
        return null;
    }

    private async Task SendRegenerateAsync(AttemptEntry attempt)
    {
        try
        {
            await TakeAsync(attempt, await _client.RegenerateAsync(
                TokenReference.ById(attempt.RegeneratedId!), CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (TokenOutcomeUnknownException lost)
        {
            await LoseAsync(attempt, lost.Message).ConfigureAwait(false);
        }
        catch (TokenClientException) when (attempt.LostAt is null)
        {
            _state.Attempts.Remove(attempt);
            _state.Generation = attempt.Generation - 1;
            throw;
        }
    }

    // A key that can't be read must not be noticed when the vendor has already issued the token.
    private async Task ProbeSealerAsync()
    {
        const string Probe = "probe";
        try
        {
            var sealedProbe = await _context.Sealer.SealAsync(new TokenSecret(Probe), Purpose(0), _cancellationToken).ConfigureAwait(false);
            if ((await _context.Sealer.UnsealAsync(sealedProbe, Purpose(0), _cancellationToken).ConfigureAwait(false)).Reveal() == Probe)
                return;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new RotationBlockedException($"Secrets can't be sealed, so nothing was sent. {exception.Message}", Policy.CheckInterval);
        }

        throw new RotationBlockedException("The sealer doesn't return what was sealed, so nothing was sent.", Policy.CheckInterval);
    }

    private string Purpose(int generation) => string.Create(CultureInfo.InvariantCulture, $"tokenwright/{_lineage.Name}/{generation}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string? Named(string? id) => id is null ? null : $" (id {id})";
}
