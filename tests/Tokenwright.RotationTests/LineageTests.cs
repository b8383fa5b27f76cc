using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

internal sealed class LineageTests
{
    private static readonly OperationCapability[] All =
    [
        .. new[] { TokenOperation.List, TokenOperation.Get, TokenOperation.Create, TokenOperation.Update, TokenOperation.Validate,
            TokenOperation.Revoke }.Select(operation => OperationCapability.Native(operation) with
            {
                References = TokenReferenceKinds.Id | TokenReferenceKinds.Self,
            }),
    ];

    private static readonly TokenCapabilities Vendor = new(All)
    {
        CreationRecovery = CreationRecovery.FindAndRevoke, ExchangedCredentialLifetime = TimeSpan.FromHours(1), ExpiryCanBeChanged = true,
        LastUsedGranularity = TimeSpan.FromDays(1),
        Limits = new()
            { MaxNameLength = 40, NamePattern = @"^[a-z0-9-]+\z", MinLifetime = TimeSpan.FromMinutes(5), MaxLifetime = Days(365) },
    };

    private static IEnumerable<TestCaseData> Wrong()
    {
        TestCaseData Of(string problem, TokenLineage lineage, TokenCapabilities? vendor = null)
            => new TestCaseData(lineage, vendor ?? Vendor, problem).SetArgDisplayNames(problem);
        TestCaseData Policy(string problem, RotationPolicy policy, TokenCapabilities? vendor = null)
            => Of(problem, Lineage(policy: policy), vendor);

        yield return Of("Name may have", Lineage("a b"));
        yield return Of("Sinks is empty", Lineage(sinks: []));
        yield return Of("Consumers has 'a/b'", Lineage(consumers: ["a/b"]));
        yield return Of("Consumers has a name twice", Lineage(consumers: ["a", "a"]));
        yield return Of("NamePrefix 'a-prefix-that-is-too-long' is too long", Lineage(prefix: "a-prefix-that-is-too-long"));
        yield return Of("characters that the vendor doesn't take", Lineage(prefix: "A"));
        yield return Policy("Lifetime must be longer than zero", new() { Lifetime = TimeSpan.Zero });
        yield return Policy("the vendor's longest is 365", new() { Lifetime = Days(400) });
        yield return Policy("the vendor's shortest is 00:05:00", new() { ShortLifetime = TimeSpan.FromMinutes(1) });
        yield return Policy("Overlap must not be negative", new() { Overlap = -Days(1) });
        yield return Policy("RotateAfter must lie between", new() { RotateAfter = 1 });
        yield return Policy("Attempts must be from 1 to 10", new() { Attempts = 0 });
        yield return Policy("SparePlaces must not be negative", new() { SparePlaces = -1 });
        yield return Policy("can't be revoked earlier than 2.01:00:00", new() { Deadline = Days(2) });
        yield return Policy("before the Overlap of 40.00:00:00 has passed", new() { Overlap = Days(40), Deadline = Days(50) });
        yield return Policy("Mode InPlace is not possible", new() { Mode = RotationMode.InPlace });
        yield return Policy("set ExchangedCredentialLifetime", new(), new(All) { CreationRecovery = CreationRecovery.FindAndRevoke });
        yield return Of("nobody could find the token, and it would never expire", Lineage(),
            new(All) { CreationRecovery = CreationRecovery.Unbounded, ExchangedCredentialLifetime = TimeSpan.Zero });
        yield return Of("nobody could find the token, and it would never expire", Lineage(),
            new(All) { CreationRecovery = CreationRecovery.BoundedByExpiry, TokensCanExpire = false,
                ExchangedCredentialLifetime = TimeSpan.Zero });
        yield return Of("The vendor can't create tokens", Lineage(), new([]) { ExchangedCredentialLifetime = TimeSpan.Zero });
        yield return Of("the vendor has none", Lineage(), new([.. All.Skip(1)])
            { CreationRecovery = CreationRecovery.FindAndRevoke, ExchangedCredentialLifetime = TimeSpan.Zero });
        yield return Of("The vendor can't revoke tokens", Lineage(), new([.. All.SkipLast(1)])
            { CreationRecovery = CreationRecovery.FindAndRevoke, ExchangedCredentialLifetime = TimeSpan.Zero });
        yield return Of("InPlace is refused for the connection's own credential",
            Lineage(policy: new() { Mode = RotationMode.InPlace }, isOwn: true),
            new([.. All, OperationCapability.Native(TokenOperation.Regenerate)]) { ExchangedCredentialLifetime = TimeSpan.Zero });
        yield return Of("AllowOutage is refused for the connection's own credential",
            Lineage(policy: new() { Mode = RotationMode.AllowOutage }, isOwn: true));
        yield return Of("can't read the connection's own token", Lineage(isOwn: true), new(
            [.. All.Where(one => one.Operation != TokenOperation.Get)])
            { CreationRecovery = CreationRecovery.FindAndRevoke, ExchangedCredentialLifetime = TimeSpan.Zero });
    }

