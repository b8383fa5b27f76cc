using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Adapters;
using Tokenwright.SailPoint;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.UnitTests;

/// <summary>One call over real sockets, up to the exception that a caller sees.</summary>
internal sealed class HttpPipelineTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    private const string FreshSecret = "fresh-secret-value";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n[{", TestName = "A body that stalls")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-", TestName = "Headers that stall")]
    [TestCase("", TestName = "A response that never starts")]
    public async Task A_response_that_is_incomplete_at_the_timeout_fails_the_attempt(string sent)
    {
        var reached = new TaskCompletionSource();
        using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            await RawServer.WriteAsync(stream, sent, cancellationToken);
            reached.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        });
        using var client = Client(server);

        var call = client.ValidateAsync(TokenReference.Self);
        await reached.Task;
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(call.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        var exception = Assert.CatchAsync<TokenServiceUnavailableException>(async () => await call)!;
        Assert.That(exception.Message, Does.Contain("within 10 s").And.Contain("validate"));
        Assert.That(exception.IsTransient, Is.True);
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task The_callers_cancellation_reaches_a_stalled_body_and_stays_a_cancellation()
    {
        var reached = new TaskCompletionSource();
        using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            await RawServer.WriteAsync(stream, Head + "Content-Length: 100\r\n\r\n[{", cancellationToken);
            reached.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        });
        using var client = Client(server);
        using var cancellation = new CancellationTokenSource();

        var call = client.ValidateAsync(TokenReference.Self, cancellation.Token);
        await reached.Task;
        await cancellation.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    // Each body would contain a secret, so no part of it may be shown.
    [TestCase("Content-Length: 500\r\n\r\n{\"access_token\":\"" + FreshSecret + "\"", true, TestName = "Cut short")]
    [TestCase("\r\n{\"access_token\":\"" + FreshSecret + "\"", false, TestName = "Invalid JSON")]
    [TestCase("\r\n{\"access_token\":\"" + FreshSecret + "\"} and more", false, TestName = "More after the JSON")]
    [TestCase("\r\n\"" + FreshSecret + "\"", false, TestName = "Another shape")]
    [TestCase("\r\n<html>" + FreshSecret + "</html>", false, TestName = "HTML")]
    [TestCase("Content-Length: 0\r\n\r\n", false, TestName = "Nothing")]
    [TestCase("\r\nnull", false, TestName = "JSON null")]
    public void An_unreadable_success_is_an_invalid_response_without_its_body(string rest, bool transient)
    {
        using var server = new RawServer(Head + rest);
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenInvalidResponseException>(async () => await client.ValidateAsync(TokenReference.Self))!;

        Assert.That(exception.ToString(), Does.Not.Contain(FreshSecret));
        Assert.That(exception.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(exception.IsTransient, Is.EqualTo(transient));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n",
        TestName = "Too large a body of unknown length")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n",
        TestName = "Too large a body of known length")]
    public void The_size_of_a_response_is_limited(string head)
    {
        using var server = new RawServer(head + "\"" + new string('a', 1998) + "\"");
        using var client = Client(server, options => options.MaxResponseBytes = 1000);

        var exception = Assert.CatchAsync<TokenInvalidResponseException>(async () => await client.ValidateAsync(TokenReference.Self))!;

        Assert.That(exception.Message, Does.Contain("1000 bytes").And.Contain("MaxResponseBytes"));
        Assert.That(exception.IsTransient, Is.False);
    }

    [Test]
    public void A_vendor_that_cannot_be_reached_is_unavailable()
    {
        var server = new RawServer(string.Empty);
        using var port = ClosedPort.Of(server, server.Address);
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenServiceUnavailableException>(async () => await client.ListAsync().ToListAsync())!;

        Assert.That(exception.Message, Does.Contain($"127.0.0.1:{server.Address.Port}").And.Contain("list"));
        Assert.That((exception.IsTransient, exception.Status), Is.EqualTo((true, (HttpStatusCode?)null)));
    }

    [Test]
    public void A_redirect_is_not_followed_and_its_address_not_shown_in_full()
    {
        using var elsewhere = new RawServer(Head + "\r\n[]");
        using var server =
            new RawServer(
            $"HTTP/1.1 302 Found\r\nLocation: {elsewhere.Address}path?secret={FreshSecret}\r\nContent-Length: 0\r\nConnection: " +
            "close\r\n\r\n");
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenClientException>(async () => await client.ValidateAsync(TokenReference.Self))!;

        Assert.That(elsewhere.Requests, Is.Zero);
        Assert.That(exception.Message, Does.Contain(elsewhere.Address.Authority).And.Not.Contain(FreshSecret));
        Assert.That(exception.Status, Is.EqualTo(HttpStatusCode.Found));
    }

    [Test]
    public async Task Compressed_bodies_are_read()
    {
        using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            using var body = new MemoryStream();
            using (var gzip = new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write("""{"access_token":"a"}"""u8);
            await RawServer.WriteAsync(stream, $"{Head}Content-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n", cancellationToken);
            await stream.WriteAsync(body.ToArray(), cancellationToken);
        });
        using var client = Client(server);

        Assert.That((await client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);
    }

    // Each of the framework's decoders throws a different exception.
    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("br")]
    public void A_body_that_cannot_be_decompressed_is_an_invalid_response(string encoding)
    {
        using var server = new RawServer($"{Head}Content-Encoding: {encoding}\r\n\r\n{{\"access_token\":\"{FreshSecret}\"}}");
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenInvalidResponseException>(async () => await client.ValidateAsync(TokenReference.Self))!;

        Assert.That(exception.Message, Does.Contain("can't be decompressed"));
        Assert.That(exception.ToString(), Does.Not.Contain(FreshSecret));
        Assert.That((exception.Status, exception.IsTransient), Is.EqualTo((HttpStatusCode.OK, true)));
    }

    // The framework doesn't read text in an unknown character set.
    [TestCase("windows-1252")]
    [TestCase("utf-7")]
    [TestCase("\"\"")]
    [TestCase("x; charset=y")]
    [TestCase("UTF-8")]
    [TestCase("utf-16; charset=y", "refused", Description = "Known, so the body is read as it says.")]
    public void An_error_is_read_whatever_character_set_it_declares(string charset, string? unread = null)
    {
        var body = "{\"error\":\"é refused\"}";
        using var server = new RawServer(
            $"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json; charset={charset}\r\nConnection: close\r\n\r\n{body}");
        using var http = new HttpClient { BaseAddress = server.Address };
        using var client = Client(server);

        var typed = Assert.CatchAsync<ApiException>(
            async () => await new SailPointApiClient(http).RequestAccessTokenAsync(new AccessTokenRequest()))!;
        var facade = Assert.CatchAsync<TokenPermissionException>(async () => await client.ValidateAsync(TokenReference.Self))!;

        Assert.That(typed.Response, unread is null ? Is.EqualTo(body) : Does.Not.Contain(unread));
        Assert.That(facade.VendorMessage, unread is null ? Is.EqualTo("é refused") : Does.Contain("not JSON"));
        Assert.That(typed.GetHeader("Content-Type"), Does.Contain("charset"));
    }

    // Servers send other success statuses than documented.
    [TestCase(201)]
    [TestCase(202)]
    [TestCase(299)]
    public async Task A_success_with_another_status_is_read_whatever_character_set_it_declares(int status)
    {
        using var server = new RawServer($$"""
            HTTP/1.1 {{status}} Odd
            Content-Type: application/json; charset=windows-1252
            Connection: close

            {"access_token":"a"}
            """.ReplaceLineEndings("\r\n"));
        using var http = new HttpClient { BaseAddress = server.Address };

        Assert.That((await new SailPointApiClient(http).RequestAccessTokenAsync(new AccessTokenRequest())).AccessToken, Is.EqualTo("a"));
    }

    [Test]
    public void A_success_with_another_status_without_the_required_body_is_refused()
    {
        using var server = new RawServer("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        using var http = new HttpClient { BaseAddress = server.Address };

        Assert.That(
            async () => await new SailPointApiClient(http).RequestAccessTokenAsync(new AccessTokenRequest()),
            Throws.InstanceOf<ApiException>().With.Property(nameof(ApiException.StatusCode)).EqualTo(204));
    }

    // Valid JSON, but the framework can't return it as a string.
    [TestCase("""{"error":"a\ud800b"}""", "a\ufffdb")]
    [TestCase("""{"error":"\udc00\ud83d\ude00"}""", "\ufffd😀")]
    [TestCase("""{"\ud800":1,"\uDFFF":2,"\u0065rror":"refused"}""", "refused")]
    [TestCase("""{"error":"\\ud800"}""", """\ud800""")]
    public void An_error_with_a_lone_surrogate_is_read(string body, string message)
    {
        using var server = new RawServer($"HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n{body}");
        using var client = Client(server);

        Assert.That(async () => await client.ValidateAsync(TokenReference.Self),
            Throws.TypeOf<TokenPermissionException>().With.Property(nameof(TokenClientException.VendorMessage)).EqualTo(message));
    }

    // Exceptions show these headers.
    [TestCase("302 Found\r\nLocation: https://client-secret-value@elsewhere.example/", "(https://elsewhere.example)")]
    [TestCase("200 OK\r\nContent-Type: text/client-secret-value", "Content type: an unusual one.")]
    [TestCase("403 Forbidden\r\nContent-Type: text/client-secret-value", "text/***")]
    [TestCase("302 Found\r\nLocation: https://client-secret-value.evil.example/", "(https://***.evil.example)")]
    [TestCase("302 Found\r\nLocation: /login", "points elsewhere; redirects")]
    public void A_header_that_repeats_a_secret_is_redacted(string head, string told)
    {
        using var server = new RawServer($"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n?");
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenClientException>(async () => await client.ValidateAsync(TokenReference.Self))!;

        Assert.That(exception.Message, Does.Contain(told));
        Assert.That(exception.ToString(), Does.Not.Contain("secret-value"));
    }

    [Test]
    public void An_error_body_that_repeats_a_secret_is_redacted()
    {
        using var server = new RawServer(
            "HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n{\"error\":\"no client-secret-value and token-secret-value here\"}");
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenPermissionException>(
            async () => await client.ValidateAsync(TokenReference.ByIdAndSecret("id", new TokenSecret("token-secret-value"))))!;

        Assert.That(exception.VendorMessage, Is.EqualTo("no *** and *** here"));
        Assert.That(exception.ToString(), Does.Not.Contain("secret-value"));
    }

    [Test]
    public void A_typed_client_on_its_own_keeps_error_bodies_and_drops_those_of_successes()
    {
        using var refusing = new RawServer("HTTP/1.1 418 I'm a teapot\r\nX-Request: 7\r\nConnection: close\r\n\r\nshort and stout");
        using var odd = new RawServer(Head + "\r\n{\"access_token\":\"" + FreshSecret + "\"");

        var error = Assert.CatchAsync<ApiException>(async () => await Exchange(refusing))!;
        var unreadable = Assert.CatchAsync<ApiException>(async () => await Exchange(odd))!;

        Assert.That((error.StatusCode, error.Response, error.GetHeader("x-request"), error.IsUnreadableSuccess),
            Is.EqualTo((418, "short and stout", "7", false)));
        Assert.That((unreadable.StatusCode, unreadable.Response, unreadable.InnerException, unreadable.IsUnreadableSuccess),
            Is.EqualTo((200, (string?)null, (Exception?)null, true)));
        Assert.That(unreadable.ToString(), Does.Not.Contain(FreshSecret).And.Contain("line 1"));

        static async Task Exchange(RawServer server)
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            await new SailPointApiClient(http).RequestAccessTokenAsync(new AccessTokenRequest());
        }
    }

    [Test]
    public void A_first_segment_with_a_colon_stays_relative()
    {
        using var server = new RawServer((request, stream, cancellationToken) =>
            RawServer.WriteAsync(stream,
                $"{Head}\r\n{{\"access_token\":{{\"name\":{JsonSerializer.Serialize(request.Split("\r\n")[0])}}}}}", cancellationToken));
        using var http = new HttpClient { BaseAddress = new Uri(server.Address, "v1/") };

        var token = new Xms.Api.XmsApiClient(http).ValidateAccessTokenAsync("a b").GetAwaiter().GetResult();

        Assert.That(token.AccessToken!.Name, Is.EqualTo("POST /v1/access-tokens:validate?subject_access_token=a%20b HTTP/1.1"));
    }

    [Test]
    public void After_disposal_every_call_throws_ObjectDisposedException()
    {
        using var server = new RawServer(Head + "\r\n[]");
        var client = Client(server);
        client.Dispose();
        client.Dispose();

        Assert.That(() => client.ListAsync(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await client.GetAsync(TokenReference.Self), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(server.Requests, Is.Zero);
    }

    [Test]
    public void An_operation_that_the_capabilities_lack_is_refused_before_anything_is_sent()
    {
        using var server = new RawServer(Head + "\r\n[]");
        using var client = Client(server);

        var unsupported =
            Assert.CatchAsync<TokenOperationNotSupportedException>(async () => await client.RegenerateAsync(TokenReference.Self))!;
        Assert.That(unsupported.Reason, Is.EqualTo(client.Metadata.Capabilities[TokenOperation.Regenerate].Remark));
        Assert.That(unsupported.Alternative, Is.Not.Null.And.EqualTo(client.Metadata.Capabilities[TokenOperation.Regenerate].Alternative));
        Assert.That(async () => await client.GetAsync(TokenReference.ByKey("k")),
            Throws.TypeOf<TokenOperationNotSupportedException>().With.Message.Contains("Id, Self"));
        Assert.That(() => client.ListAsync(new TokenQuery { Role = new TokenRole("r"), PageSize = 1 }),
            Throws.TypeOf<TokenOperationNotSupportedException>().With.Message.Contains("Role, PageSize"));
        Assert.That(async () => await client.GetAsync(null!), Throws.ArgumentNullException);
        Assert.That(server.Requests, Is.Zero);
    }

    private SailPointTokenClient Client(RawServer server, Action<SailPointOptions>? change = null)
    {
        var options = new SailPointOptions
            { BaseAddress = server.Address, MaxRetries = 0, ClientId = "id", ClientSecret = new TokenSecret("client-secret-value") };
        change?.Invoke(options);
        return new SailPointTokenClient("prod", options, new() { Transport = VendorConnection.CreateTransport(), TimeProvider = _clock });
    }
}
