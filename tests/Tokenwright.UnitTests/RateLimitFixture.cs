using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>The base of the tests of rate limits: a vendor that records when calls arrive, with a clock that skips waits.</summary>
internal abstract class RateLimitFixture
{
    protected const string List = "/v2025/personal-access-tokens";

    // Different from any wait here, so that the clock can recognize timeouts, and longer than the clock advances during other calls.
    protected static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(29);

    protected static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(31);
    protected WaitSkippingClock _clock = null!;
    protected VendorServer _vendor = null!;
    protected List<DateTimeOffset> _arrivals = null!;
    protected string _clientId = null!;

    [SetUp]
    public void Start()
    {
        _clock = new WaitSkippingClock(AttemptTimeout, TotalTimeout);
        _arrivals = [];
        _clientId = $"id {TestContext.CurrentContext.Test.ID}";
        _vendor = new VendorServer(timeProvider: _clock);
        _vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"at"}"""));
        _vendor.On("GET", List, Noted(() => VendorResponse.Json(200, "[]")));
    }

    [TearDown]
    public void Stop() => _vendor.Dispose();

    protected Func<ReceivedRequest, VendorResponse> Noted(Func<VendorResponse> response) => _ =>
    {
        lock (_arrivals)
            _arrivals.Add(_clock.GetUtcNow());
        return response();
    };

    protected SailPointTokenClient Client(
        int? calls = 100, TimeSpan? window = null, string? id = null, string version = "v2025", TimeProvider? clock = null,
        bool follow = true, string name = "prod", Action<SailPointOptions>? change = null)
    {
        var options = new SailPointOptions
        {
            BaseAddress = _vendor.BaseAddress,
            ClientId = id ?? _clientId,
            ClientSecret = new TokenSecret("secret"),
            ApiVersion = version,
            CallsPerWindow = calls,
            CallWindow = window ?? TimeSpan.FromSeconds(10),
            FollowRateLimitHeaders = follow,
            AttemptTimeout = AttemptTimeout,
            TotalTimeout = TotalTimeout,
        };
        change?.Invoke(options);
        return new SailPointTokenClient(name, options, new() { TimeProvider = clock ?? _clock });
    }
}
