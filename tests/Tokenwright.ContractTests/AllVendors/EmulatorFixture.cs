using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The base of the tests of an emulator. Each test gets a new emulator with the test's clock.</summary>
internal abstract class EmulatorFixture<TEmulator>
    where TEmulator : VendorEmulator
{
    protected FakeTimeProvider _clock = null!;
    protected TEmulator _emulator = null!;
    protected HttpClient _http = null!;

    protected virtual DateTimeOffset StartedAt => new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    [SetUp]
    public void StartEmulator()
    {
        _clock = new FakeTimeProvider(StartedAt);
        _emulator = NewEmulator(EmulatorBehaviour.Live);
        _http = new HttpClient { BaseAddress = _emulator.BaseAddress };
    }

    [TearDown]
    public void StopEmulator()
    {
        _http.Dispose();
        _emulator.Dispose();
    }

    protected abstract TEmulator NewEmulator(EmulatorOptions options);

    protected TEmulator NewEmulator(EmulatorBehaviour behaviour)
        => NewEmulator(new EmulatorOptions { TimeProvider = _clock, Behaviour = behaviour });

    protected void Restart(EmulatorBehaviour behaviour)
    {
        StopEmulator();
        _emulator = NewEmulator(behaviour);
        _http = new HttpClient { BaseAddress = _emulator.BaseAddress };
    }

    /// <summary>Sends a request directly, without the adapter, to this emulator or a given one.</summary>
    protected async Task<(int Status, string Body)> SendAsync(string method, string path, string? body,
        (string Name, string Value)? header, TEmulator? emulator = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri((emulator ?? _emulator).BaseAddress, path));
        if (header is { } given)
            request.Headers.TryAddWithoutValidation(given.Name, given.Value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
