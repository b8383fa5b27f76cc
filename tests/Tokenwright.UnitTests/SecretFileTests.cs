using Microsoft.Extensions.Time.Testing;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>
/// A secret file that is read while it is being written: the vendor refuses the incomplete secret, and the client reads the file once more
/// before it reports that.
/// </summary>
internal sealed class SecretFileTests
{
    private const string Half = "whole-sec";
    private const string Whole = "whole-secret-value";
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private string _path = null!;
    private VendorServer _vendor = null!;
    private WaitCountingClock _clock = null!;
    private List<string?> _tried = null!;
    private SemaphoreSlim _refused = null!;

    [SetUp]
    public void Start()
    {
        _path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "secret");
        _vendor = new VendorServer();
        _clock = new WaitCountingClock();
        _tried = [];
        _refused = new SemaphoreSlim(0);
        File.WriteAllText(_path, Half);
    }

    [TearDown]
    public void Stop()
    {
        _vendor.Dispose();
        _refused.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    private static IEnumerable<TestCaseData> Subjects()
    {
        yield return Subject("Xms access token", Xms, List);
        yield return Subject("Xms password", XmsPassword, List);
        yield return Subject("fimidara token", Fimidara, List);
        yield return Subject("SailPoint client secret", SailPoint, List);
        yield return Subject("ExtremeCloud IQ API token", ExtremeCloudIQ, Get);
        yield return Subject("ExtremeCloud IQ password", ExtremeCloudIQPassword, Get);
        yield return Subject("VMware API token", VMwareCloud, Revoke);
    }

    private static TestCaseData Subject(string name, Func<SecretFileTests, ITokenClient> open, Func<ITokenClient, Task> call)
        => new TestCaseData(open, call).SetArgDisplayNames(name);

    private static Task List(ITokenClient client) => client.ListAsync().ToListAsync();

    private static Task Get(ITokenClient client) => client.GetAsync(TokenReference.Self);

    private static Task Revoke(ITokenClient client) => client.RevokeAsync(TokenReference.ById("id"));

    [TestCaseSource(nameof(Subjects))]
    [HangGuard]
    public async Task The_complete_secret_is_used_a_moment_later(Func<SecretFileTests, ITokenClient> open, Func<ITokenClient, Task> send)
    {
        using var client = open(this);

        var call = send(client);
        await IsWaitingAsync(call);
        await File.WriteAllTextAsync(_path, Whole);
        _clock.Advance(Moment);
        await call;

        Assert.That(_tried, Is.EqualTo(new[] { Half, Whole }));
    }

    [TestCaseSource(nameof(Subjects))]
    [HangGuard]
    public async Task A_wrong_secret_is_reported_after_a_short_wait_and_then_immediately(
        Func<SecretFileTests, ITokenClient> open, Func<ITokenClient, Task> send)
    {
        using var client = open(this);

        var first = send(client);
        await IsWaitingAsync(first);
        _clock.Advance(Moment);

        Assert.That(async () => await first, Throws.TypeOf<TokenAuthenticationException>());
        Assert.That(() => send(client), Throws.TypeOf<TokenAuthenticationException>(),
            "The same value is not waited for again: the clock stands still.");
        Assert.That(_tried, Is.EqualTo(new[] { Half, Half }));
    }

    // If the vendor is asked about the connection's own secret, a refusal is a verdict. It must not be about half a secret.
    private static IEnumerable<TestCaseData> Verdicts()
    {
        yield return Verdict("SailPoint client secret", SailPoint);
        yield return Verdict("VMware API token", VMwareCloudItself);
        yield return Verdict("Xms access token", XmsItself);
    }

    private static TestCaseData Verdict(string name, Func<SecretFileTests, ITokenClient> open)
        => new TestCaseData(open).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Verdicts))]
    [HangGuard]
    public async Task An_incomplete_secret_gives_no_verdict(Func<SecretFileTests, ITokenClient> open)
    {
        using var client = open(this);

        var call = client.ValidateAsync(TokenReference.Self);
        await IsWaitingAsync(call);
        await File.WriteAllTextAsync(_path, Whole);
        _clock.Advance(Moment);

        Assert.That((await call).Verdict, Is.EqualTo(TokenVerdict.Active));
        Assert.That(_tried, Is.EqualTo(new[] { Half, Whole }));
    }

    [Test]
    public async Task All_refused_calls_share_one_wait()
    {
        using var client = Xms(this);
        var calls = Enumerable.Range(0, 5).Select(_ => client.ListAsync().ToListAsync()).ToList();
        foreach (var call in calls)
            await IsWaitingAsync(call);
        await File.WriteAllTextAsync(_path, Whole);

        // A caller that is refused only now reads the complete value immediately.
        _clock.Advance(Moment);
        await Task.WhenAll(calls);

        Assert.That(_tried.Count(value => value == Whole), Is.EqualTo(calls.Count));
    }

    [Test]
    public void A_refused_value_from_the_options_does_not_cause_a_wait()
    {
        using var client = new XmsTokenClient("lab",
            new XmsOptions { BaseAddress = XmsAddress(), AccessToken = new TokenSecret(Half), MaxRetries = 0 },
                new() { TimeProvider = _clock });
        Refuse("GET", "/v1/access-tokens/", request => request.Header("Xms-Auth-Token"),
            """{"paging":{"total_count":0},"access_tokens":[]}""");

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());
    }

    private Uri XmsAddress() => new(_vendor.BaseAddress, "v1");

    // The wait starts when the refusal has been read. Only then may the clock advance.
    private async Task IsWaitingAsync(Task call)
    {
        await Task.WhenAny(_refused.WaitAsync(TestContext.CurrentContext.CancellationToken), call);
        while (!call.IsCompleted && _clock.Waits == 0)
            await Task.Yield();
        Assert.That(call.IsCompleted, Is.False, () => $"It is reported at once: {call.Exception}");
    }

    private void Refuse(string method, string path, Func<ReceivedRequest, string?> secretOf, string response, int refusal = 401)
        => _vendor.On(method, path, request =>
        {
            lock (_tried)
                _tried.Add(secretOf(request));
            if (secretOf(request) == Whole)
                return VendorResponse.Json(200, response);
            _refused.Release();
            return VendorResponse.Json(refusal, "{}");
        });

    private static XmsTokenClient Xms(SecretFileTests test)
    {
        test.Refuse("GET", "/v1/access-tokens/", request => request.Header("Xms-Auth-Token"),
            """{"paging":{"total_count":0},"access_tokens":[]}""");
        return new("lab", new XmsOptions { BaseAddress = test.XmsAddress(), AccessToken = test.Source(), MaxRetries = 0 },
            new() { TimeProvider = test._clock });
    }

    private static XmsTokenClient XmsPassword(SecretFileTests test)
    {
        test._vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"paging":{"total_count":0},"access_tokens":[]}"""));
        test.Refuse("POST", "/v1/auth/tokens:login", request => System.Text.Json.Nodes.JsonNode.Parse(
            request.Body)!["auth"]!["password"]!.ToString(), """{"token":{"uuid":"session"}}""");
        return new("lab", new XmsOptions { BaseAddress = test.XmsAddress(), Username = "me", Password = test.Source(), MaxRetries = 0 },
            new() { TimeProvider = test._clock });
    }

    private static FimidaraTokenClient Fimidara(SecretFileTests test)
    {
        test.Refuse("POST", "/v1/agentTokens/getWorkspaceTokens", request => request.Header("Authorization")!["Bearer ".Length..],
            """{"tokens":[],"page":0}""");
        return new("lab", new FimidaraOptions { BaseAddress = test._vendor.BaseAddress, Token = test.Source(), MaxRetries = 0 },
            new() { TimeProvider = test._clock });
    }

    private static SailPointTokenClient SailPoint(SecretFileTests test)
    {
        test._vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, "[]"));
        test.Refuse("POST", "/oauth/token", request => request.Form()["client_secret"], """{"access_token":"bearer"}""");
        return new("lab", new SailPointOptions { BaseAddress = test._vendor.BaseAddress, ClientId = "id", ClientSecret = test.Source(),
            MaxRetries = 0 }, new() { TimeProvider = test._clock });
    }

    private static XmsTokenClient XmsItself(SecretFileTests test)
    {
        test.Refuse("POST", "/v1/access-tokens:validate", request => request.Query("subject_access_token"),
            """{"access_token":{"id":7,"name":"n"}}""", refusal: 400);
        return new("lab", new XmsOptions { BaseAddress = test.XmsAddress(), AccessToken = test.Source(), MaxRetries = 0 },
            new() { TimeProvider = test._clock });
    }

    private static ExtremeCloudIQTokenClient ExtremeCloudIQ(SecretFileTests test)
    {
        test.Refuse("GET", "/auth/apitoken/info", request => request.Header("Authorization")!["Bearer ".Length..], "{}");
        return new("lab", new ExtremeCloudIQOptions { BaseAddress = test._vendor.BaseAddress, ApiToken = test.Source(), MaxRetries = 0 },
            new() { TimeProvider = test._clock });
    }

    private static ExtremeCloudIQTokenClient ExtremeCloudIQPassword(SecretFileTests test)
    {
        test._vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, "{}"));
        test.Refuse("POST", "/login", request => System.Text.Json.Nodes.JsonNode.Parse(request.Body)!["password"]!.ToString(),
            """{"access_token":"session"}""");
        return new("lab", new ExtremeCloudIQOptions { BaseAddress = test._vendor.BaseAddress, Username = "me", Password = test.Source(),
            MaxRetries = 0 }, new() { TimeProvider = test._clock });
    }

    private static VMwareCloudTokenClient VMwareCloud(SecretFileTests test)
    {
        test.Refuse("POST", "/csp/gateway/am/api/auth/api-tokens/authorize", request => request.Form()["api_token"],
            """{"access_token":"bearer"}""");
        test._vendor.On("POST", "/csp/gateway/am/api/orgs/o/api-tokens/deactivate", VendorResponse.Json(200, """{"successes":["id"]}"""));
        return VMwareCloudItself(test);
    }

    private static VMwareCloudTokenClient VMwareCloudItself(SecretFileTests test)
    {
        test.Refuse("POST", "/csp/gateway/am/api/auth/api-tokens/details",
            request => System.Text.Json.Nodes.JsonNode.Parse(request.Body)!["tokenValue"]!.ToString(),
            """{"tokenId":"id","orgId":"o","state":"ACTIVE","expiresAt":1900000000}""", refusal: 404);
        return new("lab", new VMwareCloudOptions { BaseAddress = test._vendor.BaseAddress, ApiToken = test.Source(), OrganizationId = "o",
            MaxRetries = 0 }, new() { TimeProvider = test._clock });
    }

    /// <summary>A clock that stands still, and counts the waits for the file.</summary>
    private sealed class WaitCountingClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero))
    {
        private int _waits;

        public int Waits => Volatile.Read(ref _waits);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == Moment)
                Interlocked.Increment(ref _waits);
            return timer;
        }
    }

    private SecretSource Source() => new() { File = _path };
}
