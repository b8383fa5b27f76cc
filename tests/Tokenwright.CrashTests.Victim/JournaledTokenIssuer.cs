using System.Text.Json;

namespace Tokenwright.CrashTests.Victim;

/// <summary>
/// Issues tokens so that a program which is killed at any moment knows at its next start what it may have left behind: each create is
/// written down before it is sent, and crossed out when its secret is stored.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="requestFor">Makes the request for a name, at the next start the same one again. The journal keeps the name only, so that no
/// secret gets into it.</param>
/// <param name="secrets">Where secrets are kept.</param>
/// <param name="journal">A file that outlives the program, and belongs to one process at a time.</param>
/// <param name="clock">The clock that the client goes by.</param>
public sealed class JournaledTokenIssuer(
    ITokenClient client, Func<string, CreateTokenRequest> requestFor, ISecretStore secrets, string journal, TimeProvider clock)
{
    private readonly Lock _lock = new();

    /// <summary>Issues a token and stores its secret.</summary>
    /// <param name="name">What it is stored by. Never used before: where the vendor keeps no keys, the token is found again by it.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public async Task IssueAsync(string name, CancellationToken cancellationToken = default)
    {
        Write(new Entry(name, clock.GetUtcNow()));
        IssuedToken issued;
        try
        {
            issued = await client.CreateAsync(requestFor(name), cancellationToken);
        }
        catch (TokenClientException failure) when (failure is not TokenOutcomeUnknownException { IsOrphanRevoked: false })
        {
            CrossOut(name); // It was not carried out, or nothing of it is left.
            throw;
        }

        await secrets.StoreAsync(name, issued);
        CrossOut(name);
    }

    /// <summary>Finds out what became of the creates that are not crossed out. Called at the start, before anything is issued.</summary>
    /// <param name="report">Is told of each, before it is crossed out.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public async Task RecoverAsync(Action<RecoveredCreate> report, CancellationToken cancellationToken = default)
    {
        var open = ReadOpen();
        foreach (var (name, startedAt) in open)
        {
            if (!await secrets.HoldsAsync(name))
            {
                CreationResolution resolution;
                try
                {
                    resolution = await client.GetRequiredService<ITokenCreationRecovery>().RecoverCreateAsync(
                        requestFor(name), startedAt, cancellationToken);
                }
                catch (TokenClientException failure)
                {
                    report(new RecoveredCreate(name, null, failure)); // It stays in the journal for the next time.
                    continue;
                }

                if (resolution.Issued is { } issued)
                    await secrets.StoreAsync(name, issued);
                report(new RecoveredCreate(name, resolution, null));
                if (resolution is { Issued: null, IsOrphanRevoked: false, Orphans.Count: > 0 })
                    continue; // Somebody must look at these.
            }

            CrossOut(name);
        }

        if (ReadOpen().Count == 0)
            File.Delete(journal);
    }

    private void CrossOut(string name) => Write(new Entry(name, null));

    private void Write(Entry entry)
    {
        lock (_lock)
        {
            using var file = new FileStream(journal, FileMode.Append);

            // The line break comes first: a line that an earlier run could not finish stays one of its own.
            file.Write([(byte)'\n', .. JsonSerializer.SerializeToUtf8Bytes(entry)]);
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>The creates that were begun and are not crossed out, with the time when they began.</summary>
    public IReadOnlyList<(string Name, DateTimeOffset StartedAt)> ReadOpen()
    {
        var open = new List<(string Name, DateTimeOffset StartedAt)>();
        foreach (var line in File.Exists(journal) ? File.ReadLines(journal) : [])
        {
            if (Parse(line) is not { } entry)
                continue;
            open.RemoveAll(other => other.Name == entry.Name);
            if (entry.StartedAt is { } startedAt)
                open.Add((entry.Name, startedAt));
        }

        return open;
    }

    // Of a line that was not finished, what it says was not done yet: nothing was sent, or it is not crossed out.
    private static Entry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Without a time, the name is crossed out.
    private sealed record Entry(string Name, DateTimeOffset? StartedAt);
}
