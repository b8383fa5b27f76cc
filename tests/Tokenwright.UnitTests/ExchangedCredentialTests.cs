using Microsoft.Extensions.Time.Testing;
using Tokenwright.Adapters;
using Tokenwright.SailPoint;

namespace Tokenwright.UnitTests;

/// <summary>How an exchanged credential is shared, kept and renewed.</summary>
internal sealed class ExchangedCredentialTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private VendorConnection _connection = null!;

    [SetUp]
    public void Open()
    {
        var options = new SailPointOptions
            { BaseAddress = new Uri("https://tenant.example"), ClientId = "id", ClientSecret = new TokenSecret("unused") };
        _connection = VendorConnection.Open(SailPointVendor.Instance, "prod", () => options, new() { TimeProvider = _clock });
    }

    [TearDown]
    public void Close() => _connection.Dispose();

    [Test]
    public async Task Many_callers_wait_for_one_exchange()
    {
        var gate = new TaskCompletionSource();
        var exchanges = 0;
        var credential = Credential(() => "source", async _ =>
        {
            await gate.Task;
            return Secret(Interlocked.Increment(ref exchanges));
        });

        var callers = Enumerable.Range(0, 64).Select(_ => credential.GetSecretAsync(default).AsTask()).ToList();
        gate.SetResult();
        var secrets = await Task.WhenAll(callers);

        Assert.That(exchanges, Is.EqualTo(1));
        Assert.That(secrets.Select(secret => secret.Reveal()), Has.All.EqualTo("secret-1"));
    }

    [Test]
    public async Task A_cancelled_caller_does_not_cancel_the_exchange_for_the_others()
    {
        var gate = new TaskCompletionSource();
        var credential = Credential(() => "source", async _ =>
        {
            await gate.Task;
            return Secret(1);
        });
        using var cancellation = new CancellationTokenSource();

        var impatient = credential.GetSecretAsync(cancellation.Token).AsTask();
        var patient = credential.GetSecretAsync(default).AsTask();
        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();

        Assert.That((await patient).Reveal(), Is.EqualTo("secret-1"));
    }

    [Test]
    public async Task A_failure_reaches_all_waiting_callers_but_no_later_one()
    {
        var gate = new TaskCompletionSource();
        var exchanges = 0;
        var credential = Credential(() => "source", async _ =>
        {
            var number = Interlocked.Increment(ref exchanges);
            await gate.Task;
            return number == 1 ? throw new HttpRequestException("down") : Secret(number);
        });

        var callers = Enumerable.Range(0, 8).Select(_ => credential.GetSecretAsync(default).AsTask()).ToList();
        gate.SetResult();
        foreach (var caller in callers)
            Assert.That(async () => await caller, Throws.Exception.With.InnerException.Message.EqualTo("down"));

        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-2"));
    }

    [TestCase(100, 79)]
    [TestCase(3600, 3479)]
    public async Task It_is_used_until_shortly_before_it_expires(int lifetime, int later)
    {
        var exchanges = 0;
        var credential = Credential(() => "source", _ => Task.FromResult(Secret(++exchanges, TimeSpan.FromSeconds(lifetime))));
        await credential.GetSecretAsync(default);

        _clock.Advance(TimeSpan.FromSeconds(later));

        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-1"));
        Assert.That(exchanges, Is.EqualTo(1));
    }

    [TestCase(100, 95)]
    [TestCase(3600, 3570)]
    public async Task It_is_not_used_right_before_it_expires(int lifetime, int later)
    {
        var exchanges = 0;
        var credential = Credential(() => "source", _ => Task.FromResult(Secret(++exchanges, TimeSpan.FromSeconds(lifetime))));
        await credential.GetSecretAsync(default);

        _clock.Advance(TimeSpan.FromSeconds(later));

        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-2"));
    }

    [Test]
    public async Task It_is_renewed_once_in_the_background_while_calls_still_use_it()
    {
        var gate = new TaskCompletionSource();
        var exchanges = 0;
        var credential = Credential(() => "source", async _ =>
        {
            var number = Interlocked.Increment(ref exchanges);
            if (number > 1)
                await gate.Task;
            return Secret(number, TimeSpan.FromSeconds(100));
        });
        await credential.GetSecretAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(91));

        for (var call = 0; call < 8; call++)
            Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-1"), "nobody waits for the renewal");
        gate.SetResult();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-2"),
            "when the first one has ended, its renewal is waited for");
        Assert.That(exchanges, Is.EqualTo(2));
    }

    [Test]
    public async Task It_is_renewed_from_the_time_that_it_specifies()
    {
        var exchanges = 0;
        var first = Secret(1, TimeSpan.FromSeconds(100));
        var credential = Credential(
            () => "source", _ => Task.FromResult(Interlocked.Increment(ref exchanges) == 1 ? first : Secret(2, TimeSpan.FromSeconds(100))));
        await credential.GetSecretAsync(default);

        _clock.SetUtcNow(first.RenewAt!.Value.AddTicks(-1));
        await credential.GetSecretAsync(default);
        await credential.FollowedRenewal;
        Assert.That(exchanges, Is.EqualTo(1));
        _clock.SetUtcNow(first.RenewAt!.Value);
        await credential.GetSecretAsync(default);
        await credential.FollowedRenewal;

        Assert.That(exchanges, Is.EqualTo(2));
    }

    [Test]
    public async Task A_failed_renewal_fails_no_call_and_is_retried()
    {
        var exchanges = 0;
        var credential = Credential(() => "source", _ =>
        {
            var number = Interlocked.Increment(ref exchanges);
            return number == 2 ? throw new HttpRequestException("down") : Task.FromResult(Secret(number, TimeSpan.FromSeconds(100)));
        });
        await credential.GetSecretAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(91));

        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-1"));
        await credential.FollowedRenewal;
        await credential.GetSecretAsync(default);
        await credential.FollowedRenewal;
        Assert.That(exchanges, Is.EqualTo(2), "not again at once");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-1"));
        await credential.FollowedRenewal;
        Assert.That(exchanges, Is.EqualTo(3));
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-3"));
    }

    [Test]
    public async Task A_failed_renewal_is_retried_after_a_quarter_of_the_remaining_time()
    {
        var exchanges = 0;
        var credential = Credential(() => "source", _ =>
        {
            var number = Interlocked.Increment(ref exchanges);
            return number == 2 ? throw new HttpRequestException("down") : Task.FromResult(Secret(number, TimeSpan.FromSeconds(100)));
        });
        await credential.GetSecretAsync(default);

        // It is used for 95 seconds, of which four are left.
        await LaterAsync(TimeSpan.FromSeconds(91));
        Assert.That(exchanges, Is.EqualTo(2));
        await LaterAsync(TimeSpan.FromMilliseconds(999));
        Assert.That(exchanges, Is.EqualTo(2));
        await LaterAsync(TimeSpan.FromMilliseconds(1));
        Assert.That(exchanges, Is.EqualTo(3));

        async Task LaterAsync(TimeSpan time)
        {
            _clock.Advance(time);
            await credential.GetSecretAsync(default);
            await credential.FollowedRenewal;
        }
    }

    // The renewal of a credential that has been replaced since.
    [TestCase(true)]
    [TestCase(false)]
    public async Task A_late_renewal_never_replaces_a_newer_secret(bool isRefused)
    {
        var renewal = new TaskCompletionSource<ExchangedSecret>();
        var source = "a";
        var exchanges = 0;
        var credential = Credential(() => source, _ => Interlocked.Increment(ref exchanges) switch
        {
            1 => Task.FromResult(Secret(1, TimeSpan.FromSeconds(100))),
            2 => renewal.Task,
            var number => Task.FromResult(Secret(number, TimeSpan.FromSeconds(100))),
        });
        var first = await credential.GetSecretAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(91));
        await credential.GetSecretAsync(default);
        await UntilAsync(() => exchanges == 2);

        if (isRefused)
            credential.Refused(first);
        else
            source = "b";
        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-3"));
        var late = credential.FollowedRenewal;
        renewal.SetResult(Secret(2, TimeSpan.FromSeconds(100)));
        await late;

        Assert.That((await credential.GetSecretAsync(default)).Reveal(), Is.EqualTo("secret-3"));
        Assert.That(exchanges, Is.EqualTo(3));
    }

    private static readonly TestCaseData[] Lifetimes =
    [
        Lifetime(TimeSpan.MaxValue, 366),
        Lifetime(TimeSpan.FromDays(367), 366),
        Lifetime(TimeSpan.FromDays(366), 366),
        Lifetime(TimeSpan.Zero, 0),
        Lifetime(TimeSpan.FromTicks(-1), 0),
        Lifetime(TimeSpan.MinValue, 0),
    ];

    [TestCaseSource(nameof(Lifetimes))]
    public void A_very_long_lifetime_is_limited(TimeSpan lifetime, int days)
    {
        var secret = Secret(1, lifetime);

        var end = _clock.GetUtcNow() + TimeSpan.FromDays(days);
        Assert.That(secret.UsableUntil, Is.EqualTo(days == 0 ? end : end - TimeSpan.FromSeconds(30)));
        Assert.That(
            secret.RenewAt, Is.InRange(days == 0 ? end : end - TimeSpan.FromMinutes(2), days == 0 ? end : end - TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void An_expiry_at_the_maximum_time_means_never()
        => Assert.That(new ExchangedSecret(
            new TokenSecret("s"), DateTimeOffset.MaxValue - TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)).UsableUntil, Is.Null);

    [Test]
    public void An_expiry_right_before_the_maximum_time_is_an_expiry()
        => Assert.That(
            new ExchangedSecret(new TokenSecret("s"), DateTimeOffset.MaxValue - TimeSpan.FromHours(1), TimeSpan.FromHours(1)).UsableUntil,
            Is.EqualTo(DateTimeOffset.MaxValue - TimeSpan.FromSeconds(30)));

    [Test]
    public void The_time_of_renewal_is_random_within_its_limits()
    {
        var moments = Enumerable.Range(0, 1000)
            .Select(_ => (Secret(1, TimeSpan.FromSeconds(100)).RenewAt!.Value - _clock.GetUtcNow()).TotalSeconds).ToList();

        Assert.That(moments, Has.All.InRange(80, 90));
        Assert.That((moments.Min(), moments.Max()), Is.EqualTo((80.0, 90.0)).Using<(double, double)>(
            (one, other) => Math.Abs(one.Item1 - other.Item1) < 1 && Math.Abs(one.Item2 - other.Item2) < 1 ? 0 : 1));
        Assert.That(Secret(1).RenewAt, Is.Null);
    }

    [Test]
    public async Task A_changed_source_is_exchanged_again()
    {
        var source = "a";
        var seen = new List<string>();
        var credential = Credential(() => source, from =>
        {
            seen.Add(from);
            return Task.FromResult(Secret(seen.Count));
        });

        await credential.GetSecretAsync(default);
        await credential.GetSecretAsync(default);
        source = "b";
        await credential.GetSecretAsync(default);

        Assert.That(seen, Is.EqualTo(new[] { "a", "b" }));
    }

    // Only a file can have been read while it was being written.
    [Test]
    public void A_refused_exchange_is_not_retried_if_the_source_is_not_a_file()
    {
        var sources = new Queue<string>(["a", "b"]);
        var exchanged = new List<string>();
        var credential = Credential(sources.Dequeue, from =>
        {
            exchanged.Add(from);
            throw new ApiException("no", 401, null, new Dictionary<string, IEnumerable<string>>(), null);
        });

        Assert.That(async () => await credential.GetSecretAsync(default), Throws.TypeOf<CredentialExchangeException>());

        Assert.That(exchanged, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_refused_secret_is_dropped_unless_it_was_replaced_meanwhile()
    {
        var exchanges = 0;
        var credential = Credential(() => "source", _ => Task.FromResult(Secret(++exchanges)));
        var first = await credential.GetSecretAsync(default);

        credential.Refused(first);
        var second = await credential.GetSecretAsync(default);
        credential.Refused(first);

        Assert.That(await credential.GetSecretAsync(default), Is.SameAs(second));
        Assert.That(exchanges, Is.EqualTo(2));
    }

    private static TestCaseData Lifetime(TimeSpan lifetime, int days)
        => new(lifetime, days) { TestName = $"A lifetime of {lifetime} counts as {days} days" };

    private ExchangedCredential<string> Credential(Func<string> source, Func<string, Task<ExchangedSecret>> exchange)
        => new(_connection, _ => new(source()), (value, _) => exchange(value), RequestCredential.Bearer);

    // Work in parallel to a call completes on another thread.
    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var look = 0; look < 10_000 && !condition(); look++)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        Assert.That(condition(), Is.True);
    }

    private ExchangedSecret Secret(int number, TimeSpan? lifetime = null)
        => new(new TokenSecret($"secret-{number}"), _clock.GetUtcNow(), lifetime);
}
