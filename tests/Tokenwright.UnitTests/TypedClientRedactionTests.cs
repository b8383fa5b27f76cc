using System.Text;
using Tokenwright.Adapters;
using Tokenwright.SailPoint.Api;
using Tokenwright.Xms;
using Tokenwright.Xms.Api;

namespace Tokenwright.UnitTests;

/// <summary>Typed clients that programs call directly: their exceptions are redacted like those of the facade.</summary>
internal sealed class TypedClientRedactionTests
{
    private const string Own = "q7Zk2Xw9Lm4Rt8Vb3Nc6";
    private const string Named = "Hf5Js0PgYd1Uo8Ie6Ka3";

    // The query contains the requested token. A header that the program's own HTTP client added contains the credential.
    [TestCase(true)]
    [TestCase(false)]
    public void Secrets_in_an_errors_body_and_headers_are_redacted(bool isOfConnection)
    {
        using var server = new RawServer(
            $"HTTP/1.1 403 {Own}\r\nContent-Type: application/json\r\nX-Echo: {Named}\r\nX-{Own}: a\r\nConnection: close\r\n\r\n"
            + $$"""{"message":"{{Own[..12]}} {{Convert.ToBase64String(Encoding.UTF8.GetBytes($"ab{Named}"))}}"}""");
        using var connection = Connection(server.Address);
        using var http = isOfConnection ? connection.CreateHttpClient(new FixedCredential(() => new TokenSecret(Own),
            RequestCredential.Header("Xms-Auth-Token"))) : new HttpClient { BaseAddress = new Uri(server.Address, "v1/") };
        if (!isOfConnection)
            http.DefaultRequestHeaders.Add("Xms-Auth-Token", Own);

        var exception = Assert.CatchAsync<ApiException>(() => new XmsApiClient(http).ValidateAccessTokenAsync(Named))!;

        Assert.That(exception.Response, Is.EqualTo("""{"message":"*** YW***"}"""), "the first digits are of what stands before the secret");
        Assert.That(exception.GetHeader("X-Echo"), Is.EqualTo("***"));
        Assert.That(exception.Headers.Keys.Append(exception.ToString()), Is.All.Not.Contains(Own[..8]).And.All.Not.Contains(Named[..8]));
    }

    [Test]
    public void A_connections_secret_is_redacted_even_if_the_request_does_not_contain_it()
    {
        using var server = new RawServer(
            $"HTTP/1.1 403 No\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{{\"message\":\"not with {Own}\"}}");
        using var connection = Connection(server.Address);
        using var http = connection.CreateHttpClient();

        var exception = Assert.CatchAsync<ApiException>(() => new XmsApiClient(http).GetAccessTokenAsync(7))!;

        Assert.That(exception.Response, Is.EqualTo("""{"message":"not with ***"}"""));
    }

    // A header that a handler of the program added. A name that only looks similar doesn't make it a secret.
    [TestCase("X-Gateway-Key", true)]
    [TestCase("Cookie", true)]
    [TestCase("X-AccessToken", true)]
    [TestCase("X-Keyword", false)]
    [TestCase("X-Trace", false)]
    public void Headers_that_authenticate_are_recognized_by_their_names(string name, bool isSecret)
    {
        using var server =
            new RawServer(
            $"HTTP/1.1 403 No\r\nContent-Type: application/json; charset=utf-8\r\nConnection: close\r\n\r\n{{\"message\":\"{Own} of " +
            $"application/json\"}}");
        using var http = new HttpClient { BaseAddress = new Uri(server.Address, "v1/") };
        http.DefaultRequestHeaders.TryAddWithoutValidation(name, $"a={Own}");
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Secret", "an application/json secret");

        var exception = Assert.CatchAsync<ApiException>(() => new XmsApiClient(http).GetAccessTokenAsync(7))!;

        Assert.That(exception.Response, Is.EqualTo($$"""{"message":"{{(isSecret ? "***" : Own)}} of ***"}"""));
        Assert.That(exception.GetHeader("Content-Type"), Is.EqualTo("application/json; charset=utf-8"), "a common media type is no secret");
    }

