using System.Collections.Concurrent;

namespace Tokenwright.Rotation;

/// <summary>
/// Rotates tokens: issues a new one, writes its secret to the sinks, waits until nothing uses the old one, revokes it, and proves that it
/// no longer works. It has no schedule of its own. Call <see cref="RunDueAsync"/> as often as you like, from as many processes as you like.
/// </summary>
/// <remarks>
/// Everything is written to a journal before it is done, so a process may be stopped at any moment, and any other one continues. No member
/// loses a token, and none revokes one that is in use. See docs/rotation.md.
/// </remarks>
public sealed class TokenRotator : IDisposable
{
    private readonly TokenRotatorOptions _options;
    private readonly RotatorContext _context;
    private readonly RotationTelemetry _telemetry;
    private readonly Dictionary<string, TokenLineage> _lineages;

    /// <summary>Initializes a new instance of the <see cref="TokenRotator"/> class.</summary>
    /// <param name="options">The lineages, and what the rotator works with.</param>
    /// <exception cref="ArgumentException">A lineage is invalid. The message lists every problem of every lineage.</exception>
    public TokenRotator(TokenRotatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrency, 1, nameof(options));
        _options = options;
        var problems = LineageChecks.Problems(options).ToList();
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        _context = new RotatorContext(options);
        _telemetry = new RotationTelemetry(_context);
        _lineages = options.Lineages.ToDictionary(lineage => lineage.Name, StringComparer.Ordinal);
    }

    /// <summary>Gets the lineages.</summary>
    public IReadOnlyList<TokenLineage> Lineages => _options.Lineages;

    /// <summary>
    /// Brings every lineage that is due as far as it can go now. A lineage that another process works on is left out. The failure of one
    /// lineage doesn't stop the others.
    /// </summary>
    /// <param name="cancellationToken">The token to cancel the operation. A create that was sent is completed first.</param>
    /// <returns>The states of the lineages that were due, and the failures of others.</returns>
    /// <exception cref="IOException">The journal can't be read.</exception>
    public async Task<RotationRunResult> RunDueAsync(CancellationToken cancellationToken = default)
    {
        var due = (await _options.Journal.ListDueAsync(_context.Now, cancellationToken).ConfigureAwait(false))
            .Where(_lineages.ContainsKey).ToHashSet(StringComparer.Ordinal);
        var all = new ConcurrentBag<RotationStatus>();
        var failures = new ConcurrentDictionary<string, Exception>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            _lineages.Keys.Where(name => due.Contains(name) || !_context.HasSeen(name)),
            new ParallelOptions { MaxDegreeOfParallelism = _options.MaxConcurrency, CancellationToken = cancellationToken },
            async (name, cancellationToken) =>
            {
                try
                {
                    // A lineage without a record is new, so it is due.
                    if (!due.Contains(name)
                        && await _options.Journal.ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } record)
                        Seen(_lineages[name], record);
                    else if (await RunAsync(_lineages[name], static _ => Task.CompletedTask, cancellationToken).ConfigureAwait(false)
                        is { } status)
                        all.Add(status);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    failures[name] = exception;
                    _context.Failed(name, exception);
                }
            }).ConfigureAwait(false);
        return new() { Statuses = [.. all.OrderBy(status => status.Lineage, StringComparer.Ordinal)], Failures = failures };
    }

    /// <summary>Starts the rotation of a lineage now, or continues one that is under way, as far as it can go now.</summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="cancellationToken">The token to cancel the operation. A create that was sent is completed first.</param>
    /// <exception cref="ArgumentException">There is no lineage with this name.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another caller works on the lineage, or the journal's record of it can't be understood.
    /// </exception>
    /// <exception cref="IOException">The journal can't be read or written.</exception>
    public async Task<RotationStatus> RotateAsync(string lineage, CancellationToken cancellationToken = default)
        => await RunAsync(Find(lineage), static reconciler => reconciler.RequestAsync(), cancellationToken).ConfigureAwait(false)
            ?? throw Busy(lineage);

    /// <summary>
    /// Takes over a token that exists, so that the first rotation replaces it. Its secret is checked, sealed in the journal, and written to
    /// the sinks. If the vendor doesn't say when it expires, it is replaced at once.
    /// </summary>
    /// <param name="lineage">The lineage's name. It must not have a token yet.</param>
    /// <param name="tokenId">The vendor's id of the token; null if tokens have none.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="ArgumentException">There is no lineage with this name.</exception>
    /// <exception cref="InvalidOperationException">
    /// The lineage has a token, the vendor says that the secret doesn't work or that the id is that of another token, another caller works
    /// on the lineage, or the journal's record of it can't be understood.
    /// </exception>
    /// <exception cref="TokenClientException">The vendor can't be asked.</exception>
    /// <exception cref="IOException">The journal can't be read or written.</exception>
    public async Task<RotationStatus> AdoptAsync(
        string lineage, string? tokenId, TokenSecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return await RunAsync(Find(lineage), reconciler => reconciler.AdoptAsync(tokenId, secret), cancellationToken).ConfigureAwait(false)
            ?? throw Busy(lineage);
    }

    /// <summary>
    /// Records that a consumer uses a generation, and no earlier one. Call it after the consumer's first successful call with that secret.
    /// </summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="consumer">The consumer's name, as in <see cref="TokenLineage.Consumers"/>.</param>
    /// <param name="generation">The generation, which the sinks have with the secret.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="ArgumentException">There is no such lineage, consumer or generation.</exception>
    /// <exception cref="InvalidOperationException">The journal's record of the lineage can't be understood.</exception>
    /// <exception cref="IOException">The journal can't be read or written.</exception>
    public async Task AcknowledgeAsync(
        string lineage, string consumer, int generation, CancellationToken cancellationToken = default)
    {
        var found = Find(lineage);
        if (!found.Consumers.Contains(consumer, StringComparer.Ordinal))
            throw new ArgumentException(
                found.Consumers.Count == 0 ? $"The lineage '{lineage}' has no consumers, so nothing needs to be acknowledged."
                    : $"The lineage '{lineage}' has no consumer '{consumer}'; known are: {string.Join(", ", found.Consumers)}.",
                nameof(consumer));
        var status = await StatusAsync(found, cancellationToken).ConfigureAwait(false);
        if (generation < 1 || generation > status.Generation)
            throw new ArgumentException(
                status.Generation == 0 ? $"The lineage '{lineage}' has no token yet." : FormattableString.Invariant(
                    $"The lineage '{lineage}' has published generation {status.Generation}, not {generation}."),
                nameof(generation));
        await _options.Journal.AcknowledgeAsync(
            lineage, new() { Consumer = consumer, Generation = generation, At = _context.Now }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets the state of all lineages.</summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="InvalidOperationException">The journal's record of a lineage can't be understood.</exception>
    /// <exception cref="IOException">The journal can't be read.</exception>
    public async Task<IReadOnlyList<RotationStatus>> StatusAsync(CancellationToken cancellationToken = default)
    {
        var all = new List<RotationStatus>();
        foreach (var lineage in _options.Lineages)
            all.Add(await StatusAsync(lineage, cancellationToken).ConfigureAwait(false));
        return all;
    }

    /// <summary>Gets the state of one lineage.</summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="ArgumentException">There is no lineage with this name.</exception>
    /// <exception cref="InvalidOperationException">The journal's record of the lineage can't be understood.</exception>
    /// <exception cref="IOException">The journal can't be read.</exception>
    public Task<RotationStatus> StatusAsync(string lineage, CancellationToken cancellationToken = default)
        => StatusAsync(Find(lineage), cancellationToken);

    /// <summary>Ends the metrics. Neither the journal nor the clients are disposed.</summary>
    public void Dispose() => _telemetry.Dispose();

    // Returns null if another caller has the lock.
    private async Task<RotationStatus?> RunAsync(
        TokenLineage lineage, Func<LineageReconciler, Task> prepare, CancellationToken cancellationToken)
    {
        var held = await _options.Journal.TryLockAsync(lineage.Name, cancellationToken).ConfigureAwait(false);
        if (held is null)
            return null;
        await using (held.ConfigureAwait(false))
        {
            var record = await _options.Journal.ReadAsync(lineage.Name, cancellationToken).ConfigureAwait(false);
            var reconciler = new LineageReconciler(lineage, _context, held, record, cancellationToken);
            await prepare(reconciler).ConfigureAwait(false);
            await reconciler.RunAsync().ConfigureAwait(false);
            return reconciler.Status;
        }
    }

    private async Task<RotationStatus> StatusAsync(TokenLineage lineage, CancellationToken cancellationToken)
    {
        var record = await _options.Journal.ReadAsync(lineage.Name, cancellationToken).ConfigureAwait(false);
        return record is null ? LineageStatus.New(lineage) : LineageStatus.Of(lineage, Seen(lineage, record), record.DueAt);
    }

    private LineageState Seen(TokenLineage lineage, RotationRecord record)
    {
        var state = LineageState.Parse(record.State, lineage.Name);
        _context.Seen(lineage, state, record.DueAt);
        return state;
    }

    private TokenLineage Find(string lineage)
        => _lineages.GetValueOrDefault(lineage) ?? throw new ArgumentException(
            $"There is no lineage '{lineage}'; known are: {string.Join(", ", _lineages.Keys)}.", nameof(lineage));

    private static InvalidOperationException Busy(string lineage)
        => new($"Another caller works on the lineage '{lineage}'. Try again when it has finished.");
}
