using Tokenwright.Adapters;
using Tokenwright.Testing;
using Tokenwright.Xms;
using Tokenwright.Xms.Api;

namespace Tokenwright.UnitTests;

/// <summary>
/// Typed clients send past the connection's HTTP client. Its settings count nevertheless, and calls end with the same exceptions.
/// </summary>
internal sealed class ConnectionClientTests
{
    private const string Path = "/v1/access-tokens/7";

    private VendorServer _vendor = null!;
    private VendorConnection _connection = null!;
    private HttpClient _http = null!;
    private XmsApiClient _api = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("GET", Path, VendorResponse.Json(200, """{"access_token":{"id":7}}"""));
        Open(null);
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _connection.Dispose();
        _vendor.Dispose();
    }

    [Test]
    public async Task A_header_that_is_set_later_is_sent_once()
    {
        await _api.GetAccessTokenAsync(7);
        _http.DefaultRequestHeaders.Add("X-Later", "1");
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("program/1");
        await _api.GetAccessTokenAsync(7);

        Assert.That(_vendor.Requests.Select(request => request.Header("X-Later")), Is.EqualTo(new[] { null, "1" }));
        Assert.That(_vendor.Requests[0].Header("User-Agent"), Does.StartWith("Tokenwright/"));
        Assert.That(_vendor.Requests[1].Header("User-Agent"), Is.EqualTo("program/1"));
    }

    [Test]
    public async Task A_base_address_that_is_set_later_is_used()
    {
        await _api.GetAccessTokenAsync(7);
        _vendor.On("GET", "/other/v1/access-tokens/7", VendorResponse.Json(200, """{"access_token":{"id":8}}"""));
        _http.BaseAddress = new Uri(_vendor.BaseAddress, "/other/v1/");

        Assert.That((await _api.GetAccessTokenAsync(7)).AccessToken!.Id, Is.EqualTo(8));
    }

    [Test]
    [HangGuard]
    public async Task A_timeout_that_is_set_later_ends_a_call()
    {
        await _api.GetAccessTokenAsync(7);
        _vendor.Faults.Inject(Fault.Stall(), "GET", Path);
        _http.Timeout = TimeSpan.FromMilliseconds(50);

        Assert.That(
            () => _api.GetAccessTokenAsync(7), Throws.TypeOf<TaskCanceledException>().With.InnerException.TypeOf<TimeoutException>());
    }

    [Test]
    public void A_disposed_client_sends_nothing()
    {
        _http.Dispose();

        Assert.That(() => _api.GetAccessTokenAsync(7), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    [HangGuard]
    public async Task Disposal_of_the_client_or_the_connection_ends_its_calls([Values] bool isConnection)
    {
        var stall = Fault.Stall();
        _vendor.Faults.Inject(stall, "GET", Path);
        var call = _api.GetAccessTokenAsync(7);
        await stall.Happened;

        if (isConnection)
            _connection.Dispose();
        else
            _http.Dispose();

        Assert.That(() => call, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    [HangGuard]
    public async Task A_call_that_its_caller_cancels_has_the_callers_token([Values] bool isNetworkFailure)
    {
        using var cancellation = new CancellationTokenSource();
        var begun = new TaskCompletionSource();

        // A transport can report a cancellation as a failure of the network.
        using var transport = new ActingTransport(async (_, _) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw isNetworkFailure ? new HttpRequestException("aborted") : new OperationCanceledException("ended");
        });
        Open(transport);
        var call = _api.GetAccessTokenAsync(7, cancellation.Token);
        await begun.Task;

        await cancellation.CancelAsync();

        Assert.That(() => call, Throws.TypeOf<TaskCanceledException>().With.Property("CancellationToken").EqualTo(cancellation.Token));
    }

    private void Open(HttpMessageHandler? transport)
    {
        _http?.Dispose();
        _connection?.Dispose();
        var options = new XmsOptions
            { BaseAddress = new Uri(_vendor.BaseAddress, "/v1"), AccessToken = new TokenSecret("0123456789abcdef"), MaxRetries = 0 };
        _connection = VendorConnection.Open(XmsVendor.Instance, "prod", () => options, new() { Transport = transport });
        _http = _connection.CreateHttpClient();
        _api = new XmsApiClient(_http);
    }
}
