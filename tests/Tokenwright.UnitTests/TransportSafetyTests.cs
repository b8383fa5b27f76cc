using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright.Adapters;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>What the transport refuses, and what it never shows.</summary>
internal sealed class TransportSafetyTests
{
    private const string Secret = "own-secret-value";

    [Test]
    public void The_default_limit_of_a_response_is_16_MiB() => Assert.That(new XmsOptions().MaxResponseBytes, Is.EqualTo(16 * 1024 * 1024));

    // A body that is small on the wire and large after decompression.
    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    public void The_limit_applies_to_the_decompressed_size(string encoding)
    {
        var bomb = Compressed(encoding, new string(' ', 20_000_000) + "{}");
        Assert.That(bomb, Has.Length.LessThan(100_000));
        using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            await RawServer.WriteAsync(
                stream, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}\r\nContent-Length: " +
                $"{bomb.Length}\r\nConnection: close\r\n\r\n", cancellationToken);
            await stream.WriteAsync(bomb, cancellationToken);
        });
        using var client = Xms(server.Address);

        Assert.That(() => client.GetAsync(TokenReference.ById("7")),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("MaxResponseBytes"));
    }

    [Test]
    public void A_body_with_invalid_compression_is_an_invalid_response()
    {
        using var server =
            new RawServer(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: " +
            "close\r\n\r\n{\"access_token\":{\"id\":7}}");
        using var client = Xms(server.Address);

        Assert.That(() => client.GetAsync(TokenReference.ById("7")),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("decompressed"));
    }

    // Otherwise, a refusal would count as a lost response, and the outcome would be unknown.
    [TestCase("Content-Length: 1000\r\n\r\n{\"message\":\"no", TestName = "A refusal whose body breaks off is a refusal")]
    [TestCase("\r\n{\"message\":\"much to say, and more and more and more and more and more and more\"}",
        TestName = "A refusal whose body is too large is a refusal")]
    [TestCase("Content-Encoding: gzip\r\n\r\n{}", TestName = "A refusal whose body can't be decompressed is a refusal")]
    public void A_refusal_is_recognized_without_its_body(string rest)
    {
        using var server = new RawServer("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n" + rest);
        using var client = Xms(server.Address, options => options.MaxResponseBytes = 50);

        Assert.That(() => client.CreateAsync(new() { Name = "n", Roles = [new("admin")], Expiry = TokenExpiry.Never }),
            Throws.TypeOf<TokenInvalidRequestException>().With.Property("IsTransient").False);
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [Test]
    public void An_error_in_an_unknown_character_set_is_read()
    {
        using var server =
            new RawServer(
            "HTTP/1.1 409 Conflict\r\nContent-Type: application/json; charset=no-such-charset\r\nConnection: " +
            "close\r\n\r\n{\"message\":\"taken\"}");
        using var client = Xms(server.Address);

        Assert.That(() => client.GetAsync(TokenReference.ById("7")),
            Throws.TypeOf<TokenConflictException>().With.Property("VendorMessage").EqualTo("taken"));
    }

    [Test]
    public async Task A_response_up_to_the_limit_is_read()
    {
        var body = """{"access_token":{"id":7}}""";
        using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body);
        using var client = Xms(server.Address, options => options.MaxResponseBytes = body.Length);

        Assert.That((await client.GetAsync(TokenReference.ById("7"))).Id, Is.EqualTo("7"));
    }

    [TestCase(200)]
    [TestCase(400)]
    public void Json_that_is_nested_too_deep_is_refused(int status)
    {
        var deep = $$$"""{"access_token":{"x":{{{new string('[', 100_000)}}}{{{new string(']', 100_000)}}} } }""";
        using var server = new RawServer($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{deep}");
        using var client = Xms(server.Address);

        Assert.That(() => client.GetAsync(TokenReference.ById("7")),
            Throws.TypeOf(status == 200 ? typeof(TokenInvalidResponseException) : typeof(TokenInvalidRequestException)));
    }

    [TestCase("text/html; charset=utf-8", "<html>{}</html>", true)]
    [TestCase("application/xml", "<access_token/>", true)]
    [TestCase("text/plain", """{"access_token":{"id":7}}""", false)]
    [TestCase("", """{"access_token":{"id":7}}""", false)]
    public async Task A_body_that_is_not_JSON_is_refused_and_JSON_with_another_content_type_is_read(string type, string body, bool refused)
    {
        using var server =
            new RawServer($"HTTP/1.1 200 OK\r\n{(type.Length > 0 ? $"Content-Type: {type}\r\n" : null)}Connection: close\r\n\r\n{body}");
        using var client = Xms(server.Address);

        if (refused)
            Assert.That(() => client.GetAsync(TokenReference.ById("7")),
                Throws.TypeOf<TokenInvalidResponseException>().With.Message.Not.Contains("access_token"));
        else
            Assert.That((await client.GetAsync(TokenReference.ById("7"))).Id, Is.EqualTo("7"));
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public void No_redirect_is_followed_by_the_default_transport(int status)
    {
        using var elsewhere = new VendorServer();
        using var server =
            new RawServer(
            $"HTTP/1.1 {status} X\r\nLocation: {elsewhere.BaseAddress}v1/access-tokens/7\r\nContent-Length: 0\r\nConnection: " +
            "close\r\n\r\n");
        using var client = Xms(server.Address);

        Assert.That(() => client.GetAsync(TokenReference.ById("7")),
            Throws.TypeOf<TokenClientException>().With.Message.Contains("redirects are not followed"));
        Assert.That(elsewhere.Requests, Is.Empty);
    }

    [Test]
    public void A_transport_that_follows_redirects_is_refused()
    {
        using var following = new SocketsHttpHandler { AllowAutoRedirect = true };
        using var wrapped = new Passing(new HttpClientHandler { AllowAutoRedirect = true });

        foreach (var transport in new HttpMessageHandler[] { following, wrapped })
            Assert.That(() => new XmsTokenClient("lab", Options(new Uri("https://xms.example")), new() { Transport = transport }),
                Throws.ArgumentException.With.Message.Contains("AllowAutoRedirect"));
    }

    [Test]
    public async Task A_containers_transport_that_follows_redirects_is_refused()
    {
        var services = new ServiceCollection();
        services.AddTokenwright().AddXms(
            "lab", options => (options.BaseAddress, options.AccessToken) = (new Uri("https://xms.example/v1"), new TokenSecret(Secret)))
            .Http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler { AllowAutoRedirect = true });
        await using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredKeyedService<ITokenClient>("lab"),
            Throws.ArgumentException.With.Message.Contains("AllowAutoRedirect"));
    }

    [Test]
    public async Task Cookies_are_not_kept()
    {
        using var vendor = new VendorServer();
        vendor.On("GET", "/v1/access-tokens/7",
            VendorResponse.Json(200, """{"access_token":{"id":7}}""").With("Set-Cookie", "XMS_AUTH_TOKEN=other; path=/"));
        using var client = Xms(vendor.BaseAddress);

        await client.GetAsync(TokenReference.ById("7"));
        await client.GetAsync(TokenReference.ById("7"));

        Assert.That(vendor.Requests.Select(request => request.Header("Cookie")), Is.All.Null);
    }

    // Characters that would end the header and start another one are not allowed in a secret.
    [TestCase("a\r\nX-Evil: 1")]
    [TestCase("a\nb")]
    [TestCase("a\0b")]
    [TestCase("a\u0085b")]
    public void A_secret_can_not_inject_a_header(string value)
        => Assert.That(() => new TokenSecret(value),
            Throws.ArgumentException.With.Message.Contains("control character").And.Message.Not.Contains("Evil"));

    [TestCase("gehe\u00EDm-secret")]
    [TestCase("\u79D8\u5BC6-secret")]
    public void A_secret_with_characters_that_no_header_allows_is_an_error(string value)
    {
        using var vendor = new VendorServer();
        using var client = Xms(vendor.BaseAddress, options => options.AccessToken = new TokenSecret(value));

        var exception = Assert.CatchAsync<TokenAuthenticationException>(() => client.GetAsync(TokenReference.ById("7")))!;

        Assert.That(exception.ToString(), Does.Contain("no header can carry").And.Not.Contain(value));
        Assert.That(vendor.Requests, Is.Empty);
    }

    [TestCase("../users")]
    [TestCase("a/b")]
    [TestCase("a\\b")]
    [TestCase("a?b=c")]
    [TestCase("a#b")]
    [TestCase("a%2Fb")]
    [TestCase("a b")]
    [TestCase("...")]
    [TestCase("%2e%2e")]
    public async Task An_id_stays_one_segment_of_the_path(string id)
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"at"}"""));
        using var client = new SailPointTokenClient("prod", new SailPointOptions
            { BaseAddress = vendor.BaseAddress, MaxRetries = 0, ClientId = "id", ClientSecret = new TokenSecret(Secret) });

        await Task.WhenAny(client.RevokeAsync(TokenReference.ById(id)));

        var path = vendor.Requests.Single(request => request.Method == "DELETE").PathAndQuery;
        Assert.That(path, Does.StartWith("/v2025/personal-access-tokens/"));
        var segment = path["/v2025/personal-access-tokens/".Length..];
        Assert.That(segment, Does.Not.Contain("/").And.Not.Contain("?"));
        Assert.That(Uri.UnescapeDataString(segment), Is.EqualTo(id));
    }

    private static XmsTokenClient Xms(Uri address, Action<XmsOptions>? change = null)
    {
        var options = Options(address);
        change?.Invoke(options);

        // A host that is not this machine, because the client asks local hosts for no compression.
        return new XmsTokenClient("lab", options, new() { Transport = VendorConnection.CreateTransport() });
    }

    private static XmsOptions Options(Uri address)
        => new() { BaseAddress = new Uri(address, "v1"), MaxRetries = 0, AccessToken = new TokenSecret(Secret) };

    private static byte[] Compressed(string encoding, string text)
    {
        using var body = new MemoryStream();
        using (Stream compressing = encoding switch
        {
            "gzip" => new GZipStream(body, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZLibStream(body, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            compressing.Write(Encoding.UTF8.GetBytes(text));
        }

        return body.ToArray();
    }

    private sealed class Passing(HttpMessageHandler inner) : DelegatingHandler(inner);
}
