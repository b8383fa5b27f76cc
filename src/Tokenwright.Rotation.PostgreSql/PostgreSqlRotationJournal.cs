using System.Text.RegularExpressions;
using Medallion.Threading.Postgres;
using Npgsql;

namespace Tokenwright.Rotation;

/// <summary>
/// Stores the state of rotations in a PostgreSQL database, for several processes on several machines. The first use creates the tables, or
/// migrates them to the newest schema version.
/// </summary>
/// <remarks>
/// A lock belongs to a connection: it ends when the connection ends, and only that connection writes the lineage's record. So a process
/// that lost its connection can't write any more. Each lock uses one connection of the pool, and the other members use one more for a
/// moment.
/// </remarks>
public sealed partial class PostgreSqlRotationJournal : IRotationJournal, IDisposable
{
    /// <summary>The default name of the schema.</summary>
    public const string DefaultSchema = "tokenwright_rotation";

    private readonly NpgsqlDataSource _dataSource;
    private readonly bool _ownsDataSource;
    private readonly string _schema;
    private readonly SemaphoreSlim _preparing = new(1);
    private readonly HashSet<PostgreSqlRotationLock> _held = [];
    private volatile bool _isPrepared;

    /// <summary>
    /// Initializes a new instance of the <see cref="PostgreSqlRotationJournal"/> class. It connects when it is first used.
    /// </summary>
    /// <param name="connectionString">The connection string of Npgsql.</param>
    /// <param name="schema">
    /// The schema of the tables, which contains nothing else: lower-case letters, digits and <c>_</c>, at most 63.
    /// </param>
    /// <exception cref="ArgumentException">The connection string or the schema's name is invalid.</exception>
    public PostgreSqlRotationJournal(string connectionString, string schema = DefaultSchema)
        : this(Create(connectionString), schema)
        => _ownsDataSource = true;

