using Npgsql;
using Tokenwright.Rotation;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.RotationTests;

/// <summary>The journal in PostgreSQL. Each case has a schema of its own.</summary>
internal sealed class PostgreSqlJournalSubject(Func<PostgreSqlServer> server) : RotationJournalSubject
{
    private static int _cases;

    public override string Name => "PostgreSQL";

    public override RotationJournalStage Start()
        => new Stage(server(), FormattableString.Invariant($"case_{Interlocked.Increment(ref _cases)}"));

    private sealed class Stage(PostgreSqlServer server, string schema) : RotationJournalStage
    {
        // So the test's own connection and those of other cases aren't terminated.
        private readonly string _connectionString =
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { ApplicationName = schema }.ConnectionString;

        public override Task<IRotationJournal> OpenAsync(CancellationToken cancellationToken = default)
            => Task.FromResult<IRotationJournal>(new PostgreSqlRotationJournal(_connectionString, schema));

        public override async Task<IAsyncDisposable> LockInAnotherProcessAsync(
            string lineage, CancellationToken cancellationToken = default)
            => await RotatorProcess.StartAsync(
                new() { ConnectionString = _connectionString, Schema = schema, HeldLineage = lineage }, cancellationToken);

        public override async Task<bool> LoseLocksAsync(CancellationToken cancellationToken = default)
            => await server.ScalarAsync(
                $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{schema}'") is > 0L;

        public override async ValueTask DisposeAsync() => await server.ScalarAsync($"DROP SCHEMA {schema} CASCADE");
    }
}
