using Microsoft.Data.Sqlite;

namespace Tokenwright.Rotation;

/// <summary>Reads a journal without creating or changing a file, also while other processes write the journal.</summary>
/// <param name="path">The full path of the database.</param>
internal sealed class ReadOnlySqliteJournal(string path) : IRotationJournal
{
    /// <summary>Reports a file that can't be read as a journal.</summary>
    public void Check() => Read(_ => true, otherwise: false, CancellationToken.None);

    public Task<IRotationJournalLock?> TryLockAsync(string lineage, CancellationToken cancellationToken = default) => throw ReadOnly();

    public Task<RotationRecord?> ReadAsync(string lineage, CancellationToken cancellationToken = default)
        => Task.FromResult(Read(connection => SqliteQueries.Read(connection, lineage), null, cancellationToken));

    public Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
        => Task.FromResult(Read(connection => SqliteQueries.ListDue(connection, now), [], cancellationToken));

    public Task AcknowledgeAsync(string lineage, RotationAcknowledgement acknowledgement, CancellationToken cancellationToken = default)
        => throw ReadOnly();

    public Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync(
        string lineage, CancellationToken cancellationToken = default)
        => Task.FromResult(Read(connection => SqliteQueries.ReadAcknowledgements(connection, lineage), [], cancellationToken));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private T Read<T>(Func<SqliteConnection, T> query, T otherwise, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Look() is not { } before)
                return otherwise;
            try
            {
                using var connection = Open(isImmutable: before.LogLength == 0);
                var result = SqliteSchema.HasTables(connection, path) ? query(connection) : otherwise;

                // Without a log, nothing was locked. What was read is whole if nobody wrote meanwhile.
                if (before.LogLength > 0 || Look() == before)
                    return result;
            }
            catch (SqliteException exception)
            {
                if (Look() == before)
                    throw new IOException($"The journal '{path}' can't be read: {exception.Message}", exception);
            }
        }
    }

    // To read beside others, SQLite needs the write-ahead log and its index. It would create them and leave them there. If there is no log,
    // or an empty one, everything is in the database, and it is read as a file that nobody changes.
    private SqliteConnection Open(bool isImmutable)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = isImmutable
                ? $"file:{string.Join('/', path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString))}?immutable=1" : path,
            Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30,
        }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    // The files are not opened: the system would end the locks of this process when they are closed.
    private (DateTime Written, long Length, long LogLength)? Look()
    {
        try
        {
            // Unlike a file's length, its attributes say whether it doesn't exist or can't be seen.
            _ = File.GetAttributes(path);
            return (File.GetLastWriteTimeUtc(path), new FileInfo(path).Length,
                new FileInfo(path + "-wal") is { Exists: true } log ? log.Length : 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static InvalidOperationException ReadOnly() => new("The journal was opened for reading only.");
}
