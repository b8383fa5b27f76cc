using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Tokenwright.Rotation;

/// <summary>The tables of a journal, and how those of an earlier schema version are migrated.</summary>
internal static class PostgreSqlSchema
{
    // Each entry migrates from one schema version to the next. Never change one that was released. A time is a number of ticks (100 ns):
    // the database's own type is less exact.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE {0}.lineage (name text PRIMARY KEY, revision bigint NOT NULL, due_at bigint NOT NULL, state text NOT NULL);
        CREATE INDEX ON {0}.lineage (due_at);
        CREATE TABLE {0}.secret (lineage text NOT NULL, generation integer NOT NULL, sealed bytea NOT NULL,
            PRIMARY KEY (lineage, generation));
        CREATE TABLE {0}.acknowledgement (lineage text NOT NULL, consumer text NOT NULL, generation integer NOT NULL, at bigint NOT NULL,
            PRIMARY KEY (lineage, consumer));
        """,
    ];

    private const string Journal = "journal";
    private const string Other = "other";

    public static int Newest => Migrations.Length;

    /// <summary>Gets the key of an advisory lock, which all users of the database share.</summary>
    public static long LockKey(string schema, string? lineage)
        => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"tokenwright rotation\n{schema}\n{lineage}")));

    /// <summary>Creates or migrates the tables. Where they have the newest schema version, it only reads.</summary>
    public static async Task PrepareAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (await FindAsync().ConfigureAwait(false) == Journal && await VersionAsync().ConfigureAwait(false) == Newest)
            return;
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Several processes can start at the same time.
            await RunAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({LockKey(schema, null)})"))
                .ConfigureAwait(false);
            var found = await FindAsync().ConfigureAwait(false);
            if (found == Other)
                throw new IOException(
                    $"The schema '{schema}' has tables of another program. Give the rotation journal a schema of its own.");
            if (found is null)
                await RunAsync($"CREATE SCHEMA \"{schema}\"").ConfigureAwait(false);
            if (found != Journal)
                await RunAsync(
                    $"CREATE TABLE \"{schema}\".schema_version (version integer NOT NULL); " +
                    $"INSERT INTO \"{schema}\".schema_version VALUES (0)").ConfigureAwait(false);
            for (var next = await VersionAsync().ConfigureAwait(false); next < Newest; next++)
                await RunAsync(string.Format(CultureInfo.InvariantCulture, Migrations[next], $"\"{schema}\"")).ConfigureAwait(false);
            await RunAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE \"{schema}\".schema_version SET version = {Newest}"))
                .ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        // Functions such as to_regclass can miss what another session has just created, a query of the catalog can't.
        async Task<string?> FindAsync()
            => (string?)await RunAsync(
                """
                SELECT CASE WHEN bool_or(relname = 'schema_version') THEN 'journal' WHEN count(relname) > 0 THEN 'other' ELSE 'empty' END
                FROM pg_catalog.pg_namespace LEFT JOIN pg_catalog.pg_class ON relnamespace = pg_namespace.oid
                WHERE nspname = $1 GROUP BY nspname
                """, schema).ConfigureAwait(false);

        async Task<int> VersionAsync()
            => await RunAsync($"SELECT version FROM \"{schema}\".schema_version").ConfigureAwait(false) is int version && version <= Newest
                ? version
                : throw new IOException(string.Create(CultureInfo.InvariantCulture,
                    $"The journal in the schema '{schema}' has a schema version that this version doesn't know; it knows those up to " +
                    $"{Newest}. A later version of Tokenwright.Rotation.PostgreSql wrote it: use that one."));

        async Task<object?> RunAsync(string sql, params string[] parameters)
        {
            using var command = new NpgsqlCommand(sql, connection);
            foreach (var parameter in parameters)
                command.Parameters.Add(new() { Value = parameter });
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
