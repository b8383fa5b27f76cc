using System.Net.Http.Headers;
using System.Text;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The base of the tests of the ExtremeCloud IQ emulator.</summary>
internal abstract class ExtremeCloudIQEmulatorFixture : EmulatorFixture<ExtremeCloudIQEmulator>
{
    private readonly List<HttpResponseMessage> _responses = [];

    protected ExtremeCloudIQTokenClient _client = null!;

    protected override DateTimeOffset StartedAt => new(2026, 9, 1, 12, 0, 0, 250, TimeSpan.Zero);

    [SetUp]
    public void Connect() => _client = Client(options => options.ApiToken = ExtremeCloudIQEmulator.ApiToken);

    [TearDown]
    public void Disconnect()
    {
        _client.Dispose();
        foreach (var response in _responses)
            response.Dispose();
        _responses.Clear();
    }

    protected override ExtremeCloudIQEmulator NewEmulator(EmulatorOptions options) => new(options);

    protected TTyped Typed<TTyped>() => (TTyped)_client.GetService(typeof(TTyped))!;

    protected ExtremeCloudIQTokenClient Client(Action<ExtremeCloudIQOptions> change)
    {
        var options = new ExtremeCloudIQOptions { BaseAddress = _emulator.BaseAddress, MaxRetries = 0 };
        change(options);
        return new ExtremeCloudIQTokenClient("emulated", options, new() { TimeProvider = _clock });
    }

    protected static void SignIn(ExtremeCloudIQOptions options)
        => (options.Username, options.Password) = (ExtremeCloudIQEmulator.Username, ExtremeCloudIQEmulator.Password);

    protected async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? body = null, string? bearer = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        var response = await _http.SendAsync(request);
        _responses.Add(response);
        return response;
    }
}
