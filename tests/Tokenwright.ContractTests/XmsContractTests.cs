using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;
using Tokenwright.Xms;
using Tokenwright.Xms.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the XMS adapter sends and how it reads what comes back.</summary>
internal sealed class XmsContractTests
{
    private const string Validation = "/v1/access-tokens:validate";

    private static readonly (string, string) AcceptJson = ("Accept", "application/json");
    private static readonly (string, string) Credential = ("Xms-Auth-Token", "own-secret");
    private static readonly (string, string) Json = ("Content-Type", "application/json");

    // The documents say that operations without a body take JSON, so an empty one is declared as such (X13).
    private static readonly (string, string) EmptyJson = ("Content-Type", "application/json; charset=utf-8");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private VendorServer _vendor = null!;
    private XmsTokenClient _client = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _client = Client();
    }

    [TearDown]
    public void Stop()
    {
        _client.Dispose();
        _vendor.Dispose();
    }

    // Also X4, X5 and X11: the slash of the documented form, the credential in the header and neither in a cookie nor in the query.
    [Test]
    public async Task List_asks_for_all_tokens()
    {
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"access_tokens":[]}"""));

        var tokens = await _client.ListAsync().ToListAsync();

        Assert.That(tokens, Is.Empty);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "GET", "/v1/access-tokens/?limit=1000&offset=0&all=true", null, AcceptJson, Credential);
    }

    private static readonly TestCaseData[] Queries =
    [
        new(new TokenQuery { OwnOnly = true }, "limit=1000&offset=0"),
        new(new TokenQuery { OwnerId = "9223372036854775807" }, "limit=1000&offset=0&user_id=9223372036854775807&all=true"),
        new(new TokenQuery { OwnOnly = true, OwnerId = "3" }, "limit=1000&offset=0&user_id=3"),
        new(new TokenQuery { Role = new TokenRole("a b/&ü") }, "limit=1000&offset=0&role=a%20b%2F%26%C3%BC&all=true"),
        new(new TokenQuery { PageSize = 1 }, "limit=1&offset=0&all=true"),
    ];

    [TestCaseSource(nameof(Queries))]
    public async Task List_sends_its_filters(TokenQuery query, string sent)
    {
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"access_tokens":null}"""));

        await _client.ListAsync(query).ToListAsync();

        Sent.Exactly(_vendor.Requests.Single(), "GET", "/v1/access-tokens/?" + sent, null, AcceptJson, Credential);
    }

    [Test]
    public void A_query_that_cannot_be_asked_is_refused_before_it_is_sent()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var owner in new[] { "", "admin", "-1", "1.0", " 1", "9223372036854775808" })
            {
                var refusal = Assert.CatchAsync<TokenInvalidRequestException>(
                    async () => await _client.ListAsync(new TokenQuery { OwnerId = owner }).ToListAsync(), owner)!;
                Assert.That(refusal.Problems.Single().Field, Is.EqualTo("OwnerId"));
                Assert.That((refusal.Vendor, refusal.Connection, refusal.Operation), Is.EqualTo(("Xms", "lab", TokenOperation.List)));
            }

            Assert.That(() => _client.ListAsync(new TokenQuery { Role = default(TokenRole) }),
                Throws.TypeOf<TokenInvalidRequestException>().With.Message.Contains("Role"));
            Assert.That(() => _client.ListAsync(new TokenQuery { UnusedSince = _clock.GetUtcNow() }),
                Throws.TypeOf<TokenOperationNotSupportedException>().With.Message.Contains("UnusedSince"));
            Assert.That(() => _client.ListAsync(new TokenQuery { PageSize = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => _client.ListAsync(new TokenQuery { PageSize = 1001 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(_vendor.Requests, Is.Empty);
        }
    }

    // What a server responds to one offset after the other, for a page size of 2; and what is to come of it.
    private static readonly TestCaseData[] Pages =
    [
        new TestCaseData(Pager("1,2 3,4 5", total: 5), "1,2,3,4,5", "0 2 4").SetArgDisplayNames("X1: the total ends the list"),
        new TestCaseData(Pager("1,2 3,4", total: 4), "1,2,3,4", "0 2 4")
            .SetArgDisplayNames("X1: a full last page, which may not be the last one whatever the total"),
        new TestCaseData(Pager("1,2 3"), "1,2,3", "0 2 3").SetArgDisplayNames("X1: no total, a short page is not the end"),
        new TestCaseData(Pager("1,2 3,4"), "1,2,3,4", "0 2 4").SetArgDisplayNames("X1: no total, an empty page ends the list"),
        new TestCaseData(Pager("1 2 3", total: 3), "1,2,3", "0 1 2 3")
            .SetArgDisplayNames("X2: pages smaller than asked, of which the last is as long as the first"),
        new TestCaseData(Pager("1,2,3"), "1,2,3", "0 3").SetArgDisplayNames("X2: the limit is ignored"),
        new TestCaseData(Pager("1,2,3", total: 3), "1,2,3", "0").SetArgDisplayNames("X2: the limit is ignored, by the total"),
        new TestCaseData(Pager("1,2 3,4 5", total: 1), "1,2,3,4,5", "0 2 4 5")
            .SetArgDisplayNames("X1: a total that is less than what came"),
        new TestCaseData(Pager("1,2 3,4", total: 0), "1,2,3,4", "0 2 4").SetArgDisplayNames("X1: a total of nothing"),
        new TestCaseData(Always("1"), "1", "0 1").SetArgDisplayNames("X1: the offset is ignored, and the page is short"),
        new TestCaseData(Always("1,2,3"), "1,2,3", "0 3").SetArgDisplayNames("X1: offset and limit are ignored"),
        new TestCaseData(Always("", total: 7), "", "0").SetArgDisplayNames("X1: a total without tokens"),
        new TestCaseData(Pager("1,2 2,3 4", total: 5), "1,2,3,4", "0 2 4").SetArgDisplayNames("X1: a token that moved to the next page"),
    ];

    [TestCaseSource(nameof(Pages))]
    public async Task Lists_are_paged(Func<ReceivedRequest, VendorResponse> server, string ids, string offsets)
    {
        _vendor.On("GET", "/v1/access-tokens/", server);

        var tokens = await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync();

        Assert.That(string.Join(",", tokens.Select(token => token.Id ?? "-")), Is.EqualTo(ids));
        Assert.That(_vendor.Requests.Select(request => request.PathAndQuery),
            Is.EqualTo(offsets.Split(' ').Select(offset => $"/v1/access-tokens/?limit=2&offset={offset}&all=true")));
    }

    // Where more must be expected, the first page again is not the end of the list.
    private static readonly TestCaseData[] Repeating =
    [
        new TestCaseData(Always("1,2")).SetArgDisplayNames("X1: the offset is ignored"),
        new TestCaseData(Always("1,2", total: 1000)).SetArgDisplayNames("X1: the offset is ignored, and the total is more"),
        new TestCaseData(Always("1", total: 1000))
            .SetArgDisplayNames("X1: the offset is ignored, the page is short, and the total is more"),
        new TestCaseData(Always("null,null")).SetArgDisplayNames("X1: the offset is ignored, and there are no ids"),
    ];

    [TestCaseSource(nameof(Repeating))]
    public void A_page_that_comes_again_where_more_is_expected_is_an_error(Func<ReceivedRequest, VendorResponse> server)
    {
        _vendor.On("GET", "/v1/access-tokens/", server);

        Assert.That(
            async () => await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync(),
                Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("can't be reached"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Pages_are_read_as_they_are_needed()
    {
        _vendor.On("GET", "/v1/access-tokens/", Pager("1,2 3,4 5", total: 5));

        await foreach (var token in _client.ListAsync(new TokenQuery { PageSize = 2 }))
        {
            if (token.Id == "2")
                break;
        }

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Every_field_is_mapped()
    {
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, """
            {"access_token":{"id":7,"name":"zabbix","description":"monitoring","roles":["admin","auditor"],"user":{"id":3,"name":"admin",
            "skip_guide":true},"used":true,
             "create":"2000-01-23T04:56:07.000+00:00","update":"2001-01-23T04:56:07.000+00:00","soon":{"a":1}}}
            """));

        var token = await _client.GetAsync(TokenReference.ById("7"));

        Sent.Exactly(_vendor.Requests.Single(), "GET", "/v1/access-tokens/7", null, AcceptJson, Credential);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Vendor, Is.EqualTo("Xms"));
            Assert.That(token.Connection, Is.EqualTo("lab"));
            Assert.That(token.Kind.ToString(), Is.EqualTo("access token"));
            Assert.That(token.Id, Is.EqualTo("7"));
            Assert.That(token.Key, Is.Null);
            Assert.That(token.Name, Is.EqualTo("zabbix"));
            Assert.That(token.Description, Is.EqualTo("monitoring"));
            Assert.That(token.Scopes, Is.Empty);
            Assert.That(token.Roles.Select(role => role.Value), Is.EqualTo(new[] { "admin", "auditor" }));
            Assert.That((token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(("user", "3", "admin")));
            Assert.That(token.CreatedAt, Is.EqualTo(new DateTimeOffset(2000, 1, 23, 4, 56, 7, TimeSpan.Zero)));
            Assert.That(token.UpdatedAt, Is.EqualTo(new DateTimeOffset(2001, 1, 23, 4, 56, 7, TimeSpan.Zero)));
            Assert.That(token.LastUsedAt, Is.Null);
            Assert.That(token.ExpiresAt, Is.Null);
            Assert.That(token.NeverExpires, Is.True);
            Assert.That(token.State, Is.EqualTo(TokenState.Active));
            Assert.That(token.NativeStatus, Is.EqualTo("used: true"));
            Assert.That(((AccessToken)token.Raw!).User!.Skip_guide, Is.True);
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
        }
    }

    [Test]
    public async Task List_keeps_the_vendors_model_if_asked()
    {
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"access_tokens":[null,{"id":7,"used":false,"soon":1}]}"""));

        var bare = (await _client.ListAsync().ToListAsync()).Single();
        var full = (await _client.ListAsync(new TokenQuery { IncludeRaw = true }).ToListAsync()).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (bare.Id, bare.NativeStatus, bare.Raw, bare.UnknownFields.Count), Is.EqualTo(("7", "used: false", (object?)null, 0)));
            Assert.That(full.Raw, Is.InstanceOf<AccessToken>());
            Assert.That(full.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = "1" }));
        }
    }

    // Each is a way in which live responses differ from the documents.
    [TestCase("""{"create":"2020-12-30T10:30:51.675098636+08:00"}""", "2020-12-30T02:30:51.6750986Z",
        TestName = "X8: nanoseconds with an offset")]
    [TestCase("""{"create":"2020-05-28T03:40:52.284746Z"}""", "2020-05-28T03:40:52.2847460Z", TestName = "X8: microseconds in UTC")]
    [TestCase("""{"create":"","name":"","description":"","user":{"id":null,"name":""}}""", null, TestName = "X3: empty strings")]
    [TestCase("""{"create":null,"update":null,"id":null,"name":null,"description":null,"roles":null,"used":null,"user":null}""", null,
        TestName = "X3: nulls")]
    [TestCase("""{"roles":[null]}""", null, TestName = "X3: null in an array")]
    [TestCase("{}", null, TestName = "X3: nothing at all")]
    public async Task Odd_values_are_read(string record, string? created)
    {
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, $$"""{"access_token":{{record}}}"""));

        var token = await _client.GetAsync(TokenReference.ById("7"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.CreatedAt?.UtcDateTime.ToString("O"), Is.EqualTo(created));
            Assert.That((token.Id, token.Name, token.Description, token.NativeStatus, token.UpdatedAt),
                Is.EqualTo(((string?)null, (string?)null, (string?)null, (string?)null, (DateTimeOffset?)null)));
            Assert.That((token.Owner?.Id, token.Owner?.Name), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That(token.Roles, Is.Empty);
        }
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(
            200, """{"access_token":{"id":"seven","create":"yesterday","used":"perhaps","roles":"one","user":"admin"}}"""));

        var token = await _client.GetAsync(TokenReference.ById("7"));

        Assert.That((token.Id, token.CreatedAt, token.NativeStatus, token.Owner),
            Is.EqualTo(((string?)null, (DateTimeOffset?)null, (string?)null, (TokenOwner?)null)));
        Assert.That(token.UnknownFields, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["id"] = "\"seven\"",
            ["create"] = "\"yesterday\"",
            ["used"] = "\"perhaps\"",
            ["roles"] = "\"one\"",
            ["user"] = "\"admin\"",
        }));
    }

    [TestCase("uuid")]
    [TestCase("UUID")]
    public async Task A_secret_in_a_record_is_dropped(string member)
    {
        var record = $$"""{"id":7,"{{member}}":"0123456789abcdef0123456789abcdef","other":2}""";
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, $$"""{"access_token":{{record}}}"""));
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, $$"""{"access_tokens":[{{record}}]}"""));

        var listed = await _client.ListAsync(new TokenQuery { IncludeRaw = true }).ToListAsync();
        var single = await _client.GetAsync(TokenReference.ById("7"));

        foreach (var token in listed.Append(single))
        {
            Assert.That(token.UnknownFields.Keys, Is.EqualTo(new[] { "other" }));
            Assert.That(Newtonsoft.Json.JsonConvert.SerializeObject(token), Does.Contain("other").And.Not.Contain("0123456789abcdef"));
        }
    }

    // The path's first segment has a colon, and must not be read as a scheme (X12).
    [TestCase("a secret/+&", "a%20secret%2F%2B%26")]
    [TestCase("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef")]
    public async Task A_token_is_got_and_validated_by_its_secret(string secret, string encoded)
    {
        _vendor.On("POST", Validation, VendorResponse.Json(200, """{"access_token":{"id":7,"name":"zabbix","soon":1}}"""));

        var token = await _client.GetAsync(TokenReference.BySecret(new TokenSecret(secret)));
        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret(secret)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.Id, token.Raw is AccessToken), Is.EqualTo(("7", true)));
            Assert.That((validation.Verdict, validation.Token?.Name, validation.Token?.Raw is AccessToken),
                Is.EqualTo((TokenVerdict.Active, "zabbix", true)));
            Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
            foreach (var request in _vendor.Requests)
                Sent.Exactly(request, "POST", $"{Validation}?subject_access_token={encoded}", null, AcceptJson, EmptyJson, Credential);
        }
    }

    [Test]
    public async Task Self_is_the_access_token_that_the_connection_works_with()
    {
        _vendor.On("POST", Validation, VendorResponse.Json(200, """{"access_token":{"id":7}}"""));

        Assert.That((await _client.GetAsync(TokenReference.Self)).Id, Is.EqualTo("7"));
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        foreach (var request in _vendor.Requests)
            Sent.Exactly(request, "POST", $"{Validation}?subject_access_token=own-secret", null, AcceptJson, EmptyJson, Credential);
    }

    [TestCase(400, TokenVerdict.Unknown)]
    [TestCase(404, TokenVerdict.Unknown)]
    [TestCase(403, TokenVerdict.Undetermined)]
    public async Task A_refused_secret_is_a_verdict(int status, TokenVerdict verdict)
    {
        _vendor.On("POST", Validation, Echo(status));

        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("a secret")));

        Assert.That((validation.Verdict, validation.IsActive, validation.Token), Is.EqualTo((verdict, false, (ApiToken?)null)));
        Assert.That(validation.Reason, Does.Contain($"HTTP {status}").And.Not.Contain("a secret").And.Not.Contain("a%20secret"));
    }

    [Test]
    public async Task A_401_speaks_of_the_connections_credential()
    {
        _vendor.On("POST", Validation, VendorResponse.Empty(401));

        Assert.That(
            async () => await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("another"))),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("Status").EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1), "an access token has no other value to try");

        // Asked about the connection's own token, that is the response.
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That((await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("own-secret")))).Verdict,
            Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(async () => await _client.GetAsync(TokenReference.Self), Throws.TypeOf<TokenAuthenticationException>());
    }

    [TestCase("""{}""")]
    [TestCase("""{"access_token":null}""")]
    [TestCase("""{"access_token":"odd"}""")]
    public async Task A_success_without_a_record_is_no_token(string body)
    {
        _vendor.On("POST", Validation, VendorResponse.Json(200, body));
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, body));

        var validation = await _client.ValidateAsync(TokenReference.Self);

        Assert.That((validation.Verdict, validation.Token), Is.EqualTo((TokenVerdict.Undetermined, (ApiToken?)null)));
        Assert.That(validation.Reason, Does.Contain("without the record"));
        foreach (var reference in new[] { TokenReference.Self, TokenReference.ById("7") })
            Assert.That(async () => await _client.GetAsync(reference),
                Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("access_token"));
    }

    [TestCase("""{"access_tokens":{"id":1}}""")]
    [TestCase("""{"access_tokens":["one"]}""")]
    [TestCase("""[]""")]
    [TestCase("""{"access_tokens":[{"id":1}""")]
    [TestCase("")]
    public void A_list_of_another_shape_is_an_error_and_not_an_empty_list(string body)
    {
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, body));

        Assert.That(async () => await _client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Property("Status").EqualTo(HttpStatusCode.OK));
    }

    [TestCase(400)]
    [TestCase(404)]
    public void Get_by_a_secret_that_is_refused_finds_nothing(int status)
    {
        _vendor.On("POST", Validation, VendorResponse.Json(status, """{"code":"InvalidToken","message":"no such token: a%20secret"}"""));

        var exception = Assert.CatchAsync<TokenNotFoundException>(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("a secret"))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((exception.Vendor, exception.Connection, exception.Operation, exception.Status),
                Is.EqualTo(("Xms", "lab", TokenOperation.Get, (HttpStatusCode?)(HttpStatusCode)status)));
            Assert.That((exception.VendorErrorCode, exception.VendorMessage), Is.EqualTo(("InvalidToken", "no such token: ***")));
            Assert.That(exception.Message, Does.Contain($"HTTP {status}"));
        }
    }

    [Test]
    public void Get_by_an_unknown_id_finds_nothing()
    {
        _vendor.On("GET", "/v1/access-tokens/8", VendorResponse.Empty(404));

        Assert.That(
            async () => await _client.GetAsync(TokenReference.ById("8")),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("id 8").And.Property("Status").EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("0123456789abcdef0123456789abcdef")]
    [TestCase("-1")]
    [TestCase("7/8")]
    [TestCase("9223372036854775808")]
    public void Get_by_an_id_that_is_no_number_is_refused_before_it_is_sent(string id)
    {
        var exception = Assert.CatchAsync<TokenInvalidRequestException>(async () => await _client.GetAsync(TokenReference.ById(id)))!;

        Assert.That(exception.Problems.Single().Field, Is.EqualTo("Id"));
        Assert.That(exception.ToString(), Does.Contain("BySecret").And.Not.Contain($"'{id}'").And.Not.Contain("0123456789abcdef"),
            "a secret in place of an id");
        Assert.That(_vendor.Requests, Is.Empty);
    }

    // The errors that repeat the URL, and with it the secret in its query.
    private static readonly TestCaseData[] Echoes =
    [
        new TestCaseData(Echo(500)).SetArgDisplayNames("JSON"),
        new TestCaseData(Echo(401)).SetArgDisplayNames("JSON, credential refused"),
        new TestCaseData(Echo(404)).SetArgDisplayNames("JSON, not found"),
        new TestCaseData(Echo(400)).SetArgDisplayNames("JSON, refused"),
        new TestCaseData(Echo(403)).SetArgDisplayNames("JSON, forbidden"),
        new TestCaseData(
            (ReceivedRequest request) =>
            VendorResponse.Json(
            500, $$"""{"error":{"url":"{{request.PathAndQuery.ToLowerInvariant()}}"},"cod""" +
            $$"""e":"{{request.Query("subject_access_token")}}"}""")).SetArgDisplayNames("JSON in an object, lower case"),
        new TestCaseData((ReceivedRequest request) => VendorResponse.Json(500,
            "\"/v1/access-tokens:validate?subject_access_token=S3cret+%2F%2B%26\"")).SetArgDisplayNames("JSON text, encoded as in forms"),
        new TestCaseData((ReceivedRequest request) => VendorResponse.Html(502, $"<html>{request.PathAndQuery}</html>"))
            .SetArgDisplayNames("HTML"),
        new TestCaseData((ReceivedRequest request) =>
            VendorResponse.Empty(302).With("Location", "https://elsewhere.example" + request.PathAndQuery)).SetArgDisplayNames("redirect"),
        new TestCaseData((ReceivedRequest request) => VendorResponse.Json(200, $$"""{"access_token": {{request.PathAndQuery}}"""))
            .SetArgDisplayNames("success that can't be read"),
    ];

    [TestCaseSource(nameof(Echoes))]
    public async Task No_error_shows_the_secret_that_was_in_the_url(Func<ReceivedRequest, VendorResponse> server)
    {
        _vendor.On("POST", Validation, server);
        var reference = TokenReference.BySecret(new TokenSecret("S3cret /+&"));

        var shown = await ShownAsync(_client.GetAsync(reference)) + await ShownAsync(_client.ValidateAsync(reference)) + reference;

        Assert.That(shown, Does.Contain("***"));
        Assert.That(shown, Does.Not.Contain("S3cret").IgnoreCase);
    }

    [Test]
    public async Task No_log_shows_the_secret_that_was_in_the_url()
    {
        _vendor.On("POST", Validation, Echo(500));
        var log = new Log();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddHttpClient("other");
        services.AddTokenwright().AddXms("lab", options =>
        {
            options.BaseAddress = new Uri(_vendor.BaseAddress, "v1");
            options.MaxRetries = 0;
            options.AccessToken = new TokenSecret("own-secret");
        });
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        await ShownAsync(client.ValidateAsync(TokenReference.BySecret(new TokenSecret("S3cret"))));
        await provider.GetRequiredService<IHttpClientFactory>().CreateClient("other").GetAsync(new Uri(_vendor.BaseAddress, "seen"));

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Assert.That(log.Lines, Has.Some.Contains("/seen"), "the log is read");
        Assert.That(log.Lines, Has.None.Contains("S3cret").And.None.Contains("own-secret"));
    }

    [Test]
    public async Task A_server_that_is_gone_is_one_clear_error()
    {
        _vendor.Dispose();

        var exception = Assert.CatchAsync<TokenServiceUnavailableException>(
            async () => await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("S3cret"))))!;

        Assert.That((exception.IsTransient, exception.Status), Is.EqualTo((true, (HttpStatusCode?)null)));
        Assert.That(await ShownAsync(_client.GetAsync(TokenReference.Self)), Does.Not.Contain("own-secret"));
        Assert.That(exception.ToString(), Does.Not.Contain("S3cret"));
    }

    // No document has a body for an error (X10), or a status for a refused credential (X9): these are the ones to be ready for.
    private static readonly TestCaseData[] Errors =
    [
        new(400, """{"code":"BadParam","message":"limit is wrong","details":"it is -2"}""", typeof(TokenInvalidRequestException),
            "BadParam", "limit is wrong it is -2"),
        new(400, """{"code":17,"message":"limit is wrong","error":"limit is wrong"}""", typeof(TokenInvalidRequestException), "17",
            "limit is wrong"),
        new(401, """{"error":"token own-secret is invalid"}""", typeof(TokenAuthenticationException), null, "token *** is invalid"),
        new(401, "", typeof(TokenAuthenticationException), null, null),
        new(403, """{"message":null,"details":""}""", typeof(TokenPermissionException), null, null),
        new(403, "\"forbidden\"", typeof(TokenPermissionException), null, "forbidden"),
        new(404, "", typeof(TokenClientException), null, null),
        new(429, "[]", typeof(TokenRateLimitedException), null, null),
        new(500, "null", typeof(TokenServiceUnavailableException), null, null),
        new(503, "<html>down</html>", typeof(TokenServiceUnavailableException), null,
            "the body is application/json, not JSON; did something in front of the API respond?"),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_one_family(int status, string body, Type type, string? code, string? message)
    {
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(status, body).With("Retry-After", "7"));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.ListAsync().ToListAsync())!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.TypeOf(type));
            Assert.That((exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("Xms", "lab", TokenOperation.List)));
            Assert.That(exception.Status, Is.EqualTo((HttpStatusCode)status));
            Assert.That((exception.VendorErrorCode, exception.VendorMessage, exception.VendorRequestId),
                Is.EqualTo((code, message, (string?)null)));
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(exception.IsTransient, Is.EqualTo(status is 429 or 500 or 503));
        }
    }

    [Test]
    public void A_later_page_that_fails_is_one_clear_error()
    {
        _vendor.On("GET", "/v1/access-tokens/", request => request.Query("offset") == "0" ? Page("1,2", null) : VendorResponse.Empty(500));

        Assert.That(async () => await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync(),
            Throws.TypeOf<TokenServiceUnavailableException>());
    }

    // The documents have 201; 200 is taken too.
    [TestCase(201)]
    [TestCase(200)]
    public async Task A_password_is_exchanged_for_a_session_once(int status)
    {
        _vendor.On("POST", "/v1/auth/tokens:login", Session("session-1", _clock.GetUtcNow().AddHours(1), status));
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"access_tokens":[]}"""));
        using var client = PasswordClient();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.ListAsync().ToListAsync()));

        Assert.That(_vendor.Requests, Has.Count.EqualTo(5));
        Sent.Exactly(_vendor.Requests[0], "POST", "/v1/auth/tokens:login", """{"auth":{"name":"admin","password":"pass \"word"}}""",
            AcceptJson, Json);
        foreach (var request in _vendor.Requests.Skip(1))
            Sent.Exactly(
                request, "GET", "/v1/access-tokens/?limit=1000&offset=0&all=true", null, AcceptJson, ("Xms-Auth-Token", "session-1"));
    }

    [TestCase("2026-11-24T09:00:00.123456789+08:00", 57, 1, TestName = "X8: a session's end with nanoseconds and an offset, before it")]
    [TestCase("2026-11-24T09:00:00.123456789+08:00", 60, 2, TestName = "X8: a session's end with nanoseconds and an offset, after it")]
    [TestCase("2026-11-23T23:00:00Z", 600, 1, TestName = "A session whose end is past, as the clocks differ, is kept until it is refused")]
    [TestCase("", 600, 1, TestName = "X3: a session without an end is kept until it is refused")]
    public async Task A_session_is_renewed_before_its_end(string expires, int minutes, int logins)
    {
        _vendor.On("POST", "/v1/auth/tokens:login",
            VendorResponse.Json(201, $$"""{"token":{"uuid":"session","expires":"{{expires}}"} }"""));
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"access_tokens":[]}"""));
        using var client = PasswordClient();

        await client.ListAsync().ToListAsync();
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        await client.ListAsync().ToListAsync();

        Assert.That(_vendor.Requests.Count(request => request.Method == "POST"), Is.EqualTo(logins));
    }

    [Test]
    public async Task A_refused_session_is_renewed_once()
    {
        var logins = 0;
        _vendor.On("POST", "/v1/auth/tokens:login", _ => Session($"session-{++logins}", _clock.GetUtcNow().AddHours(1)));
        _vendor.On("POST", Validation, request => request.Header("Xms-Auth-Token") == "session-2" ? VendorResponse.Json(
            200, """{"access_token":{"id":7}}""") : VendorResponse.Empty(401));
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Empty(401));
        using var client = PasswordClient();

        var validation = await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("asked")));

        Assert.That(validation.IsActive, Is.True);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(4));
        Sent.Exactly(_vendor.Requests[1], "POST", $"{Validation}?subject_access_token=asked", null, AcceptJson, EmptyJson,
            ("Xms-Auth-Token", "session-1"));
        Sent.Exactly(_vendor.Requests[3], "POST", $"{Validation}?subject_access_token=asked", null, AcceptJson, EmptyJson,
            ("Xms-Auth-Token", "session-2"));

        Assert.That(async () => await client.GetAsync(TokenReference.ById("7")), Throws.TypeOf<TokenAuthenticationException>());
        Assert.That(_vendor.Requests, Has.Count.EqualTo(7), "refused, renewed, refused again, and no more");
    }

    [TestCase(400)]
    [TestCase(401)]
    public void A_refused_login_is_one_clear_error(int status)
    {
        _vendor.On("POST", "/v1/auth/tokens:login",
            VendorResponse.Json(status, """{"code":"BadLogin","message":"admin with pass \"word is wrong"}"""));
        using var client = PasswordClient();

        var exception = Assert.CatchAsync<TokenAuthenticationException>(
            async () => await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("asked"))))!;

        Assert.That((exception.Status, exception.VendorErrorCode), Is.EqualTo(((HttpStatusCode?)(HttpStatusCode)status, "BadLogin")));

        // The lines of the stack name files of this machine, whose paths can have any word.
        var told = string.Join('\n', exception.ToString().Split('\n').Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)));
        Assert.That(told, Does.Contain("admin with *** is wrong").And.Not.Contain("word"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("""{"token":{"uuid":""}}""")]
    [TestCase("""{"token":null}""")]
    [TestCase("{}")]
    public void A_login_without_a_session_is_one_clear_error(string body)
    {
        _vendor.On("POST", "/v1/auth/tokens:login", VendorResponse.Json(201, body));
        using var client = PasswordClient();

        Assert.That(async () => await client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("token.uuid"));
    }

    [Test]
    public void A_connection_with_a_password_has_no_self()
    {
        using var client = PasswordClient();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Metadata.Capabilities[TokenOperation.Get].References,
                Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Secret));
            Assert.That(client.Metadata.Capabilities[TokenOperation.Validate].References, Is.EqualTo(TokenReferenceKinds.Secret));
            foreach (var operation in new[] { TokenOperation.Update, TokenOperation.Regenerate, TokenOperation.Revoke })
                Assert.That(
                    client.Metadata.Capabilities[operation].References, Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Secret));
            Assert.That(async () => await client.GetAsync(TokenReference.Self),
                Throws.TypeOf<TokenOperationNotSupportedException>().With.Property("Alternative").Contains("Secret"));
            Assert.That(async () => await client.ValidateAsync(TokenReference.Self),
                Throws.TypeOf<TokenOperationNotSupportedException>().With.Property("Reason").Contains("Self"));
            Assert.That(_vendor.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task A_credential_may_change_at_run_time()
    {
        _vendor.On("POST", "/v1/auth/tokens:login", Session("session-1", _clock.GetUtcNow().AddHours(1)));
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"access_tokens":[]}"""));
        var options = new XmsOptions { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), MaxRetries = 0, CreationSettleTime = TimeSpan.Zero,
            AccessToken = new TokenSecret("first") };
        using var client = new XmsTokenClient("lab", options, timeProvider: _clock);

        await client.ListAsync().ToListAsync();
        options.AccessToken = new TokenSecret("second");
        await client.ListAsync().ToListAsync();
        (options.AccessToken, options.Username, options.Password) = (null, "admin", new TokenSecret("password"));
        await client.ListAsync().ToListAsync();

        Assert.That(_vendor.Requests.Where(request => request.Method == "GET").Select(request => request.Header("Xms-Auth-Token")),
            Is.EqualTo(new[] { "first", "second", "session-1" }));
        Assert.That(async () => await client.ValidateAsync(TokenReference.Self), Throws.TypeOf<TokenInvalidRequestException>());
    }

    [Test]
    public void What_cannot_be_done_says_why_before_anything_is_sent()
    {
        var calls = new Dictionary<TokenOperation, Func<Task>>
        {
            [TokenOperation.Validate] = () => _client.ValidateAsync(TokenReference.ById("7")),
            [TokenOperation.Get] = () => _client.GetAsync(TokenReference.ByKey("key")),
            [TokenOperation.Update] = () => _client.UpdateAsync(TokenReference.ByKey("key"), new UpdateTokenRequest()),
            [TokenOperation.Regenerate] = () => _client.RegenerateAsync(TokenReference.ByIdAndSecret("7", new TokenSecret("secret"))),
            [TokenOperation.Revoke] = () => _client.RevokeAsync(TokenReference.ByKey("key")),
        };

        using (Assert.EnterMultipleScope())
        {
            foreach (var (operation, call) in calls)
            {
                var exception = Assert.CatchAsync<TokenOperationNotSupportedException>(async () => await call(), operation.ToString())!;
                Assert.That(exception.Operation, Is.EqualTo(operation));
                Assert.That(exception.Reason, Is.Not.Empty);
                Assert.That(exception.Alternative, Is.Not.Empty);
            }

            foreach (var operation in new[] { TokenOperation.Suspend, TokenOperation.Resume })
                Assert.That(_client.Metadata.Capabilities[operation].Support, Is.EqualTo(OperationSupport.Unsupported));
            Assert.That(_client.Metadata.Capabilities.CreationRecovery, Is.EqualTo(CreationRecovery.FindAndRevoke));
            Assert.That(_vendor.Requests, Is.Empty);
        }
    }

    // X6: the base path is part of the address, with and without a slash at its end.
    [TestCase("v1", "/v1/access-tokens/7")]
    [TestCase("v1/", "/v1/access-tokens/7")]
    [TestCase("api/v1", "/api/v1/access-tokens/7")]
    public async Task The_base_path_is_part_of_the_address(string path, string sent)
    {
        _vendor.On("GET", sent, VendorResponse.Json(200, """{"access_token":{"id":7}}"""));
        using var client = Client(options => options.BaseAddress = new Uri(_vendor.BaseAddress, path));

        Assert.That((await client.GetAsync(TokenReference.ById("7"))).Id, Is.EqualTo("7"));

        Sent.Exactly(_vendor.Requests.Single(), "GET", sent, null, AcceptJson, Credential);
    }

    private static readonly TestCaseData[] WrongOptions =
    [
        Wrong(options => options.BaseAddress = null, "BaseAddress is missing"),
        Wrong(options => options.BaseAddress = new Uri("https://xms.example:8056"),
            "must end in the API's base path, /v1 or through the web console /api/v1, not in '/'"),
        Wrong(options => options.BaseAddress = new Uri("https://xms.example:8056/api/v12/"), "not in '/api/v12/'"),
        Wrong(options => options.BaseAddress = new Uri("v1", UriKind.Relative), "not an absolute address"),
        Wrong(options => options.AccessToken = null, "AccessToken is missing"),
        Wrong(options => options.Username = "admin", "AccessToken is set, and Username or Password too"),
        Wrong(options => options.Password = new TokenSecret("password"), "AccessToken is set, and Username or Password"),
        Wrong(options => (options.AccessToken, options.Username) = (null, "admin"), "Password is missing"),
        Wrong(options => (options.AccessToken, options.Password) = (null, new TokenSecret("password")), "Username is missing"),
    ];

    [TestCaseSource(nameof(WrongOptions))]
    public void Wrong_options_are_named(Action<XmsOptions> change, string problem)
        => Assert.That(
            () => Client(change), Throws.TypeOf<OptionsValidationException>().With.Property("Failures").Exactly(1).Contains(problem));

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IXmsApiClient)), Is.InstanceOf<XmsApiClient>());

    [Test]
    public async Task The_emulator_works_with_a_connection_from_its_settings()
    {
        using var emulator = new XmsEmulator();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            emulator.ConnectionSettings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddTokenwright().AddXms("lab", configuration);
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await NamesAsync(client, new TokenQuery()), Is.EqualTo("name zabbix"));
            Assert.That(await NamesAsync(client, new TokenQuery { PageSize = 1 }), Is.EqualTo("name zabbix"));
            Assert.That(await NamesAsync(client, new TokenQuery { OwnOnly = true }), Is.EqualTo("zabbix"));
            Assert.That(await NamesAsync(client, new TokenQuery { OwnerId = "6" }), Is.EqualTo("name"));
            Assert.That(await NamesAsync(client, new TokenQuery { Role = new TokenRole("admin") }), Is.EqualTo("zabbix"));
            Assert.That((await client.GetAsync(TokenReference.ById("0"))).Name, Is.EqualTo("name"));
            Assert.That((await client.GetAsync(TokenReference.Self)).Id, Is.EqualTo(XmsEmulator.AccessTokenId));
            Assert.That((await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("another")))).Verdict,
                Is.EqualTo(TokenVerdict.Unknown));
            Assert.That(async () => await client.GetAsync(TokenReference.ById("8")), Throws.TypeOf<TokenNotFoundException>());
        }
    }

    [Test]
    public async Task The_emulator_lets_a_password_in_and_refuses_another()
    {
        using var emulator = new XmsEmulator(new() { TimeProvider = _clock });
        var options = new XmsOptions { BaseAddress = new Uri(emulator.BaseAddress, "v1"), MaxRetries = 0,
            CreationSettleTime = TimeSpan.Zero, Username = XmsEmulator.Username, Password = XmsEmulator.Password };
        using var client = new XmsTokenClient("lab", options, timeProvider: _clock);

        Assert.That(await NamesAsync(client, new TokenQuery()), Is.EqualTo("name zabbix"));
        options.Password = new TokenSecret("another");
        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());
        (options.AccessToken, options.Username, options.Password) = (new TokenSecret("another"), null, null);
        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());
    }

    private static TestCaseData Wrong(Action<XmsOptions> change, string problem)
        => new TestCaseData(change, problem).SetArgDisplayNames(problem);

    private static async Task<string> NamesAsync(ITokenClient client, TokenQuery query)
        => string.Join(" ", await client.ListAsync(query).Select(token => token.Name).ToListAsync());

    // A server with these pages, one after the other, at the offsets where they begin.
    private static Func<ReceivedRequest, VendorResponse> Pager(string pages, int? total = null)
    {
        var starts = new Dictionary<string, string>();
        var offset = 0;
        foreach (var page in pages.Split(' '))
        {
            starts.Add($"{offset}", page);
            offset += page.Split(',').Length;
        }

        return request => Page(starts.GetValueOrDefault(request.Query("offset")!, ""), total);
    }

    private static Func<ReceivedRequest, VendorResponse> Always(string page, int? total = null) => _ => Page(page, total);

    private static VendorResponse Page(string ids, int? total)
    {
        var tokens = string.Join(",", ids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => $$"""{"id":{{id}}}"""));
        var paging = total is null
            ? "" : $$""","paging":{"count":{{ids.Split(',').Length}},"limit":2,"offset":0,"total_count":{{total}}}""";
        return VendorResponse.Json(200, $$"""{"access_tokens":[{{tokens}}]{{paging}}}""");
    }

    private static VendorResponse Session(string uuid, DateTimeOffset expires, int status = 201)
        => VendorResponse.Json(
            status, $$$"""{"token":{"uuid":"{{{uuid}}}","expires":"{{{expires:O}}}","valid":true,"roles":null,"user":{"id":""" +
            $$$"""3,"identity_platform":null}} }""");

    private static Func<ReceivedRequest, VendorResponse> Echo(int status)
        => request => VendorResponse.Json(status, $$"""
            {"code":"{{request.Query("subject_access_token")}}","message":"POST {{request.PathAndQuery}} failed",
            "details":"{{request.Query("subject_access_token")}}"}
            """);

    // All that a program would log of a result or an exception.
    private static async Task<string> ShownAsync<T>(Task<T> call)
    {
        try
        {
            return await call is TokenValidation validation ? $"{validation.Verdict} {validation.Reason}" : "";
        }
        catch (TokenClientException exception)
        {
            var problems = exception is TokenInvalidRequestException wrong ? string.Join(" ", wrong.Problems) : "";
            return $"{exception} {exception.VendorErrorCode} {exception.VendorMessage} {exception.VendorRequestId} {problems}";
        }
    }

    [TestCase(400)]
    [TestCase(404)]
    public void A_page_in_place_of_the_validation_is_no_verdict(int status)
    {
        _vendor.On("POST", Validation, VendorResponse.Html(status, "<html>Not here</html>"));
        var secret = TokenReference.BySecret(new TokenSecret("token-secret-value"));

        foreach (var call in new Func<Task>[] { () => _client.ValidateAsync(secret), () => _client.GetAsync(secret) })
            Assert.That(
                async () => await call(),
                Throws.InstanceOf<TokenClientException>().And.Not.TypeOf<TokenNotFoundException>().With.Message.Contains(
                "in front of the API"));
    }

    private XmsTokenClient Client(Action<XmsOptions>? change = null)
    {
        var options = new XmsOptions { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), MaxRetries = 0, CreationSettleTime = TimeSpan.Zero,
            AccessToken = new TokenSecret("own-secret") };
        change?.Invoke(options);
        return new XmsTokenClient("lab", options, timeProvider: _clock);
    }

    private XmsTokenClient PasswordClient()
        => Client(options => (options.AccessToken, options.Username, options.Password) = (null, "admin", new TokenSecret("pass \"word")));

    private sealed class Log : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString()!);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
