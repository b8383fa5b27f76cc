using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Tokenwright.Rotation;

/// <summary>The tables of the journal's database, and how those of an earlier schema version are migrated.</summary>
internal static class SqliteSchema
{
    // "TkRt", so that another program's database isn't taken for a journal.
    private const long ApplicationId = 0x546b5274;

    // Each entry migrates from one schema version to the next. Never change one that was released.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE lineage (name TEXT PRIMARY KEY, revision INTEGER NOT NULL, due_at INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
        CREATE INDEX lineage_due ON lineage (due_at);
        CREATE TABLE secret (lineage TEXT NOT NULL, generation INTEGER NOT NULL, sealed BLOB NOT NULL,
            PRIMARY KEY (lineage, generation)) STRICT;
        CREATE TABLE acknowledgement (lineage TEXT NOT NULL, consumer TEXT NOT NULL, generation INTEGER NOT NULL, at INTEGER NOT NULL,
            PRIMARY KEY (lineage, consumer)) STRICT;
        """,
    ];

    public static int Newest => Migrations.Length;

    /// <summary>Sets up an open connection, and creates or migrates the tables.</summary>
    public static void Prepare(SqliteConnection connection, string path)
    {
        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, "PRAGMA synchronous = FULL");
        Run(connection, "PRAGMA secure_delete = ON");
        using var transaction = connection.BeginTransaction(deferred: false);
        var (version, _) = VersionOf(connection, transaction, path);
        for (var next = version; next < Newest; next++)
            Run(connection, Migrations[next], transaction);
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Newest}"), transaction);
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"), transaction);
        transaction.Commit();
    }

    /// <summary>Checks an open connection that only reads.</summary>
    /// <returns>Whether there are the tables of this version; false if the database is empty.</returns>
    public static bool HasTables(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var (version, tables) = VersionOf(connection, transaction, path);
        if (tables > 0 && version < Newest)
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"The journal '{path}' has schema version {version}, and this version reads {Newest}. To migrate it, run the rotation " +
                $"once, for example with 'tokenwright rotate --due'."));
        return tables > 0;
    }

    private static (long Version, long Tables) VersionOf(SqliteConnection connection, SqliteTransaction transaction, string path)
    {
        var version = Number(connection, transaction, "PRAGMA user_version");
        var application = Number(connection, transaction, "PRAGMA application_id");
        var tables = Number(connection, transaction, "SELECT count(*) FROM sqlite_schema");
        if (application != ApplicationId && tables > 0)
            throw new IOException($"'{path}' is the database of another program, not a rotation journal.");
        if (version > Newest)
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"The journal '{path}' has schema version {version}, and this version knows those up to {Newest}. A later version of " +
                $"Tokenwright.Rotation wrote it: use that one."));
        return (version, tables);
    }

    /// <summary>
    /// Empties the write-ahead log, which holds earlier content.
    /// </summary>
    /// <returns>Whether it is empty. It isn't if another connection is reading.</returns>
    public static bool Truncate(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return (long)command.ExecuteScalar()! == 0;
    }

    private static long Number(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
