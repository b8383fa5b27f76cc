using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Tokenwright.Rotation;

/// <summary>
/// Stores the state of rotations in an SQLite database, for one or several processes on one machine. The file belongs to its owner only,
/// and must be on a local disk. Beside it are SQLite's own files (<c>-wal</c>, <c>-shm</c>) and a directory of empty files for the locks
/// (<c>-locks</c>).
/// </summary>
public sealed class SqliteRotationJournal : IRotationJournal, IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // ERROR_SHARING_VIOLATION, and EWOULDBLOCK, which is the number of the system itself. Any other failure is not another caller.
    private static readonly int HeldByAnother =
        OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35;

    private readonly string _locks;
    private readonly SqliteConnection _connection;

    // A connection serves one caller at a time. What takes the time is the disk.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<SqliteRotationLock> _held = [];

    // Whether the write-ahead log can have a secret that was erased, also by a process that was killed since.
    private bool _isErasedInLog = true;

    private SqliteRotationJournal(string path)
    {
        _locks = path + "-locks";
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 30,
        }.ConnectionString);
    }

    /// <summary>Opens a journal. It is created if it doesn't exist, and migrated to the newest schema version.</summary>
    /// <param name="path">The path of the database. Its directory must exist.</param>
    /// <exception cref="IOException">The file can't be opened, is not a journal, or was written by a later version.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read and write the file.</exception>
    public static SqliteRotationJournal Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = FileAt(path);
        var journal = new SqliteRotationJournal(path);
        try
        {
            CreateFiles(path, journal._locks);
            journal._connection.Open();
            SqliteSchema.Prepare(journal._connection, path);
            return journal;
        }
        catch (SqliteException exception)
        {
            journal._connection.Dispose();
            throw new IOException($"The journal '{path}' can't be opened: {exception.Message}", exception);
        }
        catch (Exception)
        {
            journal._connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a journal to read it, for example to show its state. No file is created or changed, and other processes may write the journal
    /// meanwhile. A journal that doesn't exist is read as an empty one. Lineages can't be locked, and nothing can be acknowledged.
    /// </summary>
    /// <param name="path">The path of the database.</param>
    /// <exception cref="IOException">
    /// The file can't be read, is not a journal, was written by a later version, or has an earlier schema version, which <see cref="Open"/>
    /// migrates.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read the file.</exception>
    public static IRotationJournal OpenReadOnly(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var journal = new ReadOnlySqliteJournal(FileAt(path));
        journal.Check();
        return journal;
    }

    /// <inheritdoc />
    /// <exception cref="UnauthorizedAccessException">The user may not open the file of the lock.</exception>
    public Task<IRotationJournalLock?> TryLockAsync(string lineage, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(lineage);
        cancellationToken.ThrowIfCancellationRequested();
        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(lineage)))[..32];
        var options = new FileStreamOptions
            { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        FileStream file;
        try
        {
            // The system ends the lock with the process. The file stays: if it were deleted, two processes could lock two of the same name.
            file = new FileStream(Path.Combine(_locks, name), options);
        }
        catch (IOException exception) when (exception.HResult == HeldByAnother)
        {
            return Task.FromResult<IRotationJournalLock?>(null);
        }

        var held = new SqliteRotationLock(this, lineage, file);
        lock (_held)
            _held.Add(held);
        return Task.FromResult<IRotationJournalLock?>(held);
    }

    /// <inheritdoc />
    public Task<RotationRecord?> ReadAsync(string lineage, CancellationToken cancellationToken = default)
        => InTurnAsync(() => SqliteQueries.Read(_connection, lineage), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
        => InTurnAsync(() => SqliteQueries.ListDue(_connection, now), cancellationToken);

    /// <inheritdoc />
    public Task AcknowledgeAsync(string lineage, RotationAcknowledgement acknowledgement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(acknowledgement);
        return InTurnAsync(
            () =>
            {
                using var command = Command(
                    """
                    INSERT INTO acknowledgement (lineage, consumer, generation, at) VALUES ($lineage, $consumer, $generation, $at)
                    ON CONFLICT (lineage, consumer) DO UPDATE SET generation = excluded.generation, at = excluded.at
                    WHERE excluded.generation > generation
                    """,
                    ("$lineage", lineage), ("$consumer", acknowledgement.Consumer), ("$generation", acknowledgement.Generation),
                    ("$at", acknowledgement.At.UtcTicks));
                return command.ExecuteNonQuery();
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync(
        string lineage, CancellationToken cancellationToken = default)
        => InTurnAsync(() => SqliteQueries.ReadAcknowledgements(_connection, lineage), cancellationToken);

    /// <summary>Closes the journal and releases the locks that were not released.</summary>
    public void Dispose()
    {
        SqliteRotationLock[] held;
        lock (_held)
            held = [.. _held];
        foreach (var one in held)
            one.Release();
        _turn.Wait();
        _connection.Dispose();
        _turn.Release();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal long Setting(string pragma)
    {
        using var command = Command($"PRAGMA {pragma}");
        return (long)command.ExecuteScalar()!;
    }

    internal void Released(SqliteRotationLock held)
    {
        lock (_held)
            _held.Remove(held);
    }

    internal Task<long> WriteAsync(RotationRecord record, CancellationToken cancellationToken)
        => InTurnAsync(
            () =>
            {
                var isErased = false;
                using (var transaction = _connection.BeginTransaction(deferred: false))
                {
                    int Run(string sql, params (string Name, object Value)[] parameters)
                    {
                        using var command = Command(sql, parameters);
                        command.Transaction = transaction;
                        return command.ExecuteNonQuery();
                    }

                    var written = record.Revision == 0
                        ? Run("INSERT INTO lineage (name, revision, due_at, state) VALUES ($name, 1, $due, $state) ON CONFLICT DO NOTHING",
                            ("$name", record.Lineage), ("$due", record.DueAt.UtcTicks), ("$state", record.State))
                        : Run("UPDATE lineage SET revision = revision + 1, due_at = $due, state = $state " +
                            "WHERE name = $name AND revision = $revision",
                            ("$name", record.Lineage), ("$due", record.DueAt.UtcTicks), ("$state", record.State),
                            ("$revision", record.Revision));
                    if (written == 0)
                        throw new InvalidOperationException(
                            $"The record of '{record.Lineage}' was changed by somebody else since it was read. Nothing was written.");
                    var kept = string.Join(',', record.SealedSecrets.Keys.Select(
                        generation => generation.ToString(CultureInfo.InvariantCulture)));
                    isErased = Run($"DELETE FROM secret WHERE lineage = $name AND generation NOT IN ({kept})",
                        ("$name", record.Lineage)) > 0;
                    foreach (var (generation, sealedSecret) in record.SealedSecrets)
                        Run(
                            "INSERT INTO secret (lineage, generation, sealed) VALUES ($name, $generation, $sealed) " +
                            "ON CONFLICT DO UPDATE SET sealed = excluded.sealed WHERE sealed <> excluded.sealed",
                            ("$name", record.Lineage), ("$generation", generation), ("$sealed", sealedSecret));
                    transaction.Commit();
                }

                // If another connection is reading, the log keeps it until a later write.
                _isErasedInLog |= isErased;
                if (_isErasedInLog)
                    _isErasedInLog = !SqliteSchema.Truncate(_connection);
                return record.Revision + 1;
            },
            cancellationToken);

    private static string FileAt(string path)
        => Directory.Exists(path) ? throw new IOException($"'{path}' is a directory, not a rotation journal.") : Path.GetFullPath(path);

    private static void CreateFiles(string path, string locks)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(locks);
            return;
        }

        Directory.CreateDirectory(locks, OwnerOnly | UnixFileMode.UserExecute);

        // SQLite gives its other files the permissions of this one.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly,
            Share = FileShare.ReadWrite | FileShare.Delete };
        new FileStream(path, options).Dispose();
        if (File.GetUnixFileMode(path) != OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    private SqliteCommand Command(string sql, params (string Name, object Value)[] parameters)
        => SqliteQueries.Command(_connection, sql, parameters);

    // SQLite waits for the disk on the calling thread.
    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw new IOException($"The journal '{_connection.DataSource}' failed: {exception.Message}", exception);
        }
        finally
        {
            _turn.Release();
        }
    }
}
