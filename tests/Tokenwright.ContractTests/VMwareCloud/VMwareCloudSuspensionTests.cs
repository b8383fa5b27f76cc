using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;

namespace Tokenwright.ContractTests;

/// <summary>
/// What the adapter of VMware Cloud Services sends to revoke, suspend and resume tokens, and how it reads the responses.
/// </summary>
internal sealed class VMwareCloudSuspensionTests : VMwareCloudWritingFixture
{
    [Test]
    public async Task Revoke_deactivates_the_token_and_reports_that()
    {
        var revocation = await _client.RevokeAsync(TokenReference.ById("id-9"));

        Assert.That(revocation.Outcome, Is.EqualTo(RevocationOutcome.Deactivated));
        Assert.That(revocation.Remark, Does.Contain("activate it again").And.Contain("console"));
        Assert.That(_vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Authorize, Deactivate }));
        Sent.Exactly(_vendor.Requests[1], "POST", Deactivate, """{"ids":["id-9"]}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task Tokens_referenced_by_secret_are_looked_up_and_changed_in_their_organization()
    {
        _options.OrganizationId = "another";

        await _client.RevokeAsync(TokenReference.BySecret(new TokenSecret("a secret")));
        await _client.RevokeAsync(TokenReference.Self);

        Assert.That(
            _vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Details, Authorize, Deactivate, Details, Deactivate }));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"a secret"}""", AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[3], "POST", Details, """{"tokenValue":"own-secret"}""", AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[4], "POST", Deactivate, """{"ids":["id-1"]}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task The_organization_is_read_from_the_own_token_once()
    {
        _options.OrganizationId = null;

        await _client.RevokeAsync(TokenReference.ById("a"));
        await _client.RevokeAsync(TokenReference.ById("b"));
        _options.ApiToken = new TokenSecret("another-secret");
        await _client.RevokeAsync(TokenReference.ById("c"));

        Assert.That(_vendor.Requests.Select(request => request.Path),
            Is.EqualTo(new[] { Details, Authorize, Deactivate, Deactivate, Details, Authorize, Deactivate }));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"own-secret"}""", AcceptJson, Json);
    }

    [Test]
    public void If_the_connections_own_token_is_not_found_the_credential_is_wrong()
    {
        _options.OrganizationId = null;
        Respond("POST", Details, "{}", 404);

        Assert.That(() => _client.RevokeAsync(TokenReference.ById("a")),
            Throws.TypeOf<TokenAuthenticationException>().With.Message.Contains("own token"));
        Assert.That(() => _client.RevokeAsync(TokenReference.BySecret(new TokenSecret("hush"))),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Not.Contains("hush"));
    }

    [TestCase("""{"successes":[],"failures":[{"id":"id-9","message":"No owner."}]}""", "No owner.")]
    [TestCase("""{"failures":[null,{"id":"id-9"}]}""", "no reason")]
    [TestCase("""{"successes":["id-9"],"failures":[{"id":"id-9","message":"Both."}]}""", "Both.")]
    [TestCase("""{"successes":["id-1"]}""", "doesn't mention")]
    [TestCase("{}", "doesn't mention")]
    public void A_failed_deactivation_is_not_reported_as_revoked(string response, string message)
    {
        Respond("POST", Deactivate, response);

        Assert.That(() => _client.RevokeAsync(TokenReference.ById("id-9")),
            Throws.TypeOf<TokenClientException>().With.Message.Contains(message).And.Message.Contains("id-9"));
    }

    [Test]
    public async Task Reasons_that_repeat_a_secret_are_redacted()
    {
        Respond("POST", Deactivate, """{"failures":[{"id":"id-1","message":"Not asked-secret by own-secret."}]}""");
        var asked = TokenReference.BySecret(new TokenSecret("asked-secret"));

        var exception = Assert.ThrowsAsync<TokenClientException>(() => _client.RevokeAsync(asked))!;
        var results = await _client.SuspendAsync([asked]);

        Assert.That(exception.VendorMessage, Is.EqualTo("Not *** by ***."));
        Assert.That(exception.ToString(), Does.Not.Contain("asked-secret").And.Not.Contain("own-secret"));
        Assert.That(results.Single().Message, Is.EqualTo("Not *** by ***."));
    }

    // With the secrets of the tokens in the call, in every member that the error reader reads, and in the response to each request of the
    // call.
    [TestCase(Details, 403)]
    [TestCase(Details, 404)]
    [TestCase(Deactivate, 404)]
    [TestCase(Deactivate, 500)]
    public void Errors_that_repeat_a_secret_are_redacted_in_all_members(string path, int status)
    {
        _vendor.On("POST", path, VendorResponse.Json(status,
            """{"message":"own-secret asked-secret","cspErrorCode":"own-secret asked-secret","requestId":"own-secret asked-secret"}"""));
        _options.OrganizationId = null;
        TokenReference[] references = [TokenReference.ById("id-9"), TokenReference.BySecret(new TokenSecret("asked-secret"))];

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.SuspendAsync(references))!;

        Assert.That(exception.ToString(), Does.Not.Contain("asked-secret").And.Not.Contain("own-secret"));
        Assert.That((exception.VendorErrorCode, exception.VendorRequestId), Is.EqualTo(("*** ***", "*** ***")));
        Assert.That(exception.VendorMessage, Is.Null.Or.EqualTo("*** ***"));
    }

    // An id that would change the path.
    [TestCase("..")]
    [TestCase(".")]
    [TestCase("a\\nb")]
    public void An_organization_id_that_would_change_the_path_is_rejected(string organization)
    {
        Respond("POST", Details, $$"""{"tokenId":"id-1","orgId":"{{organization}}"}""");
        _options.OrganizationId = null;

        Assert.That(
            () => _client.RevokeAsync(TokenReference.Self), Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("orgId"));
        Assert.That(() => _client.RevokeAsync(TokenReference.ById("id-1")),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("orgId"));
        Assert.That(_vendor.Requests.Select(request => request.Path), Has.All.EqualTo(Details));
    }

    [Test]
    public void A_look_ups_error_that_repeats_the_secret_is_redacted_in_a_call_of_several_tokens()
    {
        Respond("POST", Details, """{"message":"Not asked-secret."}""", 403);

        var exception = Assert.ThrowsAsync<TokenPermissionException>(
            () => _client.SuspendAsync([TokenReference.BySecret(new TokenSecret("asked-secret"))]))!;

        Assert.That(exception.VendorMessage, Is.EqualTo("Not ***."));
    }

    [Test]
    public void An_unknown_organization_is_not_an_unknown_token()
    {
        Respond("POST", Deactivate, """{"message":"No org.","cspErrorCode":"c-1"}""", 404);

        var exception = Assert.ThrowsAsync<TokenClientException>(() => _client.RevokeAsync(TokenReference.ById("id-9")))!;

        Assert.That(exception.Message, Does.Contain("organization 'org-1'"));
        Assert.That((exception.Status, exception.VendorErrorCode, exception.VendorMessage),
            Is.EqualTo((HttpStatusCode.NotFound, "c-1", "No org.")));
    }

    [Test]
    public async Task Many_tokens_are_sent_in_batches_of_15_and_returned_in_order()
    {
        Respond("POST", Details, """{"tokenId":"id-0","orgId":"org-1"}""");
        TokenReference[] references = [.. Ids(32), TokenReference.ById("id-5"), TokenReference.Self];

        var results = await _client.SuspendAsync(references);

        Assert.That(results.Select(result => result.Reference), Is.EqualTo(references));
        Assert.That(results, Is.All.Matches<TokenSuspensionResult>(result => result is { Succeeded: true, Message: null }));
        var sent = _vendor.Requests.Where(request => request.Path == Deactivate).ToList();
        Assert.That(sent.Select(request => JObject.Parse(request.Body)["ids"]!.Count()), Is.EqualTo(new[] { 15, 15, 2 }));
        Sent.Exactly(sent[2], "POST", Deactivate, """{"ids":["id-30","id-31"]}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task Each_token_has_its_own_result()
    {
        Respond("POST", Deactivate, """{"successes":["a"],"failures":[{"id":"b","message":"Not yours."}]}""");
        Respond("POST", Details, "{}", 404);

        var results = await _client.SuspendAsync([TokenReference.BySecret(new TokenSecret("hush")), TokenReference.ById("c"),
            TokenReference.ById("b"), TokenReference.ById("a")]);

        Assert.That(results.Select(result => result.Succeeded), Is.EqualTo(new[] { false, false, false, true }));
        Assert.That(results[0].Message, Does.Contain("no such token").And.Not.Contain("hush"));
        Assert.That(results[1].Message, Does.Contain("doesn't mention"));
        Assert.That(results[2].Message, Is.EqualTo("Not yours."));
        Assert.That(await _client.SuspendAsync([]), Is.Empty);
    }

    [Test]
    public void If_the_first_batch_fails_the_call_throws_and_sends_no_more([Values(401, 403, 500)] int status)
    {
        Respond("POST", Deactivate, "{}", status);

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.SuspendAsync(Ids(16)))!;

        Assert.That((exception.Operation, exception.Status), Is.EqualTo((TokenOperation.Suspend, (HttpStatusCode)status)));
        Assert.That(_vendor.Requests.Count(request => request.Path == Deactivate), Is.EqualTo(1));
    }

    [Test]
    public async Task If_a_later_batch_fails_no_results_are_lost_and_the_rest_is_sent()
    {
        _vendor.On("POST", Deactivate, request =>
        {
            var ids = (JArray)JObject.Parse(request.Body)["ids"]!;
            return ids.Count == 15 && (string?)ids[0] == "id-15" ? VendorResponse.Json(500, """{"message":"Fault."}""")
                : VendorResponse.Json(200, new JObject { ["successes"] = ids }.ToString());
        });

        var results = await _client.SuspendAsync(Ids(40));

        Assert.That(results.Select(result => result.Succeeded), Is.EqualTo(Enumerable.Range(0, 40).Select(i => i is < 15 or >= 30)));
        Assert.That(results[15].Message, Does.Contain("HTTP 500").And.Contain("Fault."));
    }

    [Test]
    public void Invalid_arguments_and_options_are_reported()
    {
        Assert.That(() => _client.SuspendAsync(null!), Throws.ArgumentNullException);
        Assert.That(() => _client.SuspendAsync([TokenReference.Self, null!]), Throws.ArgumentException.With.Message.Contains("index 1"));
        foreach (var wrong in new[] { "", " ", ".", "..", "a\nb" })
            Assert.That(() => new VMwareCloudTokenClient("prod", new VMwareCloudOptions { ApiToken = new TokenSecret("s"),
                OrganizationId = wrong }), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("OrganizationId"));
    }

    private static TokenReference[] Ids(int count)
        => [.. Enumerable.Range(0, count).Select(i => TokenReference.ById("id-" + i.ToString(CultureInfo.InvariantCulture)))];
}
