using Npgsql;

namespace Tokenwright.Rotation;

/// <summary>Provides methods to keep the journal of a container's rotations in PostgreSQL.</summary>
public static class PostgreSqlRotationOptionsExtensions
{
    /// <summary>Keeps the journal in a PostgreSQL database.</summary>
    /// <param name="options">The options of the rotations.</param>
    /// <param name="connectionString">The connection string of Npgsql.</param>
    /// <param name="schema">The schema of the journal's tables, as <see cref="PostgreSqlRotationJournal"/> takes it.</param>
    /// <exception cref="ArgumentException">The connection string or the schema's name is invalid.</exception>
    public static void UsePostgreSql(
        this RotationOptions options, string connectionString, string schema = PostgreSqlRotationJournal.DefaultSchema)
    {
        ArgumentNullException.ThrowIfNull(options);

        // A wrong text fails here, and not when the container creates the journal.
        new PostgreSqlRotationJournal(connectionString, schema).Dispose();
        options.CreateJournal = _ => new PostgreSqlRotationJournal(connectionString, schema);
    }

    /// <summary>Keeps the journal in a PostgreSQL database whose data source the program has, for example in the container.</summary>
    /// <param name="options">The options of the rotations.</param>
    /// <param name="getDataSource">Gets the data source. It isn't disposed with the journal.</param>
    /// <param name="schema">The schema of the journal's tables, as <see cref="PostgreSqlRotationJournal"/> takes it.</param>
    public static void UsePostgreSql(
        this RotationOptions options, Func<IServiceProvider, NpgsqlDataSource> getDataSource,
        string schema = PostgreSqlRotationJournal.DefaultSchema)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(getDataSource);
        options.CreateJournal = provider => new PostgreSqlRotationJournal(getDataSource(provider), schema);
    }
}
