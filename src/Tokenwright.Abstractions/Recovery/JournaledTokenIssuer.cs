namespace Tokenwright;

/// <summary>
/// Issues tokens so that no token is lost if the process is stopped at any moment. Each create is written to a journal before it is sent,
/// and removed from it after the secret is stored.
/// </summary>
/// <remarks>
/// The journal is a file of lines. It contains names and times, and no secrets. One instance at a time may use it. The instance can be used
/// by several threads. See docs/unknown-outcomes.md.
/// </remarks>
public sealed class JournaledTokenIssuer
{
    private readonly ITokenClient _client;
    private readonly ISecretStore _secrets;
    private readonly string _path;
    private readonly Func<string, CreateTokenRequest> _createRequest;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();

    /// <summary>Initializes a new instance of the <see cref="JournaledTokenIssuer"/> class.</summary>
    /// <param name="client">The client that creates the tokens.</param>
    /// <param name="secrets">The store for their secrets.</param>
    /// <param name="path">The path of the journal. The file must survive the end of the process.</param>
    /// <param name="createRequest">
    /// Creates the request for a name. After a restart it must create the same request for the same name.
    /// </param>
    /// <param name="timeProvider">The clock; null for the system's clock. It must be the clock of the client.</param>
    public JournaledTokenIssuer(
        ITokenClient client, ISecretStore secrets, string path, Func<string, CreateTokenRequest> createRequest,
        TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(createRequest);
        _client = client;
        _secrets = secrets;
        _path = path;
        _createRequest = createRequest;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Issues a token and stores its secret.</summary>
    /// <param name="name">
    /// The name that the secret is stored by. Use each name once: where the vendor has no keys, an orphaned token is found by its name.
    /// </param>
    /// <param name="cancellationToken">
    /// The token to cancel the operation. When the secret has arrived, the operation isn't canceled any more.
    /// </param>
    /// <returns>The record of the token.</returns>
    /// <exception cref="TokenOutcomeUnknownException">
    /// The response was lost, and a token may exist. Unless it was revoked, the create stays in the journal.
    /// </exception>
    /// <exception cref="TokenClientException">The token was not created.</exception>
    /// <exception cref="IOException">The journal can't be written. If it happens before the create, nothing was sent.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write the journal. Nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The journal contains a create for this name.</exception>
    public async Task<ApiToken> IssueAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var request = _createRequest(name);
        cancellationToken.ThrowIfCancellationRequested();
        Start(name);
        IssuedToken issued;
        try
        {
            issued = await _client.CreateAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenClientException failure) when (failure is not TokenOutcomeUnknownException { IsOrphanRevoked: false })
        {
            // Nothing was created, or nothing of it is left.
            Complete(name);
            throw;
        }

        await _secrets.StoreAsync(name, issued, CancellationToken.None).ConfigureAwait(false);
        Complete(name);
        return issued.Token;
    }

    /// <summary>
    /// Finds out what became of the creates in the journal, and does what their requests say
    /// (<see cref="CreateTokenRequest.IfOutcomeUnknown"/>). Call it when the program starts, before it issues a token.
    /// </summary>
    /// <param name="report">Is called for each create, before the create is removed from the journal.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="IOException">The journal can't be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read or write the journal.</exception>
    /// <exception cref="TokenOperationNotSupportedException">
    /// The client doesn't implement <see cref="ITokenCreationRecovery"/>.
    /// </exception>
    public async Task RecoverAsync(Action<RecoveredCreate> report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        foreach (var pending in ReadPending())
        {
            if (!await _secrets.ContainsAsync(pending.Name, cancellationToken).ConfigureAwait(false))
            {
                var recovered = await ResolveAsync(pending, cancellationToken).ConfigureAwait(false);
                if (recovered.Resolution?.Issued is { } issued)
                    await _secrets.StoreAsync(pending.Name, issued, CancellationToken.None).ConfigureAwait(false);
                report(recovered);

                // A failure may pass, and somebody must look at orphans that can't be told apart.
                if (recovered.Resolution is null or { Issued: null, IsOrphanRevoked: false, Orphans.Count: > 0 })
                    continue;
            }

            Complete(pending.Name);
        }
    }

    /// <summary>Reads the creates that were started and not completed.</summary>
    /// <exception cref="IOException">The journal can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the journal.</exception>
    public IReadOnlyList<PendingCreate> ReadPending()
    {
        string[] lines;
        lock (_lock)
            lines = File.Exists(_path) ? File.ReadAllLines(_path) : [];
        var pending = new List<PendingCreate>();
        foreach (var line in lines)
        {
            if (JournalEntry.Parse(line) is not { } entry)
                continue;
            pending.RemoveAll(other => other.Name == entry.Name);
            if (entry.StartedAt is { } startedAt)
                pending.Add(new PendingCreate(entry.Name, startedAt));
        }

        return pending;
    }

    private async Task<RecoveredCreate> ResolveAsync(PendingCreate pending, CancellationToken cancellationToken)
    {
        var recovery = _client.GetRequiredService<ITokenCreationRecovery>();
        try
        {
            var resolution = await recovery.RecoverCreateAsync(_createRequest(pending.Name), pending.StartedAt, cancellationToken)
                .ConfigureAwait(false);
            return new RecoveredCreate(pending.Name, resolution);
        }
        catch (TokenClientException failure)
        {
            return new RecoveredCreate(pending.Name, failure);
        }
    }

    // Nothing that was not settled may be forgotten because its name is used again.
    private void Start(string name)
    {
        lock (_lock)
        {
            if (ReadPending().Any(pending => pending.Name == name))
                throw new InvalidOperationException(
                    $"The journal '{_path}' contains a create for '{name}' that was not completed. Call {nameof(RecoverAsync)} first.");
            Write(new JournalEntry(name, _timeProvider.GetUtcNow()));
        }
    }

    // A journal in which nothing is pending is deleted, so that it doesn't grow.
    private void Complete(string name)
    {
        lock (_lock)
        {
            Write(new JournalEntry(name, null));
            if (ReadPending().Count == 0)
                File.Delete(_path);
        }
    }

    private void Write(JournalEntry entry)
    {
        using var file = new FileStream(_path, FileMode.Append);

        // The line break comes first, so that a line which an earlier run could not complete stays a line of its own.
        file.Write([(byte)'\n', .. entry.ToJson()]);
        file.Flush(flushToDisk: true);
    }
}
