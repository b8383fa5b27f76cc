using System.Text.Json;

namespace Tokenwright.CrashTests.Victim;

/// <summary>
/// Issues tokens in a program that may be killed at any moment. At its next start, the program knows which tokens it may have left behind:
/// each create is written to a journal before it is sent, and crossed out when its secret is stored.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="requestFor">Creates the request for a name. It must return the same request after a restart. The journal contains only the
/// name, so that it contains no secret.</param>
/// <param name="secrets">Stores the secrets.</param>
/// <param name="journal">The path of a file that survives the program, and that only one process uses at a time.</param>
/// <param name="clock">The clock of the client.</param>
public sealed class JournaledTokenIssuer(
    ITokenClient client, Func<string, CreateTokenRequest> requestFor, ISecretStore secrets, string journal, TimeProvider clock)
{
    private readonly Lock _lock = new();

    /// <summary>Issues a token and stores its secret.</summary>
    /// <param name="name">The name to store the secret under. It must be new: where the vendor has no keys, the client finds the token by
    /// its name.</param>
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

    /// <summary>Resolves the creates that are not crossed out. Call it at the start, before any token is issued.</summary>
    /// <param name="report">Called for each of them, before it is crossed out.</param>
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
                    continue; // A person must look at these.
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

            // The line break comes first, so that an incomplete line of an earlier run stays separate.
            file.Write([(byte)'\n', .. JsonSerializer.SerializeToUtf8Bytes(entry)]);
            file.Flush(flushToDisk: true);
        }
    }

    /// <summary>Returns the creates that are not crossed out, with the time when they started.</summary>
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

    // An incomplete line describes a step that had not happened yet: nothing was sent, or the create is not crossed out.
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
