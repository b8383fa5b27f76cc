using Tokenwright.Http;

namespace Tokenwright.Rotation;

/// <content>Confirms a new token and writes its secret to the sinks.</content>
internal sealed partial class LineageReconciler
{
    // Vendors cut off fractions of a second, and some cut off seconds too.
    private static readonly TimeSpan ExpiryTolerance = TimeSpan.FromMinutes(1);

    private async Task<DateTimeOffset?> ConfirmAsync()
    {
        if (await NoticeRestoreAsync().ConfigureAwait(false))
            return null;
        var next = _state.Next!;
        if (next.ExpiresAt <= Now && !await IsExtendedAsync(next).ConfigureAwait(false))
            return await DiscardAsync("It expired before it was confirmed.").ConfigureAwait(false);
        if (await AwaitActiveAsync(next).ConfigureAwait(false) is { } wait)
            return wait;
        if (_state.Next is null)
            return null;
        if (next.IsShort)
        {
            var until = next.IssuedAt + Policy.Lifetime;
            var reference = ReferenceOf(TokenOperation.Update, next, await UnsealAsync(next).ConfigureAwait(false))
                ?? throw new RotationBlockedException("The new token can't be referred to, so its expiry can't be changed.", LongestRetry);
            var changed = await _client.UpdateAsync(
                reference, new UpdateTokenRequest { Expiry = TokenExpiry.At(until) }, _cancellationToken).ConfigureAwait(false);
            var isExtended = changed.NeverExpires || changed.ExpiresAt > next.ExpiresAt + ExpiryTolerance
                || changed.ExpiresAt >= until - ExpiryTolerance;
            if (!isExtended)
                throw new RotationBlockedException(
                    $"The vendor did not extend the new token: it expires {(changed.ExpiresAt is { } end ? $"at {end.ToUniversalTime():u}" :
                        "at a time that can't be read")}.", Policy.CheckInterval);
            next.ExpiresAt = changed.ExpiresAt;
            next.IsShort = false;
        }

        _isNextChecked = true;

