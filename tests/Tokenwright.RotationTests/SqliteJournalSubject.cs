using Tokenwright.Rotation;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.RotationTests;

internal sealed class SqliteJournalSubject : RotationJournalSubject
{
    public override string Name => "SQLite";

    public override RotationJournalStage Start() => new Stage();

    private sealed class Stage : RotationJournalStage
    {
        private readonly string _directory = Directory.CreateTempSubdirectory("tokenwright-journal-").FullName;

        public override Task<IRotationJournal> OpenAsync(CancellationToken cancellationToken = default)
            => Task.FromResult<IRotationJournal>(SqliteRotationJournal.Open(Path.Combine(_directory, "rotation.db")));

        public override async Task<IAsyncDisposable> LockInAnotherProcessAsync(
            string lineage, CancellationToken cancellationToken = default)
            => await RotatorProcess.StartAsync(
                new() { JournalPath = Path.Combine(_directory, "rotation.db"), HeldLineage = lineage }, cancellationToken);

        public override ValueTask DisposeAsync()
        {
            Directory.Delete(_directory, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
