using System.Runtime.Versioning;
using System.Text;
using Microsoft.Data.Sqlite;
using Tokenwright.Rotation;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.RotationTests;

internal sealed class SqliteJournalTests
{
    private string _directory = null!;

    private static IEnumerable<TestCaseData> Cases
        => RotationJournalSuite.CasesOf(new SqliteJournalSubject()).Select(one => new TestCaseData(one).SetArgDisplayNames(one.Name));

    private string JournalPath => Path.Combine(_directory, "rotation.db");

    [SetUp]
    public void Create() => _directory = Directory.CreateTempSubdirectory("tokenwright-journal-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_directory, recursive: true);

    [TestCaseSource(nameof(Cases))]
    public Task It_conforms(ConformanceCase one) => one.RunAsync();

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_its_owner_can_read_its_files()
    {
        using var journal = SqliteRotationJournal.Open(JournalPath);
        await using var held = await journal.TryLockAsync("a");
        await held!.WriteAsync(Record(0, [1, 2]));

        var files = Directory.GetFiles(_directory, "*", SearchOption.AllDirectories);
        Assert.That(files, Has.Length.GreaterThanOrEqualTo(4), "the database, its log, its index and a lock");
        foreach (var file in files)
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_others_can_read_is_closed_to_them()
    {
        File.WriteAllText(JournalPath, string.Empty);
        File.SetUnixFileMode(JournalPath, (UnixFileMode)0b110_100_100);

        SqliteRotationJournal.Open(JournalPath).Dispose();

        Assert.That(File.GetUnixFileMode(JournalPath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task An_erased_secret_is_in_no_file()
    {
        var canary = Encoding.UTF8.GetBytes("the-sealed-secret-that-must-go-" + new string('q', 5000));
        using var journal = SqliteRotationJournal.Open(JournalPath);
        await using var held = await journal.TryLockAsync("a");
        await held!.WriteAsync(Record(0, canary));
        byte[][] parts = [canary[..31], canary[^64..]];
        Assert.That(parts.Select(FilesWith), Is.All.Not.Empty, "it can be found");

        await held.WriteAsync(Record(1));

        Assert.That(parts.Select(FilesWith), Is.All.Empty);
    }

    [Test]
    public async Task An_erased_secret_that_a_reader_kept_in_the_log_is_gone_after_the_next_write()
    {
        var canary = Encoding.UTF8.GetBytes("the-sealed-secret-that-must-go-too");
        using var journal = SqliteRotationJournal.Open(JournalPath);
        await using var held = await journal.TryLockAsync("a");
        await held!.WriteAsync(Record(0, canary));
        using (var reader = new SqliteConnection($"Data Source={JournalPath};Pooling=False"))
        {
            reader.Open();
            using var transaction = reader.BeginTransaction(deferred: true);
            using var command = reader.CreateCommand();
            (command.CommandText, command.Transaction) = ("SELECT count(*) FROM secret", transaction);
            Assert.That(command.ExecuteScalar(), Is.EqualTo(1));
            await held.WriteAsync(Record(1));
            Assert.That(FilesWith(canary), Is.Not.Empty, "the reader sees it");
        }

        await held.WriteAsync(Record(2));

        Assert.That(FilesWith(canary), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "A symbolic link needs a right there.")]
    public async Task A_lock_that_can_t_be_opened_is_not_taken_for_that_of_another_caller()
    {
        using var journal = SqliteRotationJournal.Open(JournalPath);
        await (await journal.TryLockAsync("a"))!.DisposeAsync();
        var path = Directory.GetFiles($"{JournalPath}-locks").Single();
        File.Delete(path);
        File.CreateSymbolicLink(path, path);

        Assert.That(async () => await journal.TryLockAsync("a"), Throws.TypeOf<IOException>().With.Message.Contains(path));
    }

    [Test]
    public void A_journal_of_a_later_version_is_refused()
    {
        SqliteRotationJournal.Open(JournalPath).Dispose();
        Run("PRAGMA user_version = 99");

        Assert.That(() => SqliteRotationJournal.Open(JournalPath),
            Throws.TypeOf<IOException>().With.Message.Contains("has schema version 99").And.Message.Contains("A later version"));
    }

    [Test]
    public void The_database_of_another_program_is_refused_and_not_changed()
    {
        Run("CREATE TABLE lineage (other TEXT)");

        Assert.That(() => SqliteRotationJournal.Open(JournalPath), Throws.TypeOf<IOException>().With.Message.Contains("another program"));
        Assert.That(Number("SELECT count(*) FROM sqlite_schema"), Is.EqualTo(1));
        Assert.That(Number("PRAGMA user_version"), Is.Zero);
    }

    [Test]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(JournalPath, new string('x', 5000));

        Assert.That(() => SqliteRotationJournal.Open(JournalPath), Throws.TypeOf<IOException>().With.Message.Contains("can't be opened"));
    }

    [Test]
    public void It_is_written_through_to_the_disk()
    {
        using var journal = SqliteRotationJournal.Open(JournalPath);

        Assert.That(Number("PRAGMA user_version"), Is.EqualTo(SqliteSchema.Newest));
        Assert.That(Text("PRAGMA journal_mode"), Is.EqualTo("wal"));
        Assert.That(journal.Setting("synchronous"), Is.EqualTo(2), "FULL");
        Assert.That(journal.Setting("secure_delete"), Is.EqualTo(1));
    }

    private IEnumerable<string> FilesWith(byte[] bytes)
        => Directory.GetFiles(_directory).Where(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray().AsSpan().IndexOf(bytes) >= 0;
        });

    private void Run(string sql) => Scalar(sql);

    private long Number(string sql) => (long)Scalar(sql)!;

    private string Text(string sql) => (string)Scalar(sql)!;

    private object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={JournalPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static RotationRecord Record(long revision, byte[]? secret = null) => new()
    {
        Lineage = "a", Revision = revision, State = "{}",
        SealedSecrets = secret is null ? [] : new Dictionary<int, byte[]> { [1] = secret },
    };
}
