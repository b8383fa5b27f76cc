using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tokenwright.Adapters;
using Tokenwright.Http;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Which exception a failure becomes, and what its message says.</summary>
internal sealed class FailureTranslatorTests
{
    private const string Address = "https://vendor.example:8443/v1";
    private const string Prefix = "Xms connection 'lab', get: ";
    private static readonly TokenReference Seven = TokenReference.ById("7");
    private static readonly Dictionary<string, IEnumerable<string>> None = [];

    private VendorConnection _connection = null!;
    private FailureTranslator _failures = null!;

    [SetUp]
    public void Open()
    {
        var options = new XmsOptions { BaseAddress = new Uri(Address), AccessToken = new TokenSecret("own-secret-value") };
        _connection = VendorConnection.Open(XmsVendor.Instance, "lab", () => options,
            new() { TimeProvider = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero)) });
        _failures = new FailureTranslator(_connection, static body => new VendorError
        {
            Code = VendorError.Text(body, "code"),
            Message = VendorError.Text(body, "message"),
            RequestId = VendorError.Text(body, "id"),
            Problems = [.. VendorError.Items(body, "problems").Select(
                problem => new TokenRequestProblem(VendorError.Text(problem, "field"), VendorError.Text(problem, "message")!))],
        });
    }

    [TearDown]
    public void Close() => _connection.Dispose();

    [TestCase(300, typeof(TokenClientException), "The response points elsewhere;")]
    [TestCase(302, typeof(TokenClientException), "The response points elsewhere;")]
    [TestCase(399, typeof(TokenClientException), "The response points elsewhere;")]
    [TestCase(400, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(401, typeof(TokenAuthenticationException), "The vendor refused the credential:")]
    [TestCase(402, typeof(TokenClientException), "The vendor refused the request.")]
    [TestCase(403, typeof(TokenPermissionException), "The credential may not do this:")]
    [TestCase(404, typeof(TokenNotFoundException), "The vendor has no token with id 7, or doesn't show it to this caller.")]
    [TestCase(405, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(406, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(408, typeof(TokenServiceUnavailableException), "The vendor's service failed.")]
    [TestCase(409, typeof(TokenConflictException), "The request conflicts with an existing object.")]
    [TestCase(410, typeof(TokenNotFoundException), "The vendor has no token with id 7, or doesn't show it to this caller.")]
    [TestCase(411, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(413, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(414, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(415, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(422, typeof(TokenInvalidRequestException), "The vendor refused the request as wrong.")]
    [TestCase(429, typeof(TokenRateLimitedException), "The vendor accepts no more calls for now.")]
    [TestCase(499, typeof(TokenClientException), "The vendor refused the request.")]
    [TestCase(500, typeof(TokenServiceUnavailableException), "The vendor's service failed.")]
    [TestCase(503, typeof(TokenServiceUnavailableException), "The vendor's service failed.")]
    public void A_status_becomes_one_exception_type_and_the_message_explains_it(int status, Type type, string meaning)
    {
        var exception = Translate(new ApiException("odd", status, "{}", None, null), Seven);

        Assert.That(exception, Is.TypeOf(type));
        Assert.That(exception.Message, Does.StartWith($"{Prefix}{meaning}").And.Contain($"(HTTP {status})"));
        Assert.That((exception.Status, exception.IsTransient),
            Is.EqualTo(((HttpStatusCode?)status, status is 408 or 429 or 500 or 503)));
    }

    [TestCase(403, "<html>", true, typeof(TokenPermissionException), "Something in front of the API refused the request")]
    [TestCase(404, "<html>", true, typeof(TokenClientException), "There is nothing at this address.")]
    [TestCase(410, "<html>", true, typeof(TokenClientException), "There is nothing at this address.")]
    [TestCase(404, "{}", false, typeof(TokenClientException), "There is nothing at this address.")]
    [TestCase(404, "<html>", false, typeof(TokenClientException), "There is nothing at this address.")]
    public void An_error_that_is_not_from_the_API_or_names_no_token_is_not_about_a_token(
        int status, string body, bool namesToken, Type type, string meaning)
    {
        var exception = Translate(new ApiException("odd", status, body, None, null), namesToken ? Seven : null);

        Assert.That(exception, Is.TypeOf(type));
        Assert.That(exception.Message, Does.StartWith($"{Prefix}{meaning}"));
    }

    [TestCase("{}", "(HTTP 409)")]
    [TestCase("""{"code":"c-1"}""", "(HTTP 409, c-1)")]
    [TestCase("""{"message":"taken"}""", "(HTTP 409, \"taken\")")]
    [TestCase("""{"id":"r-1"}""", "(HTTP 409, request id r-1)")]
    [TestCase("""{"code":"c-1","message":"taken","id":"r-1"}""", "(HTTP 409, c-1, \"taken\", request id r-1)")]
    public void The_message_contains_what_the_vendor_reported(string body, string said)
        => Assert.That(Translate(new ApiException("odd", 409, body, None, null)).Message,
            Is.EqualTo($"{Prefix}The request conflicts with an existing object. {said}"));

    [Test]
    public void Problems_of_an_invalid_request_are_reported_without_secrets()
    {
        var body = """
            {"problems":[{"field":"name","message":"not hush-hush-hush"},{"field":"hush-hush-hush"},{"message":"of none"}]}
            """;

        var exception = (TokenInvalidRequestException)Translate(
            new ApiException("odd", 422, body, None, null), secrets: [new TokenSecret("hush-hush-hush")]);

        Assert.That(exception.Problems.Select(problem => (problem.Field, problem.Message)),
            Is.EqualTo(new[] { ("name", "not ***"), ("***", string.Empty), ((string?)null, "of none") }));
    }

    [TestCase(1, "")]
    [TestCase(2, " Tried 2 times.")]
    public void The_message_has_the_number_of_attempts_if_there_were_several(int attempts, string told)
        => Assert.That(Translate(new ApiException("odd", 500, "{}", None, null), attempts: attempts).Message,
            Is.EqualTo($"{Prefix}The vendor's service failed. (HTTP 500){told}"));

    [TestCase("""{"code":"c-1"}""", " It is an error (HTTP 200, c-1).")]
    [TestCase("""{"message":"no"}""", " It is an error (HTTP 200, \"no\").")]
    [TestCase("""{"id":"r-1"}""", "")]
    public void An_error_in_place_of_a_list_is_reported(string body, string told)
    {
        var exception = Translate(ApiException.WithoutList("items", body));

        Assert.That(exception, Is.TypeOf<TokenInvalidResponseException>());
        Assert.That(exception.Message, Does.StartWith($"{Prefix}The response can't be read.").And.EndsWith($"Content type: none.{told}"));
        Assert.That(exception.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(399, typeof(TokenClientException))]
    [TestCase(400, typeof(TokenAuthenticationException))]
    [TestCase(499, typeof(TokenAuthenticationException))]
    [TestCase(429, typeof(TokenRateLimitedException))]
    [TestCase(500, typeof(TokenServiceUnavailableException))]
    public void A_refused_exchange_is_a_refused_credential(int status, Type type)
        => Assert.That(Translate(new CredentialExchangeException(new ApiException("odd", status, "{}", None, null))), Is.TypeOf(type));

    // The data makes the exception one that is replaced, because it could contain a secret.
    [TestCase(false)]
    [TestCase(true)]
    public void A_refused_exchange_has_the_vendors_advice(bool isReplaced)
    {
        var general = new CredentialExchangeException(new ApiException("odd", 401, "{}", None, null));
        var special = new CredentialExchangeException(new ApiException("odd", 401, "{}", None, null)) { Advice = "Do this." };
        if (isReplaced)
            special.Data["k"] = "v";

        Assert.That(Translate(general).Message, Does.EndWith("the connection's credential. Check its id and secret. (HTTP 401)"));
        Assert.That(Translate(special).Message, Does.EndWith("the connection's credential. Do this. (HTTP 401)"));
    }

    [Test]
    public void A_translated_exception_is_not_changed()
    {
        var translated = new TokenConflictException("taken", new() { Vendor = "Xms", Connection = "lab", Operation = TokenOperation.Get });

        Assert.That(Translate(translated), Is.SameAs(translated));
        Assert.That(Translate(new CredentialExchangeException(translated)), Is.SameAs(translated));
    }

    private static IEnumerable<TestCaseData> Failures()
    {
        static TestCaseData Case(Exception failure, Type type, bool isTransient, string said)
            => new TestCaseData(failure, type, isTransient, said).SetArgDisplayNames(said);

        yield return Case(new RateLimitException("used up", TimeSpan.FromSeconds(7)), typeof(TokenRateLimitedException), true, "used up");
        yield return Case(new TimeoutRejectedException("a", TimeSpan.FromSeconds(1.5)), typeof(TokenServiceUnavailableException), true,
            "vendor.example:8443 gave no complete response within 1.5 s. Tried 2 times.");
        yield return Case(new OperationCanceledException(), typeof(TokenServiceUnavailableException), true,
            "The call was cancelled, but not by its caller: the transport or a handler of the program gave up. Tried 2 times.");
        yield return Case(new BrokenCircuitException("open"), typeof(TokenServiceUnavailableException), true,
            "A handler of the program rejected the call. open");
        yield return Case(new ObjectDisposedException("a"), typeof(TokenClientException), false,
            "The client or its transport was disposed during the call. Tried 2 times.");
        yield return Case(new SecretSourceException("no file"), typeof(TokenAuthenticationException), false, "no file");
        yield return Case(new HttpRequestException(HttpRequestError.ConnectionError, "refused (VENDOR.example:8443)"),
            typeof(TokenServiceUnavailableException), true,
            "The vendor could not be reached: refused (VENDOR.example:8443) Tried 2 times.");
        yield return Case(new HttpRequestException(HttpRequestError.ConnectionError, "refused"), typeof(TokenServiceUnavailableException),
            true, "vendor.example:8443 could not be reached: refused Tried 2 times.");
        yield return Case(new HttpRequestException(
            HttpRequestError.SecureConnectionError, "see inner", new AuthenticationException("no trust")),
            typeof(TokenServiceUnavailableException), false,
            "vendor.example:8443 could not be reached: no secure connection could be established. no trust Tried 2 times.");
        yield return Case(
            new HttpRequestException(HttpRequestError.SecureConnectionError, "see inner", new AuthenticationException(
                "see inner, too", new InvalidOperationException("error:0A000410:SSL routines::sslv3 alert handshake failure"))),
            typeof(TokenServiceUnavailableException), false,
            "vendor.example:8443 could not be reached: no secure connection could be established. error:0A000410:SSL routines::sslv3 " +
            "alert handshake failure. If the server requires a client certificate, set ClientCertificateFile. Tried 2 times.");
        yield return Case(
            new HttpRequestException(HttpRequestError.Unknown, "An error occurred while sending the request.", new IOException(
                "see inner", new InvalidOperationException("error:0A00045C:SSL routines::tlsv13 alert certificate required"))),
            typeof(TokenServiceUnavailableException), true,
            "vendor.example:8443 could not be reached: An error occurred while sending the request. The server requires a client " +
            "certificate: set ClientCertificateFile. Tried 2 times.");
        yield return Case(new HttpRequestException(HttpRequestError.SecureConnectionError, "alone"),
            typeof(TokenServiceUnavailableException), true, "vendor.example:8443 could not be reached: alone Tried 2 times.");
        yield return Case(new HttpRequestException(HttpRequestError.ConnectionError, "refused", new IOException("not shown")),
            typeof(TokenServiceUnavailableException), true, "vendor.example:8443 could not be reached: refused Tried 2 times.");
        yield return Case(new IOException("disk"), typeof(TokenClientException), true,
            "The call failed unexpectedly: System.IO.IOException: disk Tried 2 times.");
        yield return Case(new JsonException("fresh"), typeof(TokenClientException), false,
            "The call failed unexpectedly: System.Text.Json.JsonException: The JSON can't be read. Tried 2 times.");
        yield return Case(new RedactedException("Program.Failure", "***"), typeof(TokenClientException), false,
            "The call failed unexpectedly: Program.Failure: *** Tried 2 times.");
    }

    [TestCaseSource(nameof(Failures))]
    public void A_failure_without_a_response_becomes_one_exception_type_and_the_message_has_its_cause(
        Exception failure, Type type, bool isTransient, string said)
    {
        var exception = Translate(failure, attempts: 2);

        Assert.That(exception, Is.TypeOf(type));
        Assert.That(exception.Message, Is.EqualTo(Prefix + said));
        Assert.That((exception.IsTransient, exception.Status), Is.EqualTo((isTransient, (HttpStatusCode?)null)));
        Assert.That(exception.RetryAfter, Is.EqualTo((failure as RateLimitException)?.RetryAfter));
    }

    [Test]
    public void An_exception_whose_members_throw_is_reported_by_its_types()
    {
        var exception = _failures.Translate(new IOException("hush"), TokenOperation.Get, null,
            () => throw new InvalidOperationException("hush"));

        Assert.That(exception.Message, Is.EqualTo($"{Prefix}The call failed (System.IO.IOException), and what was known of the failure "
            + "could not be read (System.InvalidOperationException)."));
        Assert.That(exception.InnerException, Is.Null);
    }

    [Test]
    public void A_missing_token_is_reported_with_and_without_a_response()
    {
        var response = new ApiException("odd", 400, """{"code":"c-1"}""", None, null);

        var alone = _failures.NotFound(TokenOperation.Get, Seven, "It is in no list.", null, []);
        var told = _failures.NotFound(TokenOperation.Get, Seven, "The vendor says so.", response, []);

        Assert.That(alone.Message, Is.EqualTo($"{Prefix}There is no token with id 7. It is in no list."));
        Assert.That((alone.Status, alone.VendorErrorCode), Is.EqualTo(((HttpStatusCode?)null, (string?)null)));
        Assert.That(told.Message, Is.EqualTo($"{Prefix}There is no token with id 7. The vendor says so. (HTTP 400, c-1)"));
        Assert.That((told.Status, told.VendorErrorCode), Is.EqualTo(((HttpStatusCode?)HttpStatusCode.BadRequest, "c-1")));
    }

    [TestCase("https://elsewhere.example/a?b#c", " (https://elsewhere.example)")]
    [TestCase("http://user:hush@elsewhere.example:81\\x", " (http://elsewhere.example:81)")]
    [TestCase("https://a@b@elsewhere.example", " (https://elsewhere.example)")]
    [TestCase("ftp://elsewhere.example/", "")]
    [TestCase("/login", "")]
    [TestCase(null, "")]
    public void The_message_of_a_redirect_has_only_the_origin(string? location, string told)
    {
        var headers = location is null ? None : new Dictionary<string, IEnumerable<string>> { ["Location"] = [location] };

        Assert.That(Translate(new ApiException("odd", 307, "{}", headers, null)).Message,
            Does.StartWith($"{Prefix}The response points elsewhere{told}; redirects are not followed"));
    }

    [Test]
    public void The_message_has_the_wait_that_a_response_asks_for()
    {
        var headers = new Dictionary<string, IEnumerable<string>> { ["retry-after"] = ["7"] };

        var exception = Translate(new ApiException("odd", 429, "{}", headers, null));

        Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(exception.Message, Does.Contain("no more calls for now (Retry-After: 7)."));
    }

    private TokenClientException Translate(
        Exception failure, TokenReference? reference = null, int attempts = 1, IReadOnlyList<TokenSecret>? secrets = null)
        => _failures.Translate(failure, TokenOperation.Get, reference, () => secrets ?? [], attempts);
}
