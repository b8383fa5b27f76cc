using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The base of the tests of an emulator: one with a clock of the test's, new for each test.</summary>
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
}
