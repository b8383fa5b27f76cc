using System.Net;
using Newtonsoft.Json;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Which exceptions the errors of VMware Cloud Services become, and that they show no secret.</summary>
internal sealed class VMwareCloudErrorTests : VMwareCloudFixture
{
    [TestCase(400, TestName = "V6: a look-up that gets 400 found nothing")]
    [TestCase(404, TestName = "V6: a look-up that gets 404 found nothing")]
    public async Task An_unknown_token_is_a_verdict_and_not_found(int status)
    {
        Respond("POST", Details, $$"""
            {"metadata":null,"traceId":"abc71b186e364bc4","statusCode":{{status}},
            "message":"invalid_grant: Invalid refresh token: xxxx...tN3NK","requestId":"0105e0f320064337","moduleCode":540,
            "cspErrorCode":"540.120-340.800"}
            """, status);

        var validation = await _client.ValidateAsync(TokenReference.Self);
        var exception =
            Assert.ThrowsAsync<TokenNotFoundException>(() => _client.GetAsync(TokenReference.BySecret(new TokenSecret("hush"))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (validation.Verdict, validation.IsActive, validation.Token), Is.EqualTo((TokenVerdict.Unknown, false, (ApiToken?)null)));
            Assert.That(validation.Reason, Does.Contain($"HTTP {status}").And.Contain("unexpired, organization-scoped"));
            Assert.That(
                (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("VMwareCloud", "prod", TokenOperation.Get)));
            Assert.That(exception.Status, Is.EqualTo((HttpStatusCode)status));
            Assert.That((exception.VendorErrorCode, exception.VendorRequestId), Is.EqualTo(("540.120-340.800", "0105e0f320064337")));
            Assert.That(exception.VendorMessage, Is.EqualTo("invalid_grant: Invalid refresh token: xxxx...tN3NK"));
            Assert.That(
                exception.Message, Does.Contain("secret ***").And.Contain("unexpired, organization-scoped").And.Contain($"HTTP {status}"));
            Assert.That(exception.ToString(), Does.Not.Contain("hush"));
            Assert.That(exception.IsTransient, Is.False);
        }
    }

    private static readonly TestCaseData[] Errors =
    [
        new(409, """{"cspErrorCode":"540.1","errorCode":"e-1","message":"Collision.","moduleCode":540,"requestId":"r-1","statusCode":""" +
            """409}""", typeof(TokenConflictException), "540.1", "Collision.", "r-1"),
        new TestCaseData(500, """{"errorCode":"e-1","message":"Fault.","requestId":"r-1","statusCode":500}""",
            typeof(TokenServiceUnavailableException), "e-1", "Fault.", "r-1").SetName("V7: the documents' errorCode"),
        new TestCaseData(500, """{"metadata":{"any":["thing"]},"traceId":"t-1","message":"Fault.","cspErrorCode":"540.1"}""",
            typeof(TokenServiceUnavailableException), "540.1", "Fault.", "t-1").SetName("V7: traceId, and metadata that is an object"),
        new TestCaseData(500, """{"metadata":"knull","traceId":"t-1","message":"Fault.","requestId":"r-1"}""",
            typeof(TokenServiceUnavailableException), null, "Fault.", "r-1").SetName("V7: metadata that is text"),
        new TestCaseData(500, """{"moduleCode":"540","cspErrorCode":"540.120-340.800","statusCode":"500"}""",
            typeof(TokenServiceUnavailableException), "540.120-340.800", null, null).SetName("V13: moduleCode as text"),
        new(401, """{"message":"Who?"}""", typeof(TokenAuthenticationException), null, "Who?", null),
        new(403, """{"message":"No."}""", typeof(TokenPermissionException), null, "No.", null),
        new(429, """{"message":"Too many.","requestId":"r-1"}""", typeof(TokenRateLimitedException), null, "Too many.", "r-1"),
        new(503, "<html>down</html>", typeof(TokenServiceUnavailableException), null,
            "the body is application/json, not JSON; did something in front of the API respond?", null),
        new(500, """["odd"]""", typeof(TokenServiceUnavailableException), null, null, null),
        new(404, "", typeof(TokenNotFoundException), null, null, null),
        new(302, "", typeof(TokenClientException), null, null, null),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_TokenClientExceptions(int status, string body, Type type, string? code, string? message, string? requestId)
    {
        _vendor.On("POST", Details, VendorResponse.Json(status, body).With("Retry-After", "7"));

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.Self))!;

        AssertFailure(exception, TokenOperation.Get, status, type, (code, message, requestId));
    }

    [Test]
    public void Validate_throws_if_the_response_is_no_verdict()
    {
        Respond("POST", Details, """{"message":"Fault."}""", 500);

        Assert.That(() => _client.ValidateAsync(TokenReference.Self),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Property("Operation").EqualTo(TokenOperation.Validate));
    }

    [TestCase(404)]
    [TestCase(400)]
    [TestCase(500)]
    public void An_error_that_repeats_the_token_is_redacted(int status)
    {
        _vendor.On("POST", Details, request => VendorResponse.Json(status, JsonConvert.SerializeObject(
            new { message = "No token " + (string)Newtonsoft.Json.Linq.JObject.Parse(request.Body)["tokenValue"]! })));

        var own = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.Self))!;
        var other = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.BySecret(new TokenSecret("hush"))))!;

        Assert.That((own.VendorMessage, other.VendorMessage), Is.EqualTo(("No token ***", "No token ***")));
        Assert.That(own.ToString(), Does.Not.Contain(OwnToken));
        Assert.That(other.ToString(), Does.Not.Contain("hush"));
    }

    [TestCase("""{"token":"hush","tokenId":""")]
    [TestCase("""["hush"]""")]
    [TestCase("""{"token":"hush"} hush""")]
    [TestCase("<html>hush</html>")]
    [TestCase("null")]
    [TestCase("")]
    public void An_unreadable_success_is_an_invalid_response_and_its_body_is_not_shown(string body)
    {
        Respond("POST", Details, body);

        var exception = Assert.ThrowsAsync<TokenInvalidResponseException>(() => _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(exception.ToString(), Does.Contain("prod").And.Not.Contain("hush"));
    }

    [TestCase(400)]
    [TestCase(404)]
    public void A_page_in_place_of_the_look_up_is_no_verdict(int status)
    {
        _vendor.On("POST", Details, VendorResponse.Html(status, "<html>Not here</html>"));

        foreach (var call
            in new Func<Task>[] { () => _client.ValidateAsync(TokenReference.Self), () => _client.GetAsync(TokenReference.Self) })
            Assert.That(
                async () => await call(),
                Throws.InstanceOf<TokenClientException>().And.Not.TypeOf<TokenNotFoundException>().With.Message.Contains(
                "in front of the API"));
    }
}
