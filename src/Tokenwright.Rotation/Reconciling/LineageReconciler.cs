using System.Diagnostics;
using System.Globalization;

namespace Tokenwright.Rotation;

/// <summary>
/// Brings one locked lineage as far as it can go now. The state in the journal decides what is done next, so it may be stopped at any
/// moment and continued by another process.
/// </summary>
internal sealed partial class LineageReconciler
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(1);
    private const int FailuresBeforeAttention = 5;

    private readonly TokenLineage _lineage;
    private readonly RotatorContext _context;
    private readonly ITokenClient _client;
    private readonly IRotationJournalLock _lock;
    private readonly Dictionary<int, byte[]> _sealed;
    private readonly LineageState _state;
    private readonly CancellationToken _cancellationToken;
    private readonly Dictionary<string, int> _acknowledged = new(StringComparer.Ordinal);
    private long _revision;

    private string? _writtenState;
    private DateTimeOffset _writtenDueAt;

    // Whether it was checked in this run that the world isn't ahead of the journal, and that the new token works. A sink that has no
    // secret, or can't be read back, doesn't show whether it is ahead.
    private bool _isJournalChecked;
    private bool _isAnySinkUnread;
    private bool _isNextChecked;

    public LineageReconciler(
        TokenLineage lineage, RotatorContext context, IRotationJournalLock held, RotationRecord? record,
        CancellationToken cancellationToken)
    {
        _lineage = lineage;
        _context = context;
        _client = context.ClientOf(lineage);
        _lock = held;
        _sealed = record is null ? [] : new(record.SealedSecrets);
        _state = record is null ? new LineageState { Since = context.Now } : LineageState.Parse(record.State, lineage.Name);
        _revision = record?.Revision ?? 0;
        _cancellationToken = cancellationToken;
    }

    private RotationPolicy Policy => _lineage.Policy;

    private TokenCapabilities Capabilities => _client.Metadata.Capabilities;

    private DateTimeOffset Now => _context.Now;

    /// <summary>The state as it was last written.</summary>
    public RotationStatus Status => LineageStatus.Of(_lineage, _state, _writtenDueAt);

    /// <summary>Goes on until something must be waited for.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            using var span = RotationTelemetry.Start(_state.Stage, _lineage, _state.Generation);
            DateTimeOffset? until;
            try
            {
                until = await StepAsync().ConfigureAwait(false);
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                span?.SetStatus(ActivityStatusCode.Error, failure.Message);
                until = Failed(failure);
            }

            if (until is not { } wait)
                continue;
            Remind();
            await CommitAsync(NextLook(wait)).ConfigureAwait(false);
            return;
        }
    }

    /// <summary>Records that a person asked for a rotation. One that is under way is continued, with a new budget.</summary>
    public async Task RequestAsync()
    {
        if (_state.Stage == RotationStage.Done)
            _state.RequestedAt = Now;
        _state.RetryAt = null;
        _state.LostAttempts = 0;
        Note("The rotation was requested.");
        await CommitAsync(Now).ConfigureAwait(false);
    }

    /// <summary>Takes over a token that exists.</summary>
    public async Task AdoptAsync(string? id, TokenSecret secret)
    {
        if (_state.Tokens.Any() || _state.Attempts.Count > 0)
            throw new InvalidOperationException(
                $"The lineage '{_lineage.Name}' has a token already, or is issuing one. Adopt a token before the first rotation.");
        var validation = await ValidateAsync(id, null, secret).ConfigureAwait(false);
        if (validation is { IsActive: false })
            throw new InvalidOperationException(
                $"The token can't be adopted, because it does not work: {validation.Verdict}. {validation.Reason}".TrimEnd());
        if (MismatchOf(id, validation) is { } mismatch)
            throw new InvalidOperationException($"The token can't be adopted. {mismatch}");
        var adopted = new RotatedSecret
        {
            Lineage = _lineage.Name, Generation = _state.Generation + 1, Id = validation?.Token?.Id ?? id, Secret = secret,
        };
        _state.Next = await EntryOfAsync(adopted).ConfigureAwait(false);
        _state.Generation = adopted.Generation;
        _sealed[adopted.Generation] = await _context.Sealer.SealAsync(
            secret, Purpose(adopted.Generation), CancellationToken.None).ConfigureAwait(false);
        _isNextChecked = true;
        await MoveToAsync(RotationStage.Confirmed, $"An existing token was adopted{Named(_state.Next.Id)}.").ConfigureAwait(false);
    }

    // One step acts once at most between two commits. It returns null to go on, or the time to wait for.
    private async Task<DateTimeOffset?> StepAsync()
    {
        await SweepAsync().ConfigureAwait(false);
        if (_state.RetryAt is { } retry && retry > Now)
            return retry;
        return _state.Stage switch
        {
            RotationStage.Intended => await IssueAsync().ConfigureAwait(false),
            RotationStage.Minted => await ConfirmAsync().ConfigureAwait(false),
            RotationStage.Confirmed => await PublishAsync().ConfigureAwait(false),
            RotationStage.Published => await AwaitGateAsync().ConfigureAwait(false),
            RotationStage.Retiring => await RetireAsync().ConfigureAwait(false),
            _ => await BeginAsync().ConfigureAwait(false),
        };
    }

    // A vendor's or a sink's failure may pass. Everything else is a fault of the program or of the journal.
    private bool IsExpected(Exception failure)
        => failure is TokenClientException or SecretSourceException or SinkFailureException or RotationBlockedException
        || (failure is OperationCanceledException && !_cancellationToken.IsCancellationRequested);

    private DateTimeOffset Failed(Exception failure)
    {
        _state.Failures++;
        var wait = (failure as RotationBlockedException)?.RetryAfter ?? (failure as TokenClientException)?.RetryAfter
            ?? Backoff(_state.Failures);
        var isLasting = failure is RotationBlockedException
            or TokenPermissionException or TokenInvalidRequestException or TokenConflictException or TokenOperationNotSupportedException
            or TokenAuthenticationException;
        if (isLasting && failure is not RotationBlockedException && wait < Policy.CheckInterval)
            wait = Policy.CheckInterval;
        if (isLasting || _state.Failures >= FailuresBeforeAttention)
            Attend(failure.Message);
        _state.WaitsFor = failure.Message;
        _state.RetryAt = Now + wait;
        Note(failure.Message);
        return _state.RetryAt.Value;
    }

    private static TimeSpan Backoff(int failures)
        => FirstRetry * Math.Pow(2, Math.Min(failures - 1, 12)) is var wait && wait < LongestRetry ? wait : LongestRetry;

    private async Task MoveToAsync(RotationStage stage, string text, DateTimeOffset? dueAt = null)
    {
        var from = _state.Stage;
        _state.Stage = stage;
        if (from != stage)
            _state.Since = Now;
        Progressed();
        Note(text);
        await CommitAsync(NextLook(dueAt ?? Now)).ConfigureAwait(false);
        _context.Report(_lineage, stage, text, needsAttention: false);
    }

    private void Progressed()
    {
        _state.Failures = 0;
        _state.RetryAt = null;
        _state.WaitsFor = null;
        _state.Attention = null;
    }

    private DateTimeOffset Wait(DateTimeOffset until, string text)
    {
        _state.WaitsFor = text;
        return until;
    }

    private void Note(string text) => _state.Note(Now, _state.Generation, text);

    private void Attend(string reason)
    {
        if (_state.Attention is { } attention)
        {
            if (attention.Reason == reason)
                return;
            attention.Reason = reason;
            attention.SaidAt = default;
            return;
        }

        _state.Attention = new AttentionEntry { Reason = reason, Since = Now };
    }

    // Once a day, and every hour in the last day.
    private void Remind()
    {
        if (_state.Attention is not { } attention)
            return;
        var isLastDay = _state.Current?.ExpiresAt - Now < TimeSpan.FromDays(1);
        if (Now - attention.SaidAt < (isLastDay ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1)))
            return;
        attention.SaidAt = Now;
        var until = _state.Current?.ExpiresAt is { } end
            ? string.Create(CultureInfo.InvariantCulture, $" The token in use expires at {end.ToUniversalTime():u}.") : null;
        _context.Report(_lineage, RotationStage.NeedsAttention, attention.Reason + until, needsAttention: true);
    }

    private DateTimeOffset NextLook(DateTimeOffset until)
    {
        foreach (var attempt in _state.Attempts)
        {
            if (attempt.LookAt is { } look && look < until)
                until = look;
        }

        return until;
    }

    // What is not written when the process is being stopped is not lost: the next one continues from the record before it. But a secret
    // that has arrived must be stored.
    private async Task CommitAsync(DateTimeOffset dueAt)
    {
        _state.Debts.RemoveAll(debt => debt.Until <= Now);
        foreach (var generation in _sealed.Keys.Where(generation => !_state.Tokens.Any(
            token => token.HasSecret && token.Generation == generation)).ToList())
            _sealed.Remove(generation);
        var state = _state.ToJson();
        if (state == _writtenState && dueAt == _writtenDueAt)
            return;
        _revision = await _lock.WriteAsync(
            new RotationRecord
            {
                Lineage = _lineage.Name, Revision = _revision, DueAt = dueAt, State = state,
                SealedSecrets = new Dictionary<int, byte[]>(_sealed),
            },
            CancellationToken.None).ConfigureAwait(false);
        (_writtenState, _writtenDueAt) = (state, dueAt);
        _context.Seen(_lineage, _state, dueAt);
    }
}
