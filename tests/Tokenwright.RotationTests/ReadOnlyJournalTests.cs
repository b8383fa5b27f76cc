using System.Globalization;
using Microsoft.Data.Sqlite;
using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

/// <summary>A journal that is opened for reading changes no file, whatever other processes do.</summary>
internal sealed class ReadOnlyJournalTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private string _directory = null!;

    // A URI has these characters too.
    private string JournalPath => Path.Combine(_directory, "a #1 ?&%41 ü.db");

    [SetUp]
    public void Create() => _directory = Directory.CreateTempSubdirectory("tokenwright-journal-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_directory, recursive: true);

    [TestCase("rotation.db")]
    [TestCase("missing/rotation.db")]
    public async Task One_that_does_not_exist_is_empty_and_is_not_created(string path)
    {
        await using var journal = SqliteRotationJournal.OpenReadOnly(Path.Combine(_directory, path));

        Assert.That(await journal.ReadAsync("a"), Is.Null);
        Assert.That(await journal.ListDueAsync(DateTimeOffset.MaxValue), Is.Empty);
        Assert.That(await journal.ReadAcknowledgementsAsync("a"), Is.Empty);
        Assert.That(Files(), Is.Empty);
    }

    [Test]
    public async Task What_was_written_is_read_and_no_file_changes()
    {
        using (var writer = SqliteRotationJournal.Open(JournalPath))
            await WriteAsync(writer);
        var before = Files();

        await using var journal = SqliteRotationJournal.OpenReadOnly(JournalPath);
        await AssertWrittenAsync(journal);

        Assert.That(Files(), Is.EqualTo(before));
    }

    [Test]
    public async Task What_another_process_has_only_in_its_log_is_read()
    {
        using var writer = SqliteRotationJournal.Open(JournalPath);
        await using var journal = SqliteRotationJournal.OpenReadOnly(JournalPath);
        Assert.That(await journal.ReadAsync("a"), Is.Null);

        await WriteAsync(writer);

        Assert.That(new FileInfo(JournalPath + "-wal").Length, Is.Positive);
        await AssertWrittenAsync(journal);
    }

    [Test]
    public async Task The_log_of_a_process_that_was_killed_is_read_and_stays()
    {
        var killed = Path.Combine(_directory, "killed.db");
        using (var writer = SqliteRotationJournal.Open(JournalPath))
        {
            await WriteAsync(writer);
            foreach (var end in new[] { string.Empty, "-wal", "-shm" })
                File.Copy(JournalPath + end, killed + end);
        }

        var before = Files();
        await using var journal = SqliteRotationJournal.OpenReadOnly(killed);
        await AssertWrittenAsync(journal);

        // The index is shared memory of the processes that have the journal open.
        Assert.That(Files().Where(file => !file.Name.EndsWith("-shm", StringComparison.Ordinal)),
            Is.EqualTo(before.Where(file => !file.Name.EndsWith("-shm", StringComparison.Ordinal))));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task It_is_read_whole_while_others_open_write_and_close_it(CancellationToken cancellationToken)
    {
        const int Last = 60;
        var writing = Task.Run(
            async () =>
            {
                for (var revision = 0; revision < Last; revision++)
                {
                    using var writer = SqliteRotationJournal.Open(JournalPath);
                    await using var held = await writer.TryLockAsync("a", cancellationToken);
                    await held!.WriteAsync(Record(revision, [(byte)revision]), cancellationToken);
                }
            },
            cancellationToken);

        await using var journal = SqliteRotationJournal.OpenReadOnly(JournalPath);
        var seen = 0L;
        while (seen < Last)
        {
            var record = await journal.ReadAsync("a", cancellationToken);
            if (writing.IsFaulted)
                await writing;
            if (record is null)
                continue;
            Assert.That(record.Revision, Is.GreaterThanOrEqualTo(seen));
            seen = record.Revision;
            Assert.That(record.State, Is.EqualTo(StateOf(seen - 1)));
            Assert.That(record.SealedSecrets[1], Is.EqualTo(new[] { (byte)(seen - 1) }));
        }

        await writing;
    }

    [TestCase("PRAGMA user_version = 99", "has schema version 99")]
    [TestCase("PRAGMA user_version = 0", "tokenwright rotate --due")]
    [TestCase("PRAGMA application_id = 1", "another program")]
    public void One_of_another_form_is_refused_and_stays_as_it_is(string change, string said)
    {
        SqliteRotationJournal.Open(JournalPath).Dispose();
        Run(change);
        var before = Files();

        Assert.That(() => SqliteRotationJournal.OpenReadOnly(JournalPath), Throws.TypeOf<IOException>().With.Message.Contains(said));
        Assert.That(Files(), Is.EqualTo(before));
    }

    [Test]
    public void A_file_that_is_no_database_and_a_directory_are_refused()
    {
        File.WriteAllText(JournalPath, new string('x', 5000));

        Assert.That(
            () => SqliteRotationJournal.OpenReadOnly(JournalPath), Throws.TypeOf<IOException>().With.Message.Contains("can't be read"));
        foreach (var open in new Action[]
            { () => SqliteRotationJournal.OpenReadOnly(_directory), () => SqliteRotationJournal.Open(_directory) })
            Assert.That(open, Throws.TypeOf<IOException>().With.Message.Contains("is a directory"));
    }

    [Test]
    public async Task It_can_t_be_written()
    {
        await using var journal = SqliteRotationJournal.OpenReadOnly(JournalPath);

        Assert.That(() => journal.TryLockAsync("a"), Throws.InvalidOperationException.With.Message.Contains("for reading only"));
        Assert.That(() => journal.AcknowledgeAsync("a", new() { Consumer = "b", Generation = 1, At = Now }),
            Throws.InvalidOperationException.With.Message.Contains("for reading only"));
    }

    private static async Task WriteAsync(SqliteRotationJournal writer)
    {
        await using var held = await writer.TryLockAsync("a");
        await held!.WriteAsync(Record(0, [1, 2, 3]));
        await writer.AcknowledgeAsync("a", new() { Consumer = "b", Generation = 4, At = Now });
    }

    private static async Task AssertWrittenAsync(IRotationJournal journal)
    {
        var record = await journal.ReadAsync("a");
        Assert.That((record?.Revision, record?.State, record?.DueAt), Is.EqualTo((1, StateOf(0), Now)));
        Assert.That(record!.SealedSecrets[1], Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(await journal.ListDueAsync(Now), Is.EqualTo(new[] { "a" }));
        Assert.That(await journal.ListDueAsync(Now.AddTicks(-1)), Is.Empty);
        var known = (await journal.ReadAcknowledgementsAsync("a")).Single();
        Assert.That((known.Consumer, known.Generation, known.At), Is.EqualTo(("b", 4, Now)));
    }

    private static RotationRecord Record(long revision, byte[] secret) => new()
    {
        Lineage = "a", Revision = revision, DueAt = Now, State = StateOf(revision),
        SealedSecrets = new Dictionary<int, byte[]> { [1] = secret },
    };

    // Longer than a page of the database, so that a record which was half replaced would be noticed.
    private static string StateOf(long revision)
        => string.Concat(Enumerable.Repeat(revision.ToString(CultureInfo.InvariantCulture).PadLeft(4), 3000));

    private List<(string Name, long Length, DateTime Written)> Files()
        => [.. Directory.GetFileSystemEntries(_directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => (path, File.Exists(path) ? new FileInfo(path).Length : 0, File.GetLastWriteTimeUtc(path)))];

    private void Run(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            { DataSource = JournalPath, Pooling = false }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
