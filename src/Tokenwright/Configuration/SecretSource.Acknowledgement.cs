namespace Tokenwright;

// How a program reports that it uses a new secret.
public sealed partial class SecretSource
{
    private static readonly TimeSpan NextAcknowledgement = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestAcknowledgement = TimeSpan.FromSeconds(5);

    private readonly Func<int, ValueTask>? _acknowledge;
    private int _acknowledged;
    private bool _isAcknowledging;
    private DateTimeOffset _notBefore;

    /// <summary>
    /// Gets or initializes the name under which this program acknowledges secrets from <see cref="File"/>: 1 to 64 ASCII letters, digits,
    /// dots, hyphens and underscores. Null, the default, acknowledges nothing. Each process needs a name of its own, because a rotation
    /// ends the old secret when all names have acknowledged the new one.
    /// </summary>
    /// <remarks>
    /// <para>
    /// After the first successful call with a generation, the file <c>{File}.ack.{Consumer}</c> is written:
    /// <c>{"consumer":"billing","generation":3,"time":"2026-11-30T20:05:00.0000000Z"}</c>. It contains no secret. Only its
    /// owner can read and write it. It is written to a temporary file beside it and renamed, so a reader never sees a part of it. A call is
    /// successful if the vendor responds with a status from 200 to 299 to a request that carries the secret, or a credential that was
    /// exchanged for it. The exchange alone isn't a call.
    /// </para>
    /// <para>
    /// Only a file in the JSON form with a generation can be acknowledged, and a generation only if it is higher than the last one. If the
    /// acknowledgement can't be written, the call succeeds nevertheless, a log entry says why, and a later call tries again, a minute later
    /// at the earliest.
    /// </para>
    /// </remarks>
    public string? Consumer { get; init; }

    /// <summary>Acknowledges the generation of a secret, once.</summary>
    /// <param name="accepted">The secret that the vendor accepted.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="events">The log.</param>
    /// <returns>Whether there is nothing to do for this secret any more.</returns>
    internal async ValueTask<bool> AcknowledgeAsync(TokenSecret accepted, TimeProvider timeProvider, ConnectionEvents events)
    {
        if ((Consumer is null && _acknowledge is null) || _seen is not { } seen)
            return true;

        // Of two reads at the same time, the one that began first can end last.
        var pair = seen.Item1.Secret.Equals(accepted) ? seen.Item1 : seen.Item2?.Secret.Equals(accepted) == true ? seen.Item2 : null;
        if (pair?.Generation is not { } generation)
            return true;
        var now = timeProvider.GetUtcNow();
        lock (_lock)
        {
            if (generation <= _acknowledged)
                return true;
            if (_isAcknowledging || now < _notBefore)
                return false;
            _isAcknowledging = true;
        }

        try
        {
            // The response of the call may hold a secret that nobody else knows, so the call doesn't wait for long.
            var acknowledging = _acknowledge is not null ? _acknowledge(generation).AsTask()
                : SecretAcknowledgement.WriteAsync(File!, Consumer!, generation, now);
            await acknowledging.WaitAsync(LongestAcknowledgement, timeProvider).ConfigureAwait(false);
            lock (_lock)
                (_acknowledged, _isAcknowledging) = (generation, false);
            return true;
        }
        catch (Exception failure)
        {
            events.AcknowledgementFailed(generation, Innermost(failure));
            lock (_lock)
                (_notBefore, _isAcknowledging) = (now + NextAcknowledgement, false);
            return false;
        }
    }

    private string? ConsumerProblem(string member)
        => Consumer is null ? null
        : File is null ? $"{member} has a {nameof(Consumer)}, which acknowledges secrets from a {nameof(File)} only; remove it."
        : SecretAcknowledgement.ProblemOf(Consumer) is { } problem ? $"{member} has a {nameof(Consumer)} that {problem}."
        : null;
}
