using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>When a rate limiter is removed, and that none is removed while it is needed.</summary>
internal sealed class VendorRateLimiterLifetimeTests : VendorRateLimiterFixture
{
    [Test]
    [HangGuard]
    public void It_is_removed_only_when_it_has_no_state()
    {
        Assert.That(new VendorRateLimiter(_clock).TryRetire(), Is.True);
        var call = Enter();
        Assert.That(_limiter.TryRetire(), Is.False, "a call is under way");
        Leave(call);
        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.That(_limiter.TryRetire(), Is.False, "a place is held");
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That((_limiter.TryRetire(), _limiter.IsRetired), Is.EqualTo((true, true)));
        Assert.That((_limiter.TryRetire(), _limiter.IsRetired), Is.EqualTo((true, true)), "for good");
        Assert.That(_limiter.TryEnter(_options, Sent(), out _, out _), Is.False);
    }

    [Test]
    [HangGuard]
    public void It_is_not_removed_while_a_call_waits_or_the_vendor_accepts_no_calls()
    {
        _options.CallsPerWindow = null;
        Leave(Enter(), 429, ("Retry-After", "60"));
        _clock.Advance(30 * Second);
        Assert.That(_limiter.TryRetire(), Is.False, "the vendor asked to wait");
        var waiting = Wait(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromSeconds(29.999));
        Assert.That(_limiter.TryRetire(), Is.False, "a call waits");
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(_limiter.TryRetire(), Is.False, "the call is under way");
        Leave(waiting.Task.Result);
        _clock.Advance(10 * Second);
        Assert.That(_limiter.TryRetire(), Is.True);
    }

    [Test]
    [HangGuard]
    public void It_is_removed_as_soon_as_the_vendor_accepts_calls_again()
    {
        Leave(Enter(), 429, ("Retry-After", "60"));
        _clock.Advance((60 * Second) - Tick);
        Assert.That(_limiter.TryRetire(), Is.False);
        _clock.Advance(Tick);
        Assert.That(_limiter.TryRetire(), Is.True);
    }

    // A new credential causes a scan of the existing ones only when their number has grown to twice the last size.
    [Test]
    [HangGuard]
    public void A_new_credential_costs_the_same_however_many_there_are()
    {
        const int Credentials = 2000;
        var clock = new ReadCountingClock();
        var limiters = new VendorRateLimiters();
        for (var credential = 0; credential < Credentials; credential++)
        {
            limiters.Get("Xms", new Uri("https://xms.example/"), $"credential {credential}", clock).TryEnter(
                _options, SentRequest.Begin(new HttpRequestMessage(), () => [], Second, clock), out _, out _);
        }

        Assert.That(limiters.Count, Is.EqualTo(Credentials));
        Assert.That(clock.Reads, Is.LessThan(Credentials * 10));
    }

    [Test]
    [HangGuard]
    public void A_connection_gets_another_rate_limiter_when_its_own_is_removed_or_its_credential_changes()
    {
        var scope = "one";
        var asked = new List<string>();
        var limiter = _limiter;
        var rateLimit = new ConnectionRateLimit(_options, () => scope, name =>
        {
            asked.Add(name);
            return limiter = new VendorRateLimiter(_clock);
        });

        Send();
        Send();
        Assert.That(asked, Is.EqualTo(new[] { "one" }));
        scope = "two";
        Send();
        Send();
        Assert.That(asked, Is.EqualTo(new[] { "one", "two" }));
        _clock.Advance(10 * Second);
        Assert.That(limiter.TryRetire(), Is.True);
        Send();
        Assert.That(asked, Is.EqualTo(new[] { "one", "two", "two" }));

        void Send()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://xms.example/");
            using var response = new HttpResponseMessage();
            var present = rateLimit.Enter(SentRequest.Begin(request, () => [], 30 * Second, _clock), out var since, out _);
            present.Leave(_options, since, response);
        }
    }

    [Test]
    [HangGuard]
    public void It_also_remembers_the_windows_from_headers()
    {
        Leave(Enter(), 200, ("RateLimit-Limit", "5;w=100"));
        _clock.Advance(99 * Second);
        Assert.That(_limiter.TryRetire(), Is.False);
        _clock.Advance(1 * Second);
        Assert.That(_limiter.TryRetire(), Is.True);
    }

    [Test]
    [HangGuard]
    public void Many_short_lived_credentials_leave_few_rate_limiters_behind()
    {
        var limiters = new VendorRateLimiters();
        var most = 0;
        for (var credential = 0; credential < 100_000; credential++)
        {
            var limiter = Get(limiters, $"credential {credential}");
            if (credential % 2 == 0)
            {
                limiter.TryEnter(_options, Sent(), out var since, out _);
                limiter.Leave(_options, since, new HttpResponseMessage());
            }

            _clock.Advance(TimeSpan.FromMilliseconds(100));
            most = Math.Max(most, limiters.Count);
        }

        // A hundred credentials arrive within a window, and half of them are used.
        Assert.That(most, Is.LessThan(500));
    }

    [Test]
    [HangGuard]
    public void A_credential_has_one_rate_limiter_while_it_is_needed_and_a_new_one_afterwards()
    {
        var limiters = new VendorRateLimiters();
        var limiter = Get(limiters, "kept");
        limiter.TryEnter(_options, Sent(), out var since, out _);
        for (var other = 0; other < 1000; other++)
            Get(limiters, $"other {other}");
        Assert.That(Get(limiters, "kept"), Is.SameAs(limiter), "a call is under way");

        limiter.Leave(_options, since, new HttpResponseMessage());
        _clock.Advance(10 * Second);
        for (var other = 0; other < 1000; other++)
            Get(limiters, $"another {other}");

        Assert.That(limiter.IsRetired, Is.True);
        var next = Get(limiters, "kept");
        Assert.That((next.IsRetired, Get(limiters, "kept") == next), Is.EqualTo((false, true)));
    }

    [Test]
    [HangGuard]
    public async Task No_thread_uses_a_rate_limiter_that_another_thread_removes()
    {
        var limiters = new VendorRateLimiters();
        var stop = false;
        var sweeps = Task.Run(() =>
        {
            for (var other = 0; !Volatile.Read(ref stop); other++)
                Get(limiters, $"other {other}").TryRetire();
        });

        // Each call must get a rate limiter that counts, even while others are removed.
        for (var call = 0; call < 20_000; call++)
        {
            VendorRateLimiter limiter;
            do
                limiter = Get(limiters, "mine");
            while (!limiter.TryEnter(_options, Sent(), out _, out _));
            Assert.That(limiter.IsRetired, Is.False);
            limiter.LeaveUnsent(_options);
            limiter.TryRetire();
        }

        Volatile.Write(ref stop, true);
        await sweeps;
    }

    private VendorRateLimiter Get(VendorRateLimiters limiters, string scope)
        => limiters.Get("Xms", new Uri("https://xms.example/"), scope, _clock);

    private sealed class ReadCountingClock : TimeProvider
    {
        public int Reads { get; private set; }

        public override long GetTimestamp()
        {
            Reads++;
            return 0;
        }
    }
}
