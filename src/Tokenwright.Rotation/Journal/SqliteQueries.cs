using Microsoft.Data.Sqlite;

namespace Tokenwright.Rotation;

/// <summary>Reads a journal's database.</summary>
internal static class SqliteQueries
{
    public static RotationRecord? Read(SqliteConnection connection, string lineage)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = Command(connection, "SELECT revision, due_at, state FROM lineage WHERE name = $name", ("$name", lineage));
        command.Transaction = transaction;
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;
        var secrets = new Dictionary<int, byte[]>();
        using var sealedSecrets =
            Command(connection, "SELECT generation, sealed FROM secret WHERE lineage = $name", ("$name", lineage));
        sealedSecrets.Transaction = transaction;
        using var secret = sealedSecrets.ExecuteReader();
        while (secret.Read())
            secrets[secret.GetInt32(0)] = secret.GetFieldValue<byte[]>(1);
        return new RotationRecord
        {
            Lineage = lineage, Revision = row.GetInt64(0), DueAt = Time(row.GetInt64(1)), State = row.GetString(2),
            SealedSecrets = secrets,
        };
    }

    public static IReadOnlyList<string> ListDue(SqliteConnection connection, DateTimeOffset now)
    {
        using var command =
            Command(connection, "SELECT name FROM lineage WHERE due_at <= $now ORDER BY due_at", ("$now", now.UtcTicks));
        using var row = command.ExecuteReader();
        var names = new List<string>();
        while (row.Read())
            names.Add(row.GetString(0));
        return names;
    }

    public static IReadOnlyList<RotationAcknowledgement> ReadAcknowledgements(SqliteConnection connection, string lineage)
    {
        using var command = Command(
            connection, "SELECT consumer, generation, at FROM acknowledgement WHERE lineage = $name ORDER BY consumer",
            ("$name", lineage));
        using var row = command.ExecuteReader();
        var all = new List<RotationAcknowledgement>();
        while (row.Read())
            all.Add(new() { Consumer = row.GetString(0), Generation = row.GetInt32(1), At = Time(row.GetInt64(2)) });
        return all;
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