    /// <summary>
    /// Initializes a new instance of the <see cref="PostgreSqlRotationJournal"/> class. It connects when it is first used.
    /// </summary>
    /// <param name="dataSource">The data source. It isn't disposed with the journal.</param>
    /// <param name="schema">
    /// The schema of the tables, which contains nothing else: lower-case letters, digits and <c>_</c>, at most 63.
    /// </param>
    /// <exception cref="ArgumentException">The schema's name is invalid.</exception>
    public PostgreSqlRotationJournal(NpgsqlDataSource dataSource, string schema = DefaultSchema)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(schema);
        if (!SchemaName().IsMatch(schema) || schema.StartsWith("pg_", StringComparison.Ordinal))
            throw new ArgumentException(
                $"'{schema}' can't be the journal's schema: a name has lower-case letters, digits and '_' only, at most 63, and doesn't " +
                "begin with a digit or with 'pg_'.", nameof(schema));
        _dataSource = dataSource;
        _schema = schema;
    }

    /// <inheritdoc />
    /// <exception cref="IOException">The database can't be used.</exception>
    public async Task<IRotationJournalLock?> TryLockAsync(string lineage, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(lineage);
        var connection = (NpgsqlConnection?)null;
        try
        {
            connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            var key = PostgreSqlSchema.LockKey(_schema, lineage);
            var handle = await new PostgresDistributedLock(new PostgresAdvisoryLockKey(key), connection)
                .TryAcquireAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            if (handle is null)
                return null;
            var held = new PostgreSqlRotationLock(this, _schema, lineage, key, connection, handle);
            await held.RunAsync(PostgreSqlRotationLock.SetUp, cancellationToken).ConfigureAwait(false);
            lock (_held)
                _held.Add(held);
            connection = null;
            return held;
        }
        catch (NpgsqlException exception)
        {
            throw Failed(exception);
        }
        finally
        {
            // It also releases the lock, if there is one.
            if (connection is not null)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    /// <exception cref="IOException">The database can't be used.</exception>
    public Task<RotationRecord?> ReadAsync(string lineage, CancellationToken cancellationToken = default)
        => RunAsync(
            $"""
            SELECT revision, due_at, state,
                ARRAY(SELECT generation FROM "{_schema}".secret WHERE lineage = $1 ORDER BY generation),
                ARRAY(SELECT sealed FROM "{_schema}".secret WHERE lineage = $1 ORDER BY generation)
            FROM "{_schema}".lineage WHERE name = $1
            """,
            [new() { Value = lineage }],
            row => new RotationRecord
            {
                Lineage = lineage,
                Revision = row.GetInt64(0),
                DueAt = Time(row.GetInt64(1)),
                State = row.GetString(2),
                SealedSecrets = row.GetFieldValue<int[]>(3).Zip(row.GetFieldValue<byte[][]>(4)).ToDictionary(
                    secret => secret.First, secret => secret.Second),
            },
            static rows => rows.Count > 0 ? rows[0] : null,
            cancellationToken);

    /// <inheritdoc />
    /// <exception cref="IOException">The database can't be used.</exception>
    public Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
        => RunAsync<string, IReadOnlyList<string>>(
            $"""SELECT name FROM "{_schema}".lineage WHERE due_at <= $1 ORDER BY due_at""",
            [new() { Value = now.UtcTicks }], static row => row.GetString(0), static rows => rows, cancellationToken);

    /// <inheritdoc />
    /// <exception cref="IOException">The database can't be used.</exception>
    public Task AcknowledgeAsync(string lineage, RotationAcknowledgement acknowledgement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(acknowledgement);
        return RunAsync(
            $"""
            INSERT INTO "{_schema}".acknowledgement AS present (lineage, consumer, generation, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (lineage, consumer) DO UPDATE SET generation = excluded.generation, at = excluded.at
            WHERE excluded.generation > present.generation
            """,
            [
                new() { Value = lineage }, new() { Value = acknowledgement.Consumer }, new() { Value = acknowledgement.Generation },
                new() { Value = acknowledgement.At.UtcTicks },
            ],
            static _ => true, static rows => rows.Count, cancellationToken);
    }

    /// <inheritdoc />
    /// <exception cref="IOException">The database can't be used.</exception>
    public Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync(
        string lineage, CancellationToken cancellationToken = default)
        => RunAsync<RotationAcknowledgement, IReadOnlyList<RotationAcknowledgement>>(
            $"""SELECT consumer, generation, at FROM "{_schema}".acknowledgement WHERE lineage = $1 ORDER BY consumer""",
            [new() { Value = lineage }],
            static row => new() { Consumer = row.GetString(0), Generation = row.GetInt32(1), At = Time(row.GetInt64(2)) },
            static rows => rows, cancellationToken);

    /// <summary>
    /// Releases the locks that were not released, and closes the connections of a journal that was given a connection string.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var held in Held())
            await held.DisposeAsync().ConfigureAwait(false);
        if (_ownsDataSource)
            await _dataSource.DisposeAsync().ConfigureAwait(false);
        _preparing.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal void Released(PostgreSqlRotationLock held)
    {
        lock (_held)
            _held.Remove(held);
    }

    internal IOException Failed(NpgsqlException exception)
        => new($"The journal in the schema '{_schema}' of the database failed: {exception.Message}", exception);

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    // A lock must not be part of a transaction of the program.
    private static NpgsqlDataSource Create(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Enlist = false });
    }

    private PostgreSqlRotationLock[] Held()
    {
        lock (_held)
            return [.. _held];
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await PrepareAsync(connection, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_isPrepared)
            return;
        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_isPrepared)
                await PostgreSqlSchema.PrepareAsync(connection, _schema, cancellationToken).ConfigureAwait(false);
            _isPrepared = true;
        }
        finally
        {
            _preparing.Release();
        }
    }

    private async Task<TResult> RunAsync<TRow, TResult>(
        string sql, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, TRow> read, Func<List<TRow>, TResult> result,
        CancellationToken cancellationToken)
    {
        try
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                using var command = new NpgsqlCommand(sql, connection);
                command.Parameters.AddRange(parameters);
                var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    var rows = new List<TRow>();
                    while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                        rows.Add(read(reader));
                    await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                    return result(rows);
                }
            }
        }
        catch (NpgsqlException exception)
        {
            throw Failed(exception);
        }
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaName();
}
