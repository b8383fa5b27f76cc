using System.Data;
using Medallion.Threading.Postgres;
using Npgsql;

namespace Tokenwright.Rotation;

/// <summary>
/// The lock of a lineage: an advisory lock of a session. Records are written by the same session, so a session that has ended writes
/// nothing.
/// </summary>
internal sealed class PostgreSqlRotationLock(
    PostgreSqlRotationJournal journal, string schema, string lineage, long key, NpgsqlConnection connection,
    PostgresDistributedLockHandle handle) : IRotationJournalLock
{
    // A machine that vanishes must not hold a lock for two hours, as the server's system waits by default. A commit must be on the disk,
    // also where the server is configured to confirm it earlier.
    public const string SetUp = """
        SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
        """;

    private const string Create = "INSERT INTO {0}.lineage (name, revision, due_at, state) SELECT $1, $2 + 1, $3, $4 FROM held " +
        "ON CONFLICT DO NOTHING RETURNING revision";

    private const string Replace = "UPDATE {0}.lineage SET revision = revision + 1, due_at = $3, state = $4 FROM held " +
        "WHERE name = $1 AND revision = $2 RETURNING revision";

    // A pooler can change the session behind the connection, so it is checked that this one has the lock. One statement is one transaction.
    private const string Write = """
        WITH held AS (
            SELECT FROM pg_catalog.pg_locks
            WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid() AND classid = $7 AND objid = $8 AND objsubid = 1
                AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())),
        written AS ({1}),
        erased AS (DELETE FROM {0}.secret USING written WHERE lineage = $1 AND generation <> ALL ($5)),
        stored AS (
            INSERT INTO {0}.secret AS present (lineage, generation, sealed)
            SELECT $1, new.generation, new.sealed FROM written, unnest($5, $6) AS new (generation, sealed)
            ON CONFLICT (lineage, generation) DO UPDATE SET sealed = excluded.sealed WHERE present.sealed <> excluded.sealed)
        SELECT coalesce((SELECT revision FROM written), 0) FROM held
        """;

    private readonly SemaphoreSlim _turn = new(1);
    private bool _isReleased;

    /// <summary>Runs a statement in the session that has the lock.</summary>
    public async Task<object?> RunAsync(string sql, CancellationToken cancellationToken = default)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<long> WriteAsync(RotationRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Lineage != lineage)
            throw new ArgumentException($"The lock is that of '{lineage}', not of '{record.Lineage}'.", nameof(record));
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isReleased, this);
            if (connection.State != ConnectionState.Open)
                throw new IOException($"The connection that held the lock of '{lineage}' was lost. Nothing was written.");
            return await WriteInTurnAsync(record, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            throw journal.Failed(exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isReleased)
                return;
            _isReleased = true;
            journal.Released(this);
            try
            {
                await handle.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
            {
                // The connection is lost, and the lock with it. Otherwise it must not go back to the pool with the lock.
                NpgsqlConnection.ClearPool(connection);
            }

            await connection.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<long> WriteInTurnAsync(RotationRecord record, CancellationToken cancellationToken)
    {
        var quoted = $"\"{schema}\"";
        var sql = Write.Replace("{1}", record.Revision == 0 ? Create : Replace, StringComparison.Ordinal)
            .Replace("{0}", quoted, StringComparison.Ordinal);
        using var command = new NpgsqlCommand(sql, connection);
        var generations = record.SealedSecrets.Keys.ToArray();
        NpgsqlParameter[] values =
        [
            new NpgsqlParameter<string> { TypedValue = lineage }, new NpgsqlParameter<long> { TypedValue = record.Revision },
            new NpgsqlParameter<long> { TypedValue = record.DueAt.UtcTicks }, new NpgsqlParameter<string> { TypedValue = record.State },
            new NpgsqlParameter<int[]> { TypedValue = generations },
            new NpgsqlParameter<byte[][]> { TypedValue = [.. generations.Select(generation => record.SealedSecrets[generation])] },
            new NpgsqlParameter<int> { TypedValue = (int)(key >> 32) }, new NpgsqlParameter<int> { TypedValue = (int)key },
        ];
        command.Parameters.AddRange(values);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) switch
        {
            long revision and > 0 => revision,
            null => throw new InvalidOperationException($"The lock of '{lineage}' was lost. Nothing was written."),
            _ => throw new InvalidOperationException(
                $"The record of '{lineage}' was changed by somebody else since it was read. Nothing was written."),
        };
    }
}