    [TestCaseSource(nameof(Wrong))]
    public void A_lineage_that_can_t_be_kept_alive_is_refused_at_once(object lineage, TokenCapabilities vendor, string problem)
    {
        var thrown = Assert.Throws<ArgumentException>(() => Rotator([(TokenLineage)lineage], vendor));

        Assert.That(thrown!.Message, Does.Contain(problem));
    }

    [Test]
    public void Every_problem_of_every_lineage_is_reported_at_once()
    {
        var thrown = Assert.Throws<ArgumentException>(
            () => Rotator([Lineage("one", sinks: []), Lineage("two", policy: new() { Attempts = 11 }), Lineage("two")], Vendor));

        Assert.That(thrown!.Message, Does.Contain("one: Sinks").And.Contain("two: Policy: Attempts")
            .And.Contain("There are 2 lineages with the name 'two'").And.Contain("have the prefix 'two'"));
    }

    [Test]
    public void Two_sinks_of_the_same_file_are_refused()
    {
        var path = Path.Combine(Directory.GetCurrentDirectory(), "secret.json");
        var thrown = Assert.Throws<ArgumentException>(() => Rotator(
            [Lineage("one", sinks: [new FileSecretSink(path)]), Lineage("two", sinks: [new FileSecretSink("./secret.json")])], Vendor));

        Assert.That(thrown!.Message, Does.Contain($"2 sinks write to the file '{path}' (lineages: one, two)."));
    }

    [Test]
    public void A_lineage_of_a_connection_that_does_not_exist_is_refused()
        => Assert.That(
            () => new TokenRotator(new()
            {
                Lineages = [Lineage()], Journal = new NoJournal(), Sealer = Sealer,
                GetClient = name => throw new InvalidOperationException($"No service for '{name}'."),
            }),
            Throws.ArgumentException.With.Message.Contains("The connection 'lab' can't be opened. No service for 'lab'."));

    [Test]
    public void A_tokens_name_tells_its_lineage_and_generation()
    {
        var lineage = Lineage("export");
        var names = Enumerable.Range(0, 100).Select(_ => lineage.NewTokenName(12)).ToList();

        Assert.That(names.Distinct().Count(), Is.EqualTo(100));
        Assert.That(names.Select(lineage.GenerationIn), Is.All.EqualTo(12));
        foreach (var other in new[] { null, "export", "export-1", "export-1-short", "export-2-1-abcdefghij", "other-1-abcdefghij",
            "export-1-abcdefghij-x", "export-99999999999-abcdefghij" })
            Assert.That(lineage.GenerationIn(other), Is.Null, other);
    }

    internal static SecretSealer Sealer { get; } = SecretSealer.AesGcm(new TokenSecret(Convert.ToBase64String(new byte[32])));

    private static TimeSpan Days(int days) => TimeSpan.FromDays(days);

    private static void Rotator(IReadOnlyList<TokenLineage> lineages, TokenCapabilities vendor)
    {
        var client = new InMemoryTokenClient(new InMemoryTokenClientOptions { Capabilities = vendor });
        new TokenRotator(new() { Lineages = lineages, Journal = new NoJournal(), Sealer = Sealer, GetClient = _ => client }).Dispose();
    }

    private static TokenLineage Lineage(
        string name = "a", string? prefix = null, ISecretSink[]? sinks = null, string[]? consumers = null, RotationPolicy? policy = null,
        bool isOwn = false)
        => new()
        {
            Name = name, NamePrefix = prefix, Connection = "lab", CreateRequest = token => new() { Name = token },
            Sinks = sinks ?? [new DelegateSecretSink("nowhere", (_, _) => Task.CompletedTask)], Consumers = consumers ?? [],
            Policy = policy ?? new(), IsConnectionCredential = isOwn,
        };

    private sealed class NoJournal : IRotationJournal
    {
        public Task<IRotationJournalLock?> TryLockAsync(string lineage, CancellationToken cancellationToken = default)
            => throw new NotSupportedException();

        public Task<RotationRecord?> ReadAsync(string lineage, CancellationToken cancellationToken = default)
            => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
            => throw new NotSupportedException();

        public Task AcknowledgeAsync(
            string lineage, RotationAcknowledgement acknowledgement, CancellationToken cancellationToken = default)
            => throw new NotSupportedException();

        public Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync(
            string lineage, CancellationToken cancellationToken = default)
            => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