        // From here on, a sink can have its secret.
        next.IsUnpublished = false;
        await MoveToAsync(RotationStage.Confirmed, Text($"Generation {next.Generation} works. It {Expiry(next)}.")).ConfigureAwait(false);
        return null;
    }

    // It was extended if a process was stopped before it could write that, or if the journal was restored from a backup.
    private async Task<bool> IsExtendedAsync(TokenEntry next)
    {
        var record = await RecordOfAsync(next.Id, await UnsealAsync(next).ConfigureAwait(false)).ConfigureAwait(false);
        if (record is null || !(record.NeverExpires || record.ExpiresAt > Now))
            return false;
        next.ExpiresAt = record.ExpiresAt;
        return true;
    }

    private static string Expiry(TokenEntry token)
        => token.ExpiresAt is { } end ? $"expires at {end.ToUniversalTime():u}" : "never expires";

    // Waits until a new token works, within a bound: a vendor can need some time.
    private async Task<DateTimeOffset?> AwaitActiveAsync(TokenEntry next)
    {
        if (await ValidateAsync(next).ConfigureAwait(false) is not { IsActive: false } refused)
            return null;
        var reason = $"The new token does not work: {refused.Verdict}. {refused.Reason}".TrimEnd();
        if (Now - next.IssuedAt < Policy.ProofTime)
        {
            _state.RetryAt = Now + Backoff(++_state.Failures);
            Note(reason);
            return Wait(_state.RetryAt.Value, reason);
        }

        if (next.Id is not null && next.Id == _state.Current?.Id && next.Generation != _state.Current.Generation)
            throw new RotationBlockedException(reason, Policy.CheckInterval);
        if (refused.Verdict == TokenVerdict.Undetermined)
            throw new RotationBlockedException(reason, Policy.CheckInterval);
        return await DiscardAsync(reason).ConfigureAwait(false);
    }

    // A token that nobody uses is given up, and the next one issued. Each counts against the budget, so that this ends.
    private async Task<DateTimeOffset?> DiscardAsync(string reason)
    {
        var next = _state.Next!;
        next.MayRevoke = next.IsUnpublished;
        _state.Old.Add(next);
        _state.Next = null;
        _state.LostAttempts++;
        await MoveToAsync(RotationStage.Intended, Text($"Generation {next.Generation} is given up. {reason}")).ConfigureAwait(false);
        return null;
    }

    private async Task<DateTimeOffset?> PublishAsync()
    {
        if (await NoticeRestoreAsync().ConfigureAwait(false))
            return null;
        var next = _state.Next!;
        if (!_isNextChecked)
        {
            if (await AwaitActiveAsync(next).ConfigureAwait(false) is { } wait)
                return wait;
            if (_state.Next is null)
                return null;
        }

        var secret = new RotatedSecret
        {
            Lineage = _lineage.Name, Generation = next.Generation, Id = next.Id,
            Secret = await UnsealAsync(next).ConfigureAwait(false)
                ?? throw new RotationBlockedException("The secret of the new token is not in the journal.", LongestRetry),
        };
        foreach (var sink in _lineage.Sinks)
            await WriteAsync(sink, secret).ConfigureAwait(false);

        if (_state.Current is { } current && current.Generation != next.Generation)
        {
            current.IsReplaced = current.Id is not null && current.Id == next.Id;
            _state.Old.Add(current);
        }

        _state.Current = next;
        _state.Published = Math.Max(_state.Published, next.Generation);
        _state.Next = null;
        _state.LostAttempts = 0;
        _state.PublishedAt = Now;
        await MoveToAsync(
            RotationStage.Published,
            Text($"Generation {next.Generation} was written to {string.Join(", ", _lineage.Sinks.Select(sink => sink.Description))}."))
            .ConfigureAwait(false);
        return null;
    }

    /// <summary>
    /// Publishes the token in use again if a sink has another secret. A process that stalled before it wrote the sink, or a person, can
    /// write it after the publication. Consumers can have gone back to it, so they acknowledge the token again, under a new number.
    /// </summary>
    /// <returns>Whether a sink has another secret.</returns>
    private async Task<bool> PublishAgainAsync()
    {
        var current = _state.Current!;
        foreach (var sink in _lineage.Sinks)
        {
            if (await ReadBackAsync(sink).ConfigureAwait(false) is not { } there
                || await IsSameTokenAsync(current, there).ConfigureAwait(false))
                continue;
            var text = Text($"The secret in {sink.Description} is that of generation {there.Generation}, not {current.Generation}.");

            // A place can show a new secret late.
            if (Now < _state.PublishedAt + Policy.CheckInterval)
                throw new SinkFailureException(text, new IOException(text));
            var secret = await UnsealAsync(current).ConfigureAwait(false)
                ?? throw new RotationBlockedException($"{text} The secret of the token in use is not in the journal.", LongestRetry);
            var generation = _state.Generation + 1;
            _sealed[generation] = await _context.Sealer.SealAsync(
                secret, Purpose(generation), CancellationToken.None).ConfigureAwait(false);
            _state.Generation = current.Generation = generation;
            _state.Next = current.Copy();
            text = Text($"{text} The token in use is published again, as generation {generation}.");
            await MoveToAsync(RotationStage.Confirmed, text).ConfigureAwait(false);
            _context.Report(_lineage, RotationStage.NeedsAttention, text, needsAttention: true);
            return true;
        }

        return false;
    }

    private async Task WriteAsync(ISecretSink sink, RotatedSecret secret)
    {
        try
        {
            await sink.WriteAsync(secret, _cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_cancellationToken.IsCancellationRequested)
        {
            // A sink of the program can have the secret in its message.
            var message = SecretRedactor.Redact(exception.Message, [secret.Secret]);
            throw new SinkFailureException(
                $"The secret can't be written to {sink.Description}: {message}", new IOException(message));
        }
    }
}
