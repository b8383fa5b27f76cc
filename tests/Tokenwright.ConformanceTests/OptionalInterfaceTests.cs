using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.ConformanceTests.Field;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <summary>Each client has exactly the optional interfaces of its vendor, with and without decorators.</summary>
internal sealed class OptionalInterfaceTests
{
    private static readonly Dictionary<string, Func<ITokenClient, ITokenClient>> Decorations = new()
    {
        ["plain"] = client => client,
        ["telemetry"] = client => new TokenClientBuilder(client).UseTelemetry().Build(),
        ["logging"] = client => new TokenClientBuilder(client).UseLogging(NullLoggerFactory.Instance).Build(),
        ["telemetry and logging"] = Observed,
        ["a program's own"] = client => new Counting(client),
        ["a program's own around telemetry and logging"] = client => new Counting(Observed(client)),
        ["telemetry and logging around a program's own"] = client => Observed(new Counting(client)),
    };

    private static readonly string[] InContainers = ["plain", "a program's own"];

    [Test]
    public async Task A_client_has_the_interfaces_of_its_vendor_however_it_is_decorated(
        [ValueSource(typeof(ShippedSubject), nameof(ShippedSubject.All))] ShippedSubject subject,
        [ValueSource(nameof(DecorationNames))] string decoration)
    {
        using var stage = subject.Start(new FakeTimeProvider());

        await AssertAgreeAsync(Decorations[decoration](stage.Open()), subject.IsVendor, () => Prepared(subject, stage.Add));
    }

    [Test]
    public async Task A_client_from_a_container_has_the_interfaces_of_its_vendor(
        [ValueSource(typeof(ShippedSubject), nameof(ShippedSubject.Vendors))] ShippedSubject subject,
        [ValueSource(nameof(InContainers))] string decoration)
    {
        using var bench = new FieldBench(subject);
        var client = bench.Open(connection: connection => connection.Use((inner, _) => Decorations[decoration](inner)));

        await AssertAgreeAsync(client, hasRecovery: true, () => Prepared(subject, bench.Vendor.Add));
    }

    [Test]
    public async Task A_client_that_can_t_suspend_or_update_in_bulk_has_no_such_interface(
        [ValueSource(nameof(DecorationNames))] string decoration)
    {
        using var inner = new InMemoryTokenClient(new InMemoryTokenClientOptions { Capabilities = new([]) });

        await AssertAgreeAsync(Decorations[decoration](inner), hasRecovery: false, () => new EmulatedToken());
    }

    [Test]
    public async Task A_decorator_receives_the_calls_of_optional_interfaces_however_they_are_obtained()
    {
        using var inner = new InMemoryTokenClient();
        var reference = TokenReference.ById(inner.Add(new EmulatedToken()).Id!);
        using var decorator = new Counting(Observed(inner));
        ITokenClient client = Observed(decorator);

        await ((ITokenSuspension)client).SuspendAsync([reference]);
        await client.GetRequiredService<ITokenSuspension>().ResumeAsync([reference]);
        var change = new UpdateTokenRequest { Expiry = TokenExpiry.Never };
        await ((ITokenBulkUpdate)client).BulkUpdateAsync([reference], change);
        await client.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync([reference], change);

        Assert.That(decorator.Calls, Is.EqualTo(4));
    }

    [Test]
    public void A_decorator_can_hide_an_interface()
    {
        using ITokenClient client = new Hiding(new InMemoryTokenClient());

        Assert.That(client.GetService<ITokenSuspension>(), Is.Null);
        Assert.That(client is ITokenSuspension, Is.False);
        Assert.That(Observed(client) is ITokenSuspension, Is.False);
    }

    [Test]
    public void A_call_that_the_inner_client_no_longer_supports_is_refused()
    {
        using var hiding = new Hiding(new InMemoryTokenClient()) { Hides = false };
        var suspension = (ITokenSuspension)Observed(new Counting(hiding));
        hiding.Hides = true;

        Assert.That(() => suspension.SuspendAsync([]), Throws.TypeOf<TokenOperationNotSupportedException>());
    }

    [Test]
    public void A_decorator_with_an_interface_that_the_inner_client_lacks_is_refused()
    {
        using var inner = new InMemoryTokenClient(new InMemoryTokenClientOptions { Capabilities = new([]) });

        Assert.That(() => new Claiming(inner), Throws.ArgumentException.With.Message.Contains(nameof(ITokenSuspension)));
        Assert.That(() => new Claiming(new InMemoryTokenClient()), Throws.Nothing);
    }

    [Test]
    public void Requiring_another_missing_interface_is_a_programming_error()
    {
        using var client = new InMemoryTokenClient();

        Assert.That(client.GetRequiredService<InMemoryTokenClient>(), Is.SameAs(client));
        Assert.That(() => client.GetRequiredService<Counting>(),
            Throws.InvalidOperationException.With.Message.Contains(nameof(Counting)));
    }

    private static IEnumerable<string> DecorationNames => Decorations.Keys;

