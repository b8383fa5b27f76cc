using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Tokenwright.Rotation;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.RotationTests;

[Category("PostgreSql")]
internal sealed class PostgreSqlJournalTests
{
    private static PostgreSqlServer? _server;

    private string _schema = null!;

    private static IEnumerable<TestCaseData> Cases
        => RotationJournalSuite.CasesOf(new PostgreSqlJournalSubject(() => _server!))
            .Select(one => new TestCaseData(one).SetArgDisplayNames(one.Name));

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await PostgreSqlServer.StartAsync();

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [SetUp]
    public void ChooseSchema() => _schema = $"s{Guid.NewGuid():N}";

    [TestCaseSource(nameof(Cases))]
    public Task It_conforms(ConformanceCase one) => one.RunAsync();

    [Test]
    public async Task Several_processes_create_it_at_the_same_time()
    {
        var journals = Enumerable.Range(0, 12).Select(_ => Open()).ToList();

        await Task.WhenAll(journals.Select(journal => journal.ListDueAsync(DateTimeOffset.MaxValue)));

        Assert.That(await _server!.ScalarAsync($"SELECT version FROM {_schema}.schema_version"), Is.EqualTo(1));
        Assert.That(await _server.ScalarAsync($"SELECT count(*) FROM {_schema}.schema_version"), Is.EqualTo(1L));
        foreach (var journal in journals)
            await journal.DisposeAsync();
    }

    [Test]
    public async Task A_journal_of_a_later_version_is_refused()
    {
        await using (var journal = Open())
            await journal.ReadAsync("a");
        await _server!.ScalarAsync($"UPDATE {_schema}.schema_version SET version = 99");
        await using var old = Open();

        Assert.That(() => old.TryLockAsync("a"),
            Throws.TypeOf<IOException>().With.Message.Contains("A later version").And.Message.Contains(_schema));
    }

    [Test]
    public async Task The_tables_of_another_program_are_refused_and_not_changed()
    {
        await _server!.ScalarAsync($"CREATE SCHEMA {_schema}; CREATE TABLE {_schema}.lineage (other text)");
        await using var journal = Open();

        Assert.That(() => journal.ReadAsync("a"), Throws.TypeOf<IOException>().With.Message.Contains("another program"));
        Assert.That(await _server.ScalarAsync($"SELECT count(*) FROM pg_tables WHERE schemaname = '{_schema}'"), Is.EqualTo(1L));
    }

    [Test]
    public async Task A_user_who_may_not_create_the_schema_is_told_so_and_can_use_one_that_exists()
    {
        await _server!.ScalarAsync("CREATE ROLE poor LOGIN");
        var poor = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Username = "poor" }.ConnectionString;
        await using var journal = new PostgreSqlRotationJournal(poor, _schema);
        Assert.That(() => journal.ReadAsync("a"), Throws.TypeOf<IOException>().With.Message.Contains("permission denied"));

        await _server.ScalarAsync($"CREATE SCHEMA {_schema} AUTHORIZATION poor");

        Assert.That(await journal.ReadAsync("a"), Is.Null);
    }

    [TestCase("")]
    [TestCase("Upper")]
    [TestCase("a-b")]
    [TestCase("a\"; DROP TABLE x")]
    [TestCase("1a")]
    [TestCase("pg_mine")]
    [TestCase("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl")]
    public void A_schema_needs_a_plain_name(string schema)
        => Assert.That(() => new PostgreSqlRotationJournal(_server!.ConnectionString, schema),
            Throws.ArgumentException.With.Message.Contains("lower-case letters"));

    [Test]
    public async Task A_server_that_is_not_there_is_reported_without_the_password()
    {
        await using var journal = new PostgreSqlRotationJournal("Host=127.0.0.1;Port=1;Username=u;Password=canary-password");

        var failure = Assert.ThrowsAsync<IOException>(() => journal.ReadAsync("a"))!;
        Assert.That(failure.ToString(), Does.Not.Contain("canary-password"));
    }

    // A pooler in transaction mode gives each transaction another session.
    [Test]
    public async Task A_session_that_no_longer_has_the_lock_writes_nothing()
    {
        await using var source = new NpgsqlDataSourceBuilder(_server!.ConnectionString).Build();
        await using var journal = new PostgreSqlRotationJournal(source, _schema);
        await using var held = (await journal.TryLockAsync("a"))!;
        await held.WriteAsync(Record(0));

        await ((PostgreSqlRotationLock)held).RunAsync("SELECT pg_advisory_unlock_all()");

        Assert.That(() => held.WriteAsync(Record(1)), Throws.InvalidOperationException.With.Message.Contains("was lost"));
        Assert.That((await journal.ReadAsync("a"))!.Revision, Is.EqualTo(1));
    }

    [Test]
    public async Task A_lock_that_is_released_leaves_no_connection_with_it()
    {
        await using var journal = Open();
        for (var round = 0; round < 5; round++)
        {
            await using var held = await journal.TryLockAsync("a");
            Assert.That(held, Is.Not.Null);
        }

        Assert.That(await _server!.ScalarAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), Is.Zero);
    }

    [Test]
    public async Task Commits_are_written_to_the_disk_also_where_the_server_confirms_them_earlier()
    {
        var hasty = new NpgsqlConnectionStringBuilder(_server!.ConnectionString) { Options = "-c synchronous_commit=off" }.ConnectionString;
        await using var journal = new PostgreSqlRotationJournal(hasty, _schema);
        await using var held = (PostgreSqlRotationLock)(await journal.TryLockAsync("a"))!;

        Assert.That(await held.RunAsync("SHOW synchronous_commit"), Is.EqualTo("on"));
    }

    [Test]
    public async Task A_container_has_it_from_a_connection_string_or_its_own_data_source()
    {
        await using var source = NpgsqlDataSource.Create(_server!.ConnectionString);
        Action<RotationOptions>[] ways =
        [
            options => options.UsePostgreSql(_server.ConnectionString, _schema),
            options => options.UsePostgreSql(provider => provider.GetRequiredService<NpgsqlDataSource>(), _schema),
        ];
        foreach (var way in ways)
        {
            await using (var provider = new ServiceCollection().AddSingleton(source).AddRotation(options =>
            {
                way(options);
                options.CreateSealer = _ => SecretSealer.AesGcm(new TokenSecret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="));
            }).BuildServiceProvider())
            {
                var journal = provider.GetRequiredService<IRotationJournal>();
                Assert.That(journal, Is.TypeOf<PostgreSqlRotationJournal>());
                await journal.AcknowledgeAsync("a", new() { Consumer = "c", Generation = 1, At = DateTimeOffset.UnixEpoch });
                Assert.That((await provider.GetRequiredService<TokenRotator>().RunDueAsync()).Statuses, Is.Empty);
            }
        }

        Assert.That(await _server.ScalarAsync($"SELECT count(*) FROM {_schema}.acknowledgement"), Is.EqualTo(1L));
        Assert.That(() => new RotationOptions().UsePostgreSql("Hostt=x"), Throws.ArgumentException);
    }

    private PostgreSqlRotationJournal Open() => new(_server!.ConnectionString, _schema);

    private static RotationRecord Record(long revision) => new() { Lineage = "a", Revision = revision, State = "{}" };
}
