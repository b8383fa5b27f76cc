using System.Net;
using Newtonsoft.Json.Linq;
using Tokenwright.SailPoint;
using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the SailPoint adapter sends to update many tokens, and which outcome it reports for each.</summary>
internal sealed class SailPointBulkUpdateTests : SailPointFixture
{
    private const string Path = "/personal-access-tokens/v1/bulk-update";
    private static readonly UpdateTokenRequest Never = new() { Expiry = TokenExpiry.Never };

    private static readonly TestCaseData[] Changes =
    [
        new(Never,
            """[{"op":"remove","path":"/expirationDate"},{"op":"replace","path":"/userAwareTokenNeverExpires","value":true}]"""),
        new(new UpdateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) },
            """[{"op":"replace","path":"/expirationDate","value":"2026-11-24T01:00:00.000Z"}]"""),
        new(new UpdateTokenRequest { Raw = new[] { new JsonPatchOperation { Op = "test", Path = "/expirationDate" } } },
            """[{"op":"test","path":"/expirationDate","value":null}]"""),
    ];

    [TestCaseSource(nameof(Changes))]
    public async Task A_bulk_update_sends(UpdateTokenRequest change, string patch)
    {
        Respond("PATCH", Path, """[{"id":"a"},{"id":"pat-id"}]""");

        var results = await BulkAsync(["pat-id", "a"], change);

        Assert.That(results.Select(result => (result.Outcome, result.Token!.Id)),
            Is.EqualTo(new[] { (TokenUpdateOutcome.Updated, "pat-id"), (TokenUpdateOutcome.Updated, "a") }));
        Assert.That(results[0].Token!.Raw, Is.InstanceOf<GetPersonalAccessTokenResponse>());
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[1], "PATCH", Path, $$"""{"ids":["pat-id","a"],"patch":{{patch}}}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task The_connections_own_token_is_named_by_the_client_id_and_each_token_is_sent_once()
    {
        Respond("PATCH", Path, """[{"id":"pat-id"}]""");
        using var client = Client("v1");

        var references = new[] { TokenReference.Self, TokenReference.ById("PAT-ID") };
        var results = await client.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync(references, Never);

        Assert.That(results.Select(result => result.Reference), Is.EqualTo(references));
        Assert.That(results.Select(result => result.Outcome), Is.All.EqualTo(TokenUpdateOutcome.Updated));
        Assert.That(Ids(_vendor.Requests[1]), Is.EqualTo(new[] { "pat-id" }));
    }

    [Test]
    public async Task More_than_25_tokens_are_split_and_a_refused_request_does_not_stop_the_others()
    {
        _vendor.On("PATCH", Path, request => Ids(request).Contains("30")
            ? VendorResponse.Json(400, """{"detailCode":"400.1 Bad Request Content","messages":[{"text":"No token 30."}]}""")
            : Updated(request));

        var results = await BulkAsync([.. Enumerable.Range(0, 60).Select(number => $"{number}")], Never);

        var sent = _vendor.Requests.Skip(1).Select(request => Ids(request).Length);
        Assert.That(sent, Is.EqualTo(new[] { 25, 25, 10 }));
        Assert.That(results.Select(result => result.Outcome), Is.EqualTo(Enumerable.Range(0, 60).Select(
            number => number is >= 25 and < 50 ? TokenUpdateOutcome.NotUpdated : TokenUpdateOutcome.Updated)));
        Assert.That(results[25].Failure, Is.TypeOf<TokenInvalidRequestException>().With.Message.Contains("No token 30."));
        Assert.That((results[25].Failure!.Operation, results[25].Token), Is.EqualTo((TokenOperation.BulkUpdate, (ApiToken?)null)));
    }

    [Test]
    public async Task A_token_that_the_response_lacks_has_an_unknown_outcome()
    {
        Respond("PATCH", Path, """[null,{"id":null,"name":"b"},{"id":"A"},{"id":"other"}]""");

        var results = await BulkAsync(["a", "b"], Never);

        Assert.That(
            results.Select(result => result.Outcome), Is.EqualTo(new[] { TokenUpdateOutcome.Updated, TokenUpdateOutcome.Unknown }));
        Assert.That(results[1].Failure, Is.TypeOf<TokenInvalidResponseException>().With.Message.Contains("'b'"));
    }

    private static readonly TestCaseData[] Failures =
    [
        new(VendorResponse.Json(400, "{}"), TokenUpdateOutcome.NotUpdated, typeof(TokenInvalidRequestException)),
        new(VendorResponse.Json(401, """{"error":"JWT is required"}"""), TokenUpdateOutcome.NotUpdated,
            typeof(TokenAuthenticationException)),
        new(VendorResponse.Json(403, "{}"), TokenUpdateOutcome.NotUpdated, typeof(TokenPermissionException)),
        new(VendorResponse.Json(404, "{}"), TokenUpdateOutcome.NotUpdated, typeof(TokenClientException)),
        new(VendorResponse.Json(429, "{}"), TokenUpdateOutcome.NotUpdated, typeof(TokenRateLimitedException)),
        new(VendorResponse.Json(500, "{}"), TokenUpdateOutcome.Unknown, typeof(TokenServiceUnavailableException)),
        new(VendorResponse.Html(502, "<html>down</html>"), TokenUpdateOutcome.Unknown, typeof(TokenServiceUnavailableException)),
        new(VendorResponse.Json(200, "[{"), TokenUpdateOutcome.Unknown, typeof(TokenInvalidResponseException)),
        new(VendorResponse.Json(200, "{}"), TokenUpdateOutcome.Unknown, typeof(TokenInvalidResponseException)),
    ];

    [TestCaseSource(nameof(Failures))]
    public async Task A_failed_request_is_the_result_of_its_tokens(VendorResponse response, TokenUpdateOutcome outcome, Type failure)
    {
        _vendor.On("PATCH", Path, response);

        var results = await BulkAsync(["a", "b"], Never);

        Assert.That(results.Select(result => result.Outcome), Is.EqualTo(new[] { outcome, outcome }));
        Assert.That(results.Select(result => result.Failure), Is.All.TypeOf(failure));
    }

    [Test]
    public async Task A_refusal_after_a_lost_response_leaves_the_outcome_unknown()
    {
        _vendor.On("PATCH", Path, _ => VendorResponse.Json(_vendor.Requests.Count(request => request.Path == Path) == 1 ? 500 : 400, "{}"));
        var options = NewOptions();
        (options.ApiVersion, options.MaxRetries, options.RetryDelay) = ("v1", 1, TimeSpan.FromMilliseconds(1));
        using var client = new SailPointTokenClient("prod", options);

        var results = await client.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync([TokenReference.ById("a")], Never);

        Assert.That(results.Single().Outcome, Is.EqualTo(TokenUpdateOutcome.Unknown));
        Assert.That(_vendor.Requests.Count(request => request.Path == Path), Is.EqualTo(2));
    }

    [Test]
    public async Task If_the_credential_is_refused_no_token_is_updated()
    {
        Respond("POST", "/oauth/token", """{"error":"invalid_client"}""", 401);

        var results = await BulkAsync(["a"], Never);

        Assert.That(
            (results.Single().Outcome, results.Single().Failure?.GetType()),
            Is.EqualTo((TokenUpdateOutcome.NotUpdated, typeof(TokenAuthenticationException))));
    }

    private static readonly TestCaseData[] WrongChanges =
    [
        new(new UpdateTokenRequest(), "UpdateTokenRequest"),
        new(new UpdateTokenRequest { Name = "n", Expiry = TokenExpiry.Never }, "Name"),
        new(new UpdateTokenRequest { Scopes = [new("a")], Expiry = TokenExpiry.Never }, "Scopes"),
        new(new UpdateTokenRequest { Scopes = [], Expiry = TokenExpiry.Never }, "Scopes"),
        new(new UpdateTokenRequest { Description = "d", Expiry = TokenExpiry.Never }, "Description"),
        new(new UpdateTokenRequest { Expiry = TokenExpiry.At(default) }, "Expiry"),
        new(new UpdateTokenRequest
            { Raw = new[] { new JsonPatchOperation { Op = "replace", Path = "/scope", Value = new JArray("a") } } }, "Raw"),
    ];

    [TestCaseSource(nameof(WrongChanges))]
    public void A_change_that_the_vendor_refuses_is_not_sent(UpdateTokenRequest change, string field)
        => Assert.That(RefusedFields(() => BulkAsync(["a"], change)), Is.EqualTo(new[] { field }));

    [Test]
    public void A_reference_that_the_vendor_does_not_take_is_refused_before_anything_is_sent()
    {
        using var client = Client("v1");
        var bulk = client.GetRequiredService<ITokenBulkUpdate>();

        Assert.That(() => bulk.BulkUpdateAsync([TokenReference.ById("a"), TokenReference.ByKey("k")], Never),
            Throws.TypeOf<TokenOperationNotSupportedException>());
        Assert.That(() => bulk.BulkUpdateAsync([TokenReference.ById("a"), null!], Never), Throws.ArgumentException);
        Assert.That(() => bulk.BulkUpdateAsync(null!, Never), Throws.ArgumentNullException);
        Assert.That(() => bulk.BulkUpdateAsync([], null!), Throws.ArgumentNullException);
        Assert.That(_vendor.Requests, Is.Empty);
    }

    private async Task<IReadOnlyList<TokenBulkUpdateResult>> BulkAsync(string[] ids, UpdateTokenRequest change)
    {
        using var client = Client("v1");
        return await client.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync([.. ids.Select(TokenReference.ById)], change);
    }

    private static string[] Ids(ReceivedRequest request) => JObject.Parse(request.Body)["ids"]!.ToObject<string[]>()!;

    private static VendorResponse Updated(ReceivedRequest request)
        => VendorResponse.Json((int)HttpStatusCode.OK, new JArray(Ids(request).Select(id => new JObject { ["id"] = id })).ToString());
}
