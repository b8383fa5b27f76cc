using Microsoft.Extensions.Time.Testing;
using Tokenwright.Adapters;
using Tokenwright.Generated;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>The data that belongs to a request while it is sent.</summary>
internal sealed class SentRequestTests
{
    private readonly FakeTimeProvider _clock = new();

    [TestCase("GET", true)]
    [TestCase("HEAD", true)]
    [TestCase("OPTIONS", true)]
    [TestCase("PUT", true)]
    [TestCase("DELETE", true)]
    [TestCase("POST", false)]
    [TestCase("PATCH", false)]
    public void Without_an_operation_the_HTTP_method_decides_whether_it_may_be_retried(string method, bool mayRetry)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "a");

        Assert.That(Begin(request).MayRetry, Is.EqualTo(mayRetry));
    }

    [TestCase("POST", true)]
    [TestCase("GET", false)]
    public void An_operation_has_priority_over_the_HTTP_method(string method, bool mayRetry)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "a");
        new OperationContext(TokenOperation.Update, mayRetry, [], default).Attach(request);

        Assert.That(Begin(request), Has.Property("MayRetry").EqualTo(mayRetry).And.Property("Operation").EqualTo(TokenOperation.Update));
    }

    [Test]
    public void The_remaining_time_decreases()
    {
        using var request = new HttpRequestMessage();
        var sent = Begin(request);

        Assert.That(sent.Left, Is.EqualTo(TimeSpan.FromSeconds(30)));
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.That(sent.Left, Is.EqualTo(TimeSpan.FromSeconds(23)));
    }

    [Test]
    public void Its_secrets_are_those_of_its_credential_the_connection_and_the_referenced_tokens()
    {
        using var request = new HttpRequestMessage();
        var (first, second, named) = (new TokenSecret("first"), new TokenSecret("second"), new TokenSecret("named"));
        new OperationContext(TokenOperation.Get, true, [TokenReference.ById("7"), TokenReference.BySecret(named)], default).Attach(request);
        var sent = Begin(request);
        sent.Add(first);
        sent.Add(second);
        sent.Add(new TokenSecret("first"));

        Assert.That(sent.Secrets.Select(secret => secret.Reveal()), Is.EqualTo(new[] { "first", "second", "of the connection", "named" }));
    }

    [Test]
    public void Its_secrets_include_those_that_the_adapter_came_across_in_any_context_of_the_operation()
    {
        using var request = new HttpRequestMessage();
        var context = new OperationContext(TokenOperation.Revoke, true, [], default);
        context.Reading().AddSecret(new TokenSecret("first"));
        context.AddSecret(new TokenSecret("second"));
        context.WithoutRetry().Attach(request);

        Assert.That(Begin(request).Secrets.Select(secret => secret.Reveal()), Is.EqualTo(new[] { "of the connection", "first", "second" }));
    }

    [Test]
    public void It_is_found_by_its_request_whoever_created_that()
    {
        using var plain = new HttpRequestMessage();
        using var own = new ApiRequest(HttpMethod.Get, new Uri("https://vendor.example/a"));
        using var strange = new HttpRequestMessage();
        var (ofPlain, ofOwn) = (Begin(plain), Begin(own));

        Assert.That((SentRequest.Of(plain), SentRequest.Of(own)), Is.EqualTo((ofPlain, ofOwn)));
        Assert.That((ofPlain.Message, ofOwn.Message, own.Options.Any()), Is.EqualTo((plain, own, false)));
        Assert.That(SentRequest.Find(strange), Is.Null);
        Assert.That(() => SentRequest.Of(strange), Throws.InvalidOperationException);
    }

    [Test]
    public void Its_operation_remembers_it_as_the_last_request()
    {
        using var request = new HttpRequestMessage();
        var context = new OperationContext(TokenOperation.Get, true, [], default);
        context.Attach(request);

        Assert.That(Begin(request), Is.SameAs(context.Last));
    }

    private SentRequest Begin(HttpRequestMessage request)
        => SentRequest.Begin(request, () => [new TokenSecret("of the connection")], TimeSpan.FromSeconds(30), _clock);
}
