using System.Globalization;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>The base of the tests of retries: a vendor that carries out every request, with a clock that skips waits.</summary>
internal abstract class ResilienceFixture
{
    protected const string List = "/v2025/personal-access-tokens";
    protected const string Token = "/v2025/personal-access-tokens/x";
    protected static readonly TokenReference X = TokenReference.ById("x");
    protected static readonly CreateTokenRequest New = new() { Name = "n", Expiry = TokenExpiry.Never };
    protected WaitSkippingClock _clock = null!;
    protected VendorServer _vendor = null!;

    [SetUp]
    public void Start()
    {
        _clock = new WaitSkippingClock();
        _vendor = new VendorServer(timeProvider: _clock);
        _vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"at"}"""));
        _vendor.On("GET", List, VendorResponse.Json(200, "[]"));
        _vendor.On("DELETE", Token, VendorResponse.Empty(204));
        _vendor.On("PATCH", Token, VendorResponse.Json(200, """{"id":"x"}"""));
        _vendor.On("POST", List, VendorResponse.Json(200, """{"id":"x","secret":"s"}"""));
    }

    [TearDown]
    public void Stop() => _vendor.Dispose();

    protected int Count(string method, string? path = null) => _vendor.Requests.Count(
        request => request.Method == method && request.Path != "/oauth/token" && (path is null || request.Path == path));

    protected SailPointTokenClient Client(Action<SailPointOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new SailPointOptions { BaseAddress = _vendor.BaseAddress, ClientId = "id "
            + TestContext.CurrentContext.Test.ID.ToString(CultureInfo.InvariantCulture), ClientSecret = new TokenSecret("secret") };
        change?.Invoke(options);
        return new SailPointTokenClient("prod", options, new() { TimeProvider = clock ?? _clock });
    }
}
