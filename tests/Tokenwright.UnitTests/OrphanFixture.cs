using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>
/// The base of the tests of lost creates: every vendor whose tokens can be found, over sockets, with a clock that skips waits.
/// </summary>
internal abstract class OrphanFixture
{
    protected static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    // Timeouts of a client that is held for a long time are not waits either.
    protected static readonly TimeSpan LongAttempt = TimeSpan.FromMinutes(5);

    protected static readonly TimeSpan LongCall = TimeSpan.FromMinutes(10);
    protected readonly WaitSkippingClock _clock = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), LongAttempt, LongCall);
    private readonly Dictionary<OrphanVendor, (VendorEmulator Emulator, SkewedClock Clock)> _emulators = [];
    private readonly List<IDisposable> _opened = [];
    protected static IEnumerable<TestCaseData> FoundByName => Vendors.Where(vendor => vendor.CreatedMember is not null).Select(Case);
    protected static IEnumerable<TestCaseData> FoundByKey => Vendors.Where(vendor => vendor.CreatedMember is null).Select(Case);
    protected static IEnumerable<TestCaseData> All => Vendors.Select(Case);
    protected static IReadOnlyList<OrphanVendor> Vendors => OrphanVendor.All;

    [OneTimeSetUp]
    public void BeginInTheMiddleOfADay() => _clock.Advance(TimeSpan.FromHours(1));

    [OneTimeTearDown]
    public void Close()
    {
        foreach (var emulator in _emulators.Values)
            emulator.Emulator.Dispose();
    }

    [TearDown]
    public void CloseClients()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            opened.Dispose();
        _opened.Clear();
    }

    protected static ITokenCreationRecovery Recovery(OrphanStage stage) => stage.Client.GetService<ITokenCreationRecovery>()!;

    protected static TokenOutcomeUnknownException Unknown(
        OrphanStage stage, UnknownOutcomeAction action, CreateTokenRequest? request = null)
        => Assert.ThrowsAsync<TokenOutcomeUnknownException>(
            () => stage.Client.CreateAsync(new(request ?? stage.Vendor.Request) { IfOutcomeUnknown = action }), stage.Vendor.Title)!;

    protected OrphanStage Start(OrphanVendor vendor, TimeSpan ahead = default, Dictionary<string, string>? settings = null)
    {
        if (!_emulators.TryGetValue(vendor, out var known))
        {
            var clock = new SkewedClock(_clock);
            _emulators[vendor] = known = (vendor.Start(new() { TimeProvider = clock }), clock);
        }

        known.Clock.Ahead = ahead;
        known.Emulator.Clear();
        known.Emulator.Faults.Clear();
        known.Emulator.ListLag = TimeSpan.Zero;
        var transport = Opened(new OrphanTransport(vendor, _clock));
        return new OrphanStage(vendor, known.Emulator, transport, Opened(vendor.Open(known.Emulator, transport, _clock, settings ?? [])));
    }

    protected T Opened<T>(T opened)
        where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    private static TestCaseData Case(OrphanVendor vendor) => new TestCaseData(vendor).SetArgDisplayNames(vendor.Title);

    private sealed class SkewedClock(TimeProvider clock) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Ahead;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => clock.CreateTimer(callback, state, dueTime, period);
    }
}
