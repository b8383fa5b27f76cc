using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Adapters;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <summary>No header of a response blocks a credential of any vendor for longer than the header says, or than the upper bound.</summary>
internal sealed class RateLimitHeaderTests
{
    // Twice as long as any total timeout, so that no call waits until then.
    private const int Seconds = 60;

    private static IEnumerable<TestCaseData> Cases() =>
        from subject in ShippedSubject.Vendors
        from form in new[] { "delay", "seconds since 1970", "milliseconds since 1970", "date", "too far" }
        select new TestCaseData(subject, form).SetArgDisplayNames(subject.Name, form);

    [TestCaseSource(nameof(Cases))]
    public async Task A_quota_is_available_again_at_the_headers_time_and_after_five_minutes_at_most(object vendor, string form)
    {
        var subject = (ShippedSubject)vendor;
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        using var stage = subject.Start(time);
        var instant = time.GetUtcNow() + TimeSpan.FromSeconds(Seconds);
        var (reset, wait) = form switch
        {
            "delay" => (Seconds.ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(Seconds)),
            "seconds since 1970" => (instant.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(Seconds)),
            "milliseconds since 1970" =>
                (instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), TimeSpan.FromSeconds(Seconds)),
            "date" => (instant.ToString("r", CultureInfo.InvariantCulture), TimeSpan.FromSeconds(Seconds)),
            _ => ("99999999999999999999", TimeSpan.FromMinutes(5)),
        };
        using var headers = new HeaderHandler(reset);
        using var client = ((IProgramStage)stage).OpenAsPrograms(headers, time);
        var kind = client.Metadata.Capabilities.AnyKind(TokenOperation.Get);
        var reference = Calls.Reference(kind, stage.Add(Prepared(subject)));
        await client.GetAsync(reference);

        headers.IsUsedUp = true;
        try
        {
            // If an operation needs several requests, the second one already waits.
            await client.GetAsync(reference);
        }
        catch (TokenRateLimitedException)
        {
        }

        headers.IsUsedUp = false;
        var exception = Assert.CatchAsync<TokenRateLimitedException>(() => client.GetAsync(reference))!;
        time.Advance(wait - TimeSpan.FromMilliseconds(1));
        var last = client.GetAsync(reference);
        Assert.That(last.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((await last).Vendor, Is.EqualTo(client.Metadata.Vendor));
        Assert.That((exception.RetryAfter, exception.IsTransient), Is.EqualTo(((TimeSpan?)wait, true)));
        Assert.That(exception.Message, Does.Contain("RateLimit-Reset: ").And.Contain("Nothing was sent"));
        Assert.That(exception.Message.Contains("limited to 300 s by MaxRetryAfter", StringComparison.Ordinal),
            Is.EqualTo(form == "too far"), exception.Message);
    }

    private static Testing.EmulatedToken Prepared(ShippedSubject subject)
    {
        var token = subject.NewToken("token");
        subject.Prepare(token);
        return token;
    }

    // A header that a gateway in front of the vendor adds.
    private sealed class HeaderHandler(string reset) : DelegatingHandler(VendorConnection.CreateTransport())
    {
        public bool IsUsedUp { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (IsUsedUp)
            {
                foreach (var name in new[] { "RateLimit-Remaining", "RateLimit-Reset" })
                    response.Headers.Remove(name);
                response.Headers.TryAddWithoutValidation("RateLimit-Remaining", "0");
                response.Headers.TryAddWithoutValidation("RateLimit-Reset", reset);
            }

            return response;
        }
    }
}
