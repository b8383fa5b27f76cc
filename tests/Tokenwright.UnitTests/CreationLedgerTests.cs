using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Adapters;

namespace Tokenwright.UnitTests;

internal sealed class CreationLedgerTests
{
    private static readonly Uri Address = new("https://vendor.invalid/v1/");
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Clients_of_one_address_share_a_ledger()
    {
        var ledger = CreationLedger.Of("Acme", Address, _clock);

        Assert.That(CreationLedger.Of("Acme", new Uri("https://vendor.invalid/v2/"), _clock), Is.SameAs(ledger));
        Assert.That(CreationLedger.Of("Acme", new Uri("https://other.invalid/v1/"), _clock), Is.Not.SameAs(ledger));
        Assert.That(CreationLedger.Of("Other", Address, _clock), Is.Not.SameAs(ledger));
        Assert.That(CreationLedger.Of("Acme", Address, new FakeTimeProvider()), Is.Not.SameAs(ledger));
    }

    [Test]
    public void A_token_is_claimed_once_regardless_of_the_case_of_its_id()
    {
        var ledger = new CreationLedger(_clock);

        Assert.That((ledger.TryAdd("aB"), ledger.TryAdd("Ab"), ledger.Contains("AB"), ledger.Contains("b")),
            Is.EqualTo((true, false, true, false)));
    }

    [Test]
    public void A_claim_that_was_not_settled_is_released()
    {
        var ledger = new CreationLedger(_clock);
        ledger.TryAdd("a");
        ledger.Remove("a");

        Assert.That((ledger.Contains("a"), ledger.TryAdd("a"), ledger.Contains("a")), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void Ids_are_remembered_for_a_day()
    {
        var ledger = new CreationLedger(_clock);
        ledger.TryAdd("old");
        _clock.Advance(CreationLedger.Kept - TimeSpan.FromSeconds(1));
        ledger.TryAdd("new");
        Assert.That((ledger.Contains("old"), ledger.Contains("new")), Is.EqualTo((true, true)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        ledger.TryAdd("newer");

        Assert.That((ledger.Contains("old"), ledger.Contains("new")), Is.EqualTo((false, true)));
    }

    [Test]
    public void An_id_that_was_released_and_claimed_again_is_remembered_from_then_on()
    {
        var ledger = new CreationLedger(_clock);
        ledger.TryAdd("a");
        ledger.Remove("a");
        _clock.Advance(TimeSpan.FromHours(12));
        ledger.TryAdd("a");
        _clock.Advance(TimeSpan.FromHours(12));
        ledger.TryAdd("b");

        Assert.That(ledger.Contains("a"), Is.True);
    }

    [Test]
    public void No_more_ids_are_remembered_than_the_limit()
    {
        var ledger = new CreationLedger(_clock);
        for (var id = 0; id <= CreationLedger.MostIds; id++)
            ledger.TryAdd($"{id}");

        Assert.That(
            (ledger.Contains("0"), ledger.Contains("1"), ledger.Contains($"{CreationLedger.MostIds}")), Is.EqualTo((false, true, true)));
    }

    [Test]
    public async Task Creates_in_progress_are_awaited()
    {
        var ledger = new CreationLedger(_clock);
        Assert.That(await ledger.WaitForOthersAsync(TimeSpan.FromSeconds(30), default), Is.True);
        var (first, second) = (ledger.Begin(), ledger.Begin());

        var wait = ledger.WaitForOthersAsync(TimeSpan.FromSeconds(30), default);
        first.Dispose();
        Assert.That(wait.IsCompleted, Is.False);
        using var later = ledger.Begin();
        second.Dispose();

        Assert.That(await wait, Is.True, "what begins later isn't waited for: no list that was read before can show its token");
    }

    [Test]
    public async Task The_wait_for_creates_in_progress_is_limited()
    {
        var ledger = new CreationLedger(_clock);
        using var other = ledger.Begin();

        var wait = ledger.WaitForOthersAsync(TimeSpan.FromSeconds(30), default);
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That(await wait, Is.False);
    }

    [Test]
    public void A_token_without_an_id_is_remembered_by_its_time()
    {
        var ledger = new CreationLedger(_clock);
        Assert.That(ledger.HandedOutWithoutId(TimeSpan.FromMinutes(1)), Is.False);
        Assert.That(ledger.TryAdd(null), Is.True);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((ledger.HandedOutWithoutId(TimeSpan.FromMinutes(1)), ledger.HandedOutWithoutId(TimeSpan.FromSeconds(59))),
            Is.EqualTo((true, false)));
    }

    [Test]
    public void A_completed_create_is_not_remembered()
    {
        var ledger = new CreationLedger(_clock);
        var ended = Ended(ledger);
        GC.Collect();

        Assert.That(ended.IsAlive, Is.False);
        GC.KeepAlive(ledger);
    }

    // In a separate method, so that its variables are collected.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Ended(CreationLedger ledger)
    {
        var create = ledger.Begin();
        create.Dispose();
        return new WeakReference(create);
    }
}