    private static ITokenClient Observed(ITokenClient client)
        => new TokenClientBuilder(client).UseTelemetry().UseLogging(NullLoggerFactory.Instance).Build();

    private static EmulatedToken Prepared(ConformanceSubject subject, Func<EmulatedToken, EmulatedToken> add)
    {
        var token = subject.NewToken("optional");
        subject.Prepare(token);
        return add(token);
    }

    private static async Task AssertAgreeAsync(ITokenClient client, bool hasRecovery, Func<EmulatedToken> issue)
    {
        var capabilities = client.Metadata.Capabilities;
        var canSuspend = capabilities[TokenOperation.Suspend].Support != OperationSupport.Unsupported;
        Assert.Multiple(() =>
        {
            Assert.That(client is ITokenSuspension, Is.EqualTo(canSuspend));
            Assert.That(client.GetService<ITokenSuspension>(), canSuspend ? Is.SameAs(client) : Is.Null);
            Assert.That(client is ITokenCreationRecovery, Is.EqualTo(hasRecovery));
            Assert.That(client.GetService<ITokenCreationRecovery>(), hasRecovery ? Is.SameAs(client) : Is.Null);
            Assert.That(client is IAsyncDisposable, Is.False);
        });
        if (!hasRecovery)
            Assert.That(() => client.GetRequiredService<ITokenCreationRecovery>(), Throws.TypeOf<TokenOperationNotSupportedException>());
        await AssertBulkUpdateAgreesAsync(client, issue);
        if (!canSuspend)
        {
            var refusal = Assert.Throws<TokenOperationNotSupportedException>(() => client.GetRequiredService<ITokenSuspension>())!;
            Assert.That((refusal.Operation, refusal.Reason),
                Is.EqualTo((TokenOperation.Suspend, capabilities[TokenOperation.Suspend].Remark)));
            return;
        }

        var token = issue();
        var reference = Calls.Reference(capabilities.AnyKind(TokenOperation.Suspend), token);
        Assert.That((await ((ITokenSuspension)client).SuspendAsync([reference])).Single().Succeeded, Is.True);
        Assert.That(token.IsDeactivated, Is.True);
        Assert.That((await client.GetRequiredService<ITokenSuspension>().ResumeAsync([reference])).Single().Succeeded, Is.True);
        Assert.That(token.IsDeactivated, Is.False);
    }

    private static async Task AssertBulkUpdateAgreesAsync(ITokenClient client, Func<EmulatedToken> issue)
    {
        var capabilities = client.Metadata.Capabilities;
        var capability = capabilities[TokenOperation.BulkUpdate];
        var can = capability.Support != OperationSupport.Unsupported;
        Assert.That(client is ITokenBulkUpdate, Is.EqualTo(can));
        Assert.That(client.GetService<ITokenBulkUpdate>(), can ? Is.SameAs(client) : Is.Null);
        if (!can)
        {
            var refusal = Assert.Throws<TokenOperationNotSupportedException>(() => client.GetRequiredService<ITokenBulkUpdate>())!;
            Assert.That((refusal.Operation, refusal.Reason, refusal.Alternative),
                Is.EqualTo((TokenOperation.BulkUpdate, capability.Remark, capability.Alternative)));
            return;
        }

        var token = issue();
        token.ExpiresAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var results = await ((ITokenBulkUpdate)client).BulkUpdateAsync(
            [Calls.Reference(capabilities.AnyKind(TokenOperation.BulkUpdate), token)],
            new UpdateTokenRequest { Expiry = TokenExpiry.Never });
        Assert.That((results.Single().Outcome, token.ExpiresAt), Is.EqualTo((TokenUpdateOutcome.Updated, (DateTimeOffset?)null)));
    }

    private sealed class Counting(ITokenClient inner) : DelegatingTokenClient(inner)
    {
        public int Calls { get; private set; }

        protected override Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
        {
            Calls++;
            return base.SuspendAsync(references, cancellationToken);
        }

        protected override Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
        {
            Calls++;
            return base.ResumeAsync(references, cancellationToken);
        }

        protected override Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
            IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
        {
            Calls++;
            return base.BulkUpdateAsync(references, request, cancellationToken);
        }
    }

    private sealed class Hiding(ITokenClient inner) : DelegatingTokenClient(inner)
    {
        public bool Hides { get; set; } = true;

        public override object? GetService(Type serviceType, object? serviceKey = null)
            => Hides && serviceType == typeof(ITokenSuspension) ? null : base.GetService(serviceType, serviceKey);
    }

    private sealed class Claiming(ITokenClient inner) : DelegatingTokenClient(inner), ITokenSuspension
    {
        Task<IReadOnlyList<TokenSuspensionResult>> ITokenSuspension.SuspendAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken) => SuspendAsync(references, cancellationToken);

        Task<IReadOnlyList<TokenSuspensionResult>> ITokenSuspension.ResumeAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken) => ResumeAsync(references, cancellationToken);
    }
}