    // As the spec marks them.
    [Test]
    public void Secrets_in_a_body_are_redacted()
    {
        using var server =
            new RawServer(
            $"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{{\"message\":\"token {Named[3..15]} of " +
            $"{Own} with code 482913\"}}");
        using var http = new HttpClient { BaseAddress = server.Address };

        var form = Assert.CatchAsync<ApiException>(() => new SailPointApiClient(http)
            .RequestAccessTokenAsync(new() { GrantType = "client_credentials", ClientId = "482913", ClientSecret = Named }))!;
        var json = Assert.CatchAsync<ApiException>(
            () => new XmsApiClient(http).LoginAsync(new() { Auth = new() { Name = Named, Password = Own, Sign = "482913" } }))!;

        Assert.That(form.Response, Is.EqualTo($$"""{"message":"token *** of {{Own}} with code 482913"}"""));
        Assert.That(json.Response, Is.EqualTo($$"""{"message":"token {{Named[3..15]}} of *** with code ***"}"""));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void No_header_of_a_success_that_can_contain_a_new_secret_is_kept(bool isOfConnection)
    {
        using var server =
            new RawServer(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=fresh\r\nX-Token: fresh\r\nX-fresh: a\r\nSet-Cookie: " +
            "fresh\r\nContent-Length: 8\r\n\r\n\"fresh\"{");
        using var connection = Connection(server.Address);
        using var http = isOfConnection ? connection.CreateHttpClient() : new HttpClient { BaseAddress = new Uri(server.Address, "v1/") };

        var exception = Assert.CatchAsync<ApiException>(() => new XmsApiClient(http).ValidateAccessTokenAsync(Named))!;

        Assert.That(exception.Headers.Select(header => $"{header.Key}: {header.Value.Single()}"),
            Is.EquivalentTo(new[] { "Content-Type: application/json", "Content-Length: 8" }));
        Assert.That(exception.ToString(), Does.Not.Contain("fresh"));
    }

    [TestCase(true, "HTTP/1.1 2OO fresh\r\n\r\n")]
    [TestCase(false, "HTTP/1.1 2OO fresh\r\n\r\n")]
    [TestCase(true, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfresh\r\n")]
    [TestCase(false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfresh\r\n")]
    public void The_frameworks_quotations_of_a_response_are_not_shown(bool isOfConnection, string response)
    {
        using var server = new RawServer(response);
        using var connection = Connection(server.Address);
        using var http = isOfConnection ? connection.CreateHttpClient() : new HttpClient { BaseAddress = new Uri(server.Address, "v1/") };

        var exception = Assert.CatchAsync<Exception>(() => new XmsApiClient(http).ValidateAccessTokenAsync(Named))!;

        Assert.That(exception.ToString(), Does.Not.Contain("fresh"));
        Assert.That(
            new[] { exception, exception.InnerException }
                .Any(cause => cause is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }
                or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse }),
            Is.True,
            exception.ToString());
    }

    [Test]
    public void The_failure_of_a_credential_exchange_is_redacted()
    {
        using var connection = Connection(new Uri("http://127.0.0.1:9"));
        var credential = new ExchangedCredential<string>(
            connection, _ => new("source"), (_, _) => throw new InvalidOperationException(
                $"with {Own[..10]}", new IOException($"the inner {Own}")), RequestCredential.Bearer);

        var exception = Assert.CatchAsync<CredentialExchangeException>(async () => await credential.GetSecretAsync(default))!;

        Assert.That(exception.ToString(), Does.Not.Contain(Own[..8]));
        Assert.That(exception.InnerException, Is.TypeOf<RedactedException>().With.Property(
            "OriginalType").EqualTo(typeof(InvalidOperationException).FullName).And.Message.Contains("with ***"));
    }

    // The complete body would cost time and memory, and nobody would read it.
    [Test]
    public void A_long_error_body_is_truncated()
    {
        var filler = new string('x', 65_530);
        var body = $$"""{"message":"{{filler[..65_515]}}{{Own}}","more":"{{new string('y', 5_000_000)}}"}""";
        using var server =
            new RawServer($"HTTP/1.1 404 Gone\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var http = new HttpClient { BaseAddress = new Uri(server.Address, "v1/") };
        http.DefaultRequestHeaders.Add("Xms-Auth-Token", Own);

        var exception = Assert.CatchAsync<ApiException>(() => new XmsApiClient(http).ValidateAccessTokenAsync(Named))!;

        Assert.That(exception.Response, Has.Length.LessThanOrEqualTo(65_536 + 1));
        Assert.That(exception.Response, Does.EndWith("x***…"), "the cut is within the secret, of which nothing is left");
        Assert.That(exception.HasForeignBody, Is.False, "it begins as JSON does");
    }

    [TestCase("[1,", false)]
    [TestCase("<html>", true)]
    [TestCase("{\"a\"", false)]
    [TestCase("{\"a\":1}}", true)]
    public void The_beginning_of_a_long_error_shows_whether_it_is_from_the_API(string beginning, bool isForeign)
    {
        var body = beginning + new string(' ', 100_000);
        using var server =
            new RawServer($"HTTP/1.1 404 Gone\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var http = new HttpClient { BaseAddress = new Uri(server.Address, "v1/") };

        var exception = Assert.CatchAsync<ApiException>(() => new XmsApiClient(http).ValidateAccessTokenAsync(Named))!;

        Assert.That(exception.HasForeignBody, Is.EqualTo(isForeign));
    }

    private static VendorConnection Connection(Uri address)
    {
        var options = new XmsOptions { BaseAddress = new Uri(address, "v1"), MaxRetries = 0, AccessToken = new TokenSecret(Own) };
        return VendorConnection.Open(
            XmsVendor.Instance, "lab", () => options, new() { Transport = VendorConnection.CreateTransport() });
    }
}
