using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>What the journal contains after each step. The crash tests stop the process between them.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class JournaledTokenIssuerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenwright-journal-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero));
    private readonly XmsEmulator _emulator;
    private readonly XmsTokenClient _client;
    private readonly Store _store = new();

    public JournaledTokenIssuerTests()
    {
        _emulator = new XmsEmulator(new EmulatorOptions { TimeProvider = _clock });
        _client = new XmsTokenClient("lab", new XmsOptions
        {
            BaseAddress = new Uri(_emulator.BaseAddress, "v1"),
            AccessToken = XmsEmulator.AccessToken,
            MaxRetries = 0,
            CreationSettleTime = TimeSpan.Zero,
        });
    }

    private string Journal => Path.Combine(_folder, "journal");

    public void Dispose()
    {
        _client.Dispose();
        _emulator.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_token_whose_secret_is_stored_leaves_no_journal()
    {
        _store.Storing = () => Assert.That(Pending(), Is.EqualTo(new[] { ("a", _clock.GetUtcNow()) }));

        var token = await Issuer().IssueAsync("a");

        Assert.That((token.Name, _store.Names.Single(), File.Exists(Journal)), Is.EqualTo(("a", "a", false)));
    }

    [Test]
    public void A_create_that_was_rejected_is_not_pending()
    {
        _emulator.Faults.Inject(Fault.Status(400), "POST");

        Assert.That(async () => await Issuer().IssueAsync("a"), Throws.InstanceOf<TokenClientException>());

        Assert.That((Pending(), File.Exists(Journal)), Is.EqualTo((Array.Empty<(string, DateTimeOffset)>(), false)));
    }

    [Test]
    public async Task A_create_whose_response_is_lost_stays_pending_and_is_recovered()
    {
        _emulator.Faults.Inject(Fault.Cut(afterBytes: 0), "POST");
        var issuer = Issuer();
        Assert.That(async () => await issuer.IssueAsync("a"), Throws.InstanceOf<TokenOutcomeUnknownException>());
        Assert.That(Pending().Select(pending => pending.Name), Is.EqualTo(new[] { "a" }));
        Assert.That(async () => await issuer.IssueAsync("a"),
            Throws.InvalidOperationException.With.Message.Contains(Journal).And.Message.Contains("RecoverAsync"));

        var recovered = new List<RecoveredCreate>();
        await Issuer().RecoverAsync(recovered.Add);

        Assert.That((recovered.Single().Name, recovered.Single().Failure), Is.EqualTo(("a", (TokenClientException?)null)));
        Assert.That(recovered.Single().Resolution!.Orphans.Select(orphan => orphan.Name), Is.EqualTo(new[] { "a" }));
        Assert.That(Pending().Select(pending => pending.Name), Is.EqualTo(new[] { "a" }), "somebody must look at the orphan");
    }

    [Test]
    public async Task A_secret_that_can_not_be_stored_leaves_the_create_pending()
    {
        _store.Storing = () => throw new IOException("The vault is sealed.");
        Assert.That(async () => await Issuer().IssueAsync("a"), Throws.InstanceOf<IOException>());
        Assert.That(Pending().Select(pending => pending.Name), Is.EqualTo(new[] { "a" }));

        // It was stored after all: the store has it, so the vendor isn't asked.
        _store.Names.Add("a");
        var requests = _emulator.Requests.Count;
        await Issuer().RecoverAsync(_ => Assert.Fail("nothing was recovered"));
        Assert.That((_emulator.Requests.Count, File.Exists(Journal)), Is.EqualTo((requests, false)));
    }

    [Test]
    public async Task A_failure_while_recovering_is_reported_and_the_create_stays_pending()
    {
        await File.WriteAllTextAsync(Journal, "\n{\"Name\":\"a\",\"StartedAt\":\"2026-11-25T08:59:00+00:00\"}");
        _emulator.Faults.Inject(Fault.Status(503), "GET");

        var recovered = new List<RecoveredCreate>();
        await Issuer().RecoverAsync(recovered.Add);

        Assert.That(recovered.Single().Failure, Is.InstanceOf<TokenServiceUnavailableException>());
        Assert.That(recovered.Single().Resolution, Is.Null);
        Assert.That(Pending().Select(pending => pending.Name), Is.EqualTo(new[] { "a" }));
    }

    [TestCase("{\"Name\":\"b\",\"Start")]
    [TestCase("{\"Name\":null,\"StartedAt\":\"2026-11-25T09:00:00+00:00\"}")]
    [TestCase("{\"Name\":\"b\",\"StartedAt\":7}")]
    [TestCase("[]")]
    [TestCase("")]
    [TestCase("{\"Name\":\"b\",\"StartedAt\":\"2026-11-25T09:00:00+00:00\"}\n{\"Name\":\"b\",\"StartedAt\":null}")]
    public async Task A_line_that_was_cut_or_completed_is_not_pending(string end)
    {
        await File.WriteAllTextAsync(Journal, $"\n{{\"Name\":\"a\",\"StartedAt\":\"2026-11-25T08:59:00+00:00\"}}\n{end}");

        Assert.That(Pending().Select(pending => pending.Name), Is.EqualTo(new[] { "a" }));

        await Issuer().IssueAsync("c");
        Assert.That(Pending().Select(pending => pending.Name), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Nothing_is_sent_if_the_journal_can_not_be_written()
    {
        Directory.CreateDirectory(Journal);

        Assert.That(async () => await Issuer().IssueAsync("a"), Throws.InstanceOf<UnauthorizedAccessException>());

        Assert.That(_emulator.Requests, Is.Empty);
    }

    [Test]
    public void A_canceled_token_starts_nothing()
    {
        Assert.That(async () => await Issuer().IssueAsync("a", new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(File.Exists(Journal), Is.False);
    }

    private JournaledTokenIssuer Issuer()
        => new(_client, _store, Journal, name => new CreateTokenRequest { Name = name, Roles = [new("auditor")] }, _clock);

    private (string Name, DateTimeOffset StartedAt)[] Pending()
        => [.. Issuer().ReadPending().Select(pending => (pending.Name, pending.StartedAt))];

    private sealed class Store : ISecretStore
    {
        public List<string> Names { get; } = [];

        public Action Storing { get; set; } = () => { };

        public Task<bool> ContainsAsync(string name, CancellationToken cancellationToken = default)
            => Task.FromResult(Names.Contains(name));

        public Task StoreAsync(string name, IssuedToken issued, CancellationToken cancellationToken = default)
        {
            Storing();
            Names.Add(name);
            return Task.CompletedTask;
        }
    }
}
