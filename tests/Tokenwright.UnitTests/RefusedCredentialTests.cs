using System.Net;
using Tokenwright.Adapters;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>What happens after a 401 if the credential has another value by then.</summary>
internal sealed class RefusedCredentialTests : ResilienceFixture
{
    private int _exchanges;

    [SetUp]
    public void GiveAnotherValueEachTime()
    {
        _exchanges = 0;
        _vendor.On("POST", "/oauth/token",
            _ => VendorResponse.Json(200, $$"""{"access_token":"at-{{Interlocked.Increment(ref _exchanges)}}"}"""));
    }

    // A page comes from something in front of the API. The API may have carried out the request before.
    [TestCase("401 page")]
    [TestCase("503", "401 page")]
    [TestCase("503", "401")]
    public async Task A_revocation_that_may_have_succeeded_before_a_renewal_is_reported_as_done(params string[] responses)
    {
        foreach (var response in responses)
            _vendor.Faults.Inject(Fault.Respond(Response(response)), "DELETE", Token);
        _vendor.On("DELETE", Token, VendorResponse.Json(404, """{"detailCode":"404 Not found"}"""));
        using var client = Client();

        var revocation = await client.RevokeAsync(X);

        Assert.That((revocation.Outcome, Count("DELETE"), _exchanges), Is.EqualTo((RevocationOutcome.Deleted, responses.Length + 1, 2)));
        Assert.That(revocation.Remark, Does.Contain("first attempt"));
    }

    [Test]
    public void A_revocation_that_was_refused_before_a_renewal_is_not_reported_as_done()
    {
        _vendor.Faults.Inject(Fault.Respond(Response("401")), "DELETE", Token);
        _vendor.On("DELETE", Token, VendorResponse.Json(404, """{"detailCode":"404 Not found"}"""));
        using var client = Client();

        Assert.That(() => client.RevokeAsync(X), Throws.TypeOf<TokenNotFoundException>());

        Assert.That((Count("DELETE"), _exchanges), Is.EqualTo((2, 2)));
    }

    // A session can be shorter than the minimum length of other secrets.
    [TestCase("at-1")]
    [TestCase("at-2")]
    public void The_refused_value_and_the_new_one_are_redacted(string repeated)
    {
        _vendor.Faults.Inject(Fault.Respond(Response("401")), "GET", List);
        _vendor.On("GET", List, VendorResponse.Json(403, $$"""{"error":"not with {{repeated}}"}"""));
        using var client = Client();

        Assert.That(async () => await client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenPermissionException>().With.Property(nameof(TokenClientException.VendorMessage)).EqualTo("not with ***"));

        Assert.That((Count("GET"), _exchanges), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task The_refused_response_is_disposed_and_the_next_one_is_not()
    {
        using var transport = new Watching();
        using var connection = Connection(transport);
        var values = new Queue<string>(["first", "second"]);
        using var http = connection.CreateHttpClient(
            new FixedCredential(() => new TokenSecret(values.Dequeue()), RequestCredential.Bearer));
        _vendor.On("GET", List, request => Response(request.Header("Authorization") == "Bearer second" ? "200" : "401"));

        using var response = await http.GetAsync(List);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(transport.Responses.Select(seen => (seen.StatusCode, seen.IsDisposed)),
            Is.EqualTo(new[] { (HttpStatusCode.Unauthorized, true), (HttpStatusCode.OK, false) }));
    }

    [Test]
    public void The_refused_response_is_disposed_if_there_is_no_other_value()
    {
        using var transport = new Watching();
        using var connection = Connection(transport);
        var values = new Queue<string>(["first"]);
        using var http = connection.CreateHttpClient(new FixedCredential(
            () => values.TryDequeue(out var value) ? new TokenSecret(value) : throw new SecretSourceException("There is no other."),
            RequestCredential.Bearer));
        _vendor.On("GET", List, Response("401"));

        Assert.That(() => http.GetAsync(List), Throws.TypeOf<SecretSourceException>());

        Assert.That(transport.Responses.Select(seen => (seen.StatusCode, seen.IsDisposed)),
            Is.EqualTo(new[] { (HttpStatusCode.Unauthorized, true) }));
    }

    private static VendorResponse Response(string text) => text switch
    {
        "200" => VendorResponse.Json(200, "[]"),
        "401" => VendorResponse.Json(401, """{"error":"expired"}"""),
        "401 page" => VendorResponse.Html(401, "<html>Sign in</html>"),
        _ => VendorResponse.Empty(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)),
    };

    private VendorConnection Connection(HttpMessageHandler transport)
    {
        var options = new SailPointOptions
            { BaseAddress = _vendor.BaseAddress, ClientId = "id", ClientSecret = new TokenSecret("unused"), MaxRetries = 0 };
        return VendorConnection.Open(
            SailPointVendor.Instance, "prod", () => options, new() { TimeProvider = _clock, Transport = transport });
    }

    /// <summary>Records all responses.</summary>
    private sealed class Watching() : DelegatingHandler(VendorConnection.CreateTransport())
    {
        public List<WatchedResponse> Responses { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Responses.Add(new WatchedResponse(response.StatusCode) { Content = response.Content });
            return Responses[^1];
        }
    }
}
