using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Http;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>How one attempt changes its request, and how it reads the body of its response.</summary>
internal sealed class AttemptTests : ConnectionFixture
{
    private const int LongestError = 256 * 1024;

    [TestCase("GET", false)]
    [TestCase("HEAD", false)]
    [TestCase("DELETE", true)]
    [TestCase("POST", true)]
    [TestCase("OPTIONS", true)]
    public async Task A_request_that_the_framework_must_not_retry_gets_an_empty_body(string method, bool hasBody)
    {
        _vendor.On(method, Path, VendorResponse.Empty(204));
        using var client = Client(Sockets());
        using var request = new HttpRequestMessage(new HttpMethod(method), Path);

        using var response = await client.SendAsync(request);

        Assert.That(request.Content is ByteArrayContent, Is.EqualTo(hasBody));
        Assert.That(request.Content?.Headers.ContentLength, Is.EqualTo(hasBody ? 0 : null));
    }

    [TestCase(200, LongestError + 1, true)]
    [TestCase(404, LongestError, true)]
    [TestCase(404, LongestError + 1, false)]
    public async Task The_limit_for_the_body_of_an_error_is_lower_than_for_a_success(int status, int length, bool isRead)
    {
        var body = "{" + new string(' ', length - 2) + "}";
        _vendor.On("GET", Path, VendorResponse.Json(status, body));
        using var client = Client(Sockets());

        using var response = await client.SendAsync(Read());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(isRead ? body : "{}"));
    }

    [Test]
    public async Task A_lower_limit_of_the_options_applies_to_errors_too()
    {
        _vendor.On("GET", Path, VendorResponse.Json(404, "{          }"));
        using var client = Client(Sockets(), change: options => options.MaxResponseBytes = 11);

        using var response = await client.SendAsync(Read());

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("{}"));
    }

    [TestCase("application/json; charset=utf-8", "{}")]
    [TestCase("application/problem+JSON", "{}")]
    [TestCase("text/html", "…")]
    [TestCase(null, "…")]
    public async Task An_error_whose_body_breaks_off_keeps_its_content_type(string? type, string left)
    {
        var body = new WatchedContent(new IOException("broken"), type);
        using var client = Client(new ActingTransport((_, _) => Respond(403, body)));
        using var request = Write();

        using var response = await client.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(left));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo(type));
        Assert.That(body.IsDisposed, Is.True, "the connection is free");
        Assert.That(SentRequest.Of(request).MayHaveArrived, Is.EqualTo(left != "{}"));
    }

    [TestCase(200)]
    [TestCase(403)]
    public void A_body_is_disposed_and_the_cancellation_is_thrown_if_reading_is_cancelled(int status)
    {
        var body = new WatchedContent(new OperationCanceledException("given up"), "application/json");
        using var client = Client(new ActingTransport((_, _) => Respond(status, body)));

        Assert.That(() => client.SendAsync(Read()), Throws.TypeOf<TaskCanceledException>().Or.TypeOf<OperationCanceledException>());

        Assert.That(body.IsDisposed, Is.True);
    }

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return new TestCaseData(new IOException("a"), HttpRequestError.ResponseEnded, "The body of the response broke off.");
        yield return new TestCaseData(new HttpIOException(HttpRequestError.InvalidResponse, "a"), HttpRequestError.ResponseEnded,
            "The body of the response broke off.");
        yield return new TestCaseData(new HttpRequestException(HttpRequestError.HttpProtocolError, "a"), HttpRequestError.HttpProtocolError,
            "The body of the response broke off.");
        yield return new TestCaseData(new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "a"),
            HttpRequestError.ConfigurationLimitExceeded, "The body of the response is larger than 1000 bytes (MaxResponseBytes).");
        yield return new TestCaseData(new InvalidDataException("a"), HttpRequestError.InvalidResponse,
            "The body of the response can't be decompressed.");
    }

    [TestCaseSource(nameof(Broken))]
    public void A_success_with_an_unreadable_body_is_disposed_and_reported(Exception failure, HttpRequestError error, string message)
    {
        var body = new WatchedContent(failure, "application/json");
        using var client = Client(
            new ActingTransport((_, _) => Respond(201, body)), change: options => options.MaxResponseBytes = 1000);
        using var request = Write();

        var exception = Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request))!;

        Assert.That(
            (exception.HttpRequestError, exception.Message, exception.StatusCode), Is.EqualTo((error, message, HttpStatusCode.Created)));
        Assert.That(exception.InnerException, Is.Not.Null);
        Assert.That(body.IsDisposed, Is.True, "the connection is free");
        Assert.That(SentRequest.Of(request).MayHaveArrived, Is.True);
    }

    [TestCase(200, true)]
    [TestCase(409, false)]
    [TestCase(503, true)]
    public async Task Only_a_refusal_shows_that_nothing_was_carried_out(int status, bool mayHaveArrived)
    {
        _vendor.On("POST", Path, VendorResponse.Json(status, "{}"));
        using var client = Client(Sockets());
        using var request = Write();

        using var response = await client.SendAsync(request);

        Assert.That((SentRequest.Of(request).MayHaveArrived, SentRequest.Of(request).Attempts), Is.EqualTo((mayHaveArrived, 1)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_log_says_how_long_an_attempt_took(bool fails)
    {
        var clock = new FakeTimeProvider();
        using var log = new LineLog();
        using var client = Client(new ActingTransport((_, _) =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1250));
            return fails ? throw new HttpRequestException(HttpRequestError.ConnectionError) : Respond(204, new ByteArrayContent([]));
        }), clock: clock, logs: log);
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That(() => client.SendAsync(Read()), fails ? Throws.TypeOf<HttpRequestException>() : Throws.Nothing);

        Assert.That(log.Lines.Single(), Does.EndWith(
            $": GET {Path} {(fails ? "failed with connection_error" : "got the response 204")} after 1250 ms."));
    }

    private static Task<HttpResponseMessage> Respond(int status, HttpContent body)
        => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = body });
}
