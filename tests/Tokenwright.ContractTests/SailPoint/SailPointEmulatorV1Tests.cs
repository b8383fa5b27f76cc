using Newtonsoft.Json.Linq;
using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>
/// How the SailPoint emulator changes many tokens, introspects and revokes access tokens, and handles the paging of lists.
/// </summary>
internal sealed class SailPointEmulatorV1Tests : SailPointEmulatorFixture
{
    private const string Bulk = "personal-access-tokens/v1/bulk-update";
    private const string ToNever =
        """[{"op":"remove","path":"/expirationDate"},{"op":"replace","path":"/userAwareTokenNeverExpires","value":true}]""";

    [TestCase("PATCH", ToNever)]
    [TestCase("POST", """[{"op":"replace","path":"/expirationDate","value":null},""" +
        """{"op":"replace","path":"/userAwareTokenNeverExpires","value":true}]""")]
    public async Task A_bulk_update_changes_all_tokens_and_returns_them_sorted_by_id(string method, string patch)
    {
        var tokens = new[] { "b", "a" }.Select(id => _emulator.Add(new EmulatedToken { Id = id, Name = id, ExpiresAt = Start.AddDays(1) }))
            .ToList();

        var (status, body) = await SendBulk(method, $$"""{"ids":["b","a"],"patch":{{patch}}}""");

        Assert.That(status, Is.EqualTo(200), body);
        Assert.That(JArray.Parse(body).Select(token => (string?)token["id"]), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(JArray.Parse(body)[0]["userAwareTokenNeverExpires"], Is.Null);
        Assert.That(tokens.Select(token => token.ExpiresAt), Is.All.Null);
    }

    private static readonly TestCaseData[] Refused =
    [
        new("[]", "400.0 Bad request syntax"),
        new("""{"ids":["a"]}""", "400.0 Bad request syntax"),
        new("""{"ids":[1],"patch":[]}""", "400.0 Bad request syntax"),
        new("""{"ids":["a"],"patch":[]}""", "400.1.0 Required data missing or empty"),
        new($$"""{"ids":[],"patch":{{ToNever}}}""", "400.1.3 Illegal value"),
        new($$"""{"ids":["a","a"],"patch":{{ToNever}}}""", "400.1.3 Illegal value"),
        new($$"""{"ids":["a"," "],"patch":{{ToNever}}}""", "400.1.3 Illegal value"),
        new($$"""{"ids":[{{string.Join(',', Enumerable.Range(0, 26).Select(number => $"\"{number}\""))}}],"patch":{{ToNever}}}""",
            "400.1.3 Illegal value"),
        new($$"""{"ids":["a","unknown"],"patch":{{ToNever}}}""", "400.1.3 Illegal value"),
        new("""{"ids":["a"],"patch":[{"op":"replace","path":"/name","value":"n"}]}""", "400.1.3 Illegal value"),
        new("""{"ids":["a"],"patch":[{"op":"remove","path":"/expirationDate"}]}""", "400.1 Bad Request Content"),
    ];

    [TestCaseSource(nameof(Refused))]
    public async Task A_wrong_bulk_update_is_refused_and_changes_nothing(string body, string code)
    {
        var token = _emulator.Add(new EmulatedToken { Id = "a", Name = "a", ExpiresAt = Start.AddDays(1) });

        var (status, text) = await SendBulk("PATCH", body);

        Assert.That((status, (string?)JObject.Parse(text)["detailCode"]), Is.EqualTo((400, code)));
        Assert.That(token.ExpiresAt, Is.EqualTo(Start.AddDays(1)));
    }

    [Test]
    public async Task An_API_client_can_t_update_in_bulk()
    {
        var access = await AccessToken(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);

        var (status, body) = await Send("PATCH", Bulk, $$"""{"ids":["a"],"patch":{{ToNever}}}""", access);

        Assert.That((status, (string?)JObject.Parse(body)["detailCode"]), Is.EqualTo((403, "403 Forbidden")));
    }

    [Test]
    public async Task The_versions_have_no_bulk_update()
        => Assert.That((await Send("PATCH", $"{Pats}/bulk-update", "[]", await AccessToken())).Status, Is.EqualTo(404));

    [Test]
    public async Task An_access_token_can_be_introspected_and_revoked()
    {
        using var client = Client();
        var api = client.GetRequiredService<ISailPointApiClient>();
        var form = new OAuthTokenForm { Token = await AccessToken(), TokenTypeHint = "access_token" };

        var active = await api.IntrospectAccessTokenAsync(form);
        await api.RevokeAccessTokenAsync(form);
        var revoked = await api.IntrospectAccessTokenAsync(form);

        Assert.That((active.Active, active.ClientId, active.IdentityId),
            Is.EqualTo(((bool?)true, SailPointEmulator.ClientId, "2c9180a46faadee4016fb4e018c20639")));
        Assert.That(active.Scope, Is.EqualTo(_emulator.Tokens[0].Scopes));
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(active.Exp!.Value), Is.EqualTo(Start.AddSeconds(43200)));
        Assert.That((revoked.Active, revoked.ClientId), Is.EqualTo(((bool?)false, (string?)null)));
        Assert.That((await Get(Pats, form.Token)).Status, Is.EqualTo(401));

        // The personal access token itself is still valid, and an unknown access token is no error.
        Assert.That((await Get(Pats, await AccessToken())).Status, Is.EqualTo(200));
        await api.RevokeAccessTokenAsync(new OAuthTokenForm { Token = "unknown" });
        Assert.That((await api.IntrospectAccessTokenAsync(new OAuthTokenForm { Token = "unknown" })).Active, Is.False);
        Assert.That(() => api.IntrospectAccessTokenAsync(new OAuthTokenForm()), Throws.InstanceOf<Exception>());
    }

    [TestCase(SailPointPaging.Ignored, "?limit=1&offset=1", 3)]
    [TestCase(SailPointPaging.Honoured, "", 3)]
    [TestCase(SailPointPaging.Honoured, "?limit=1&offset=1", 1)]
    [TestCase(SailPointPaging.Honoured, "?offset=3", 0)]
    [TestCase(SailPointPaging.Honoured, "?limit=251", null)]
    [TestCase(SailPointPaging.Honoured, "?offset=-1", null)]
    [TestCase(SailPointPaging.Refused, "", 3)]
    [TestCase(SailPointPaging.Refused, "?limit=1", null)]
    [TestCase(SailPointPaging.Refused, "?offset=1", null)]
    public async Task A_list_is_paged_as_the_option_says(SailPointPaging paging, string query, int? count)
    {
        _emulator.Add(new EmulatedToken { Name = "n1" });
        _emulator.Add(new EmulatedToken { Name = "n2" });
        _emulator.Paging = paging;

        var (status, body) = await Get(Pats + query, await AccessToken());

        Assert.That(status, Is.EqualTo(count is null ? 400 : 200), body);
        if (count is not null)
            Assert.That(JArray.Parse(body), Has.Count.EqualTo(count));
    }

    private async Task<(int Status, string Body)> SendBulk(string method, string body)
        => await Send(method, Bulk, body, await AccessToken());
}
