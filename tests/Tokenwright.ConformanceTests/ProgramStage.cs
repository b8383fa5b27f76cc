using Microsoft.Extensions.Configuration;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests;

/// <inheritdoc cref="IProgramStage"/>
/// <typeparam name="TOptions">The options of its connections.</typeparam>
/// <param name="emulator">The emulator. The stage disposes it.</param>
/// <param name="clock">The clock of the emulator and its clients.</param>
/// <param name="work">Configures a connection to authenticate with a token in place of the emulator's credential.</param>
/// <param name="vendor">The vendor, which creates the clients.</param>
/// <param name="settings">The settings of connections; null for the emulator's own.</param>
/// <param name="user">The settings of connections that sign in as a user, without the address; null if the vendor has no such
/// connections.</param>
internal sealed class ProgramStage<TOptions>(
    VendorEmulator emulator,
    TimeProvider clock,
    Action<TOptions, EmulatedToken> work,
    TokenVendor<TOptions> vendor,
    IReadOnlyDictionary<string, string>? settings = null,
    IReadOnlyDictionary<string, string>? user = null)
    : EmulatorStage(emulator, (own, transport) => vendor.CreateClient(
        "conformance", Unhurried(settings ?? emulator.ConnectionSettings, work, own),
            new() { Transport = transport, TimeProvider = clock })),
        IProgramStage
    where TOptions : ConnectionOptions, new()
{
    public IReadOnlyDictionary<string, string> Settings { get; } = settings ?? emulator.ConnectionSettings;

    public bool CanSignIn => user is not null;

    public ITokenClient OpenAsPrograms(HttpMessageHandler transport, TimeProvider clock, bool signIn = false, int? maxResponseBytes = null)
    {
        var options = Options(signIn ? [.. user!,
            KeyValuePair.Create(nameof(ConnectionOptions.BaseAddress), Settings[nameof(ConnectionOptions.BaseAddress)])] : Settings);
        options.MaxResponseBytes = maxResponseBytes ?? options.MaxResponseBytes;
        var client = vendor.CreateClient(
            "conformance", options, new() { Transport = transport, TimeProvider = clock, LoggerFactory = Recording.Logs });
        return new TokenClientBuilder(client).UseTelemetry(clock).UseLogging(Recording.Logs, clock).Build();
    }

    // The clock stands still, so a retry or a rate limit would wait for ever. Other suites test those.
    private static TOptions Unhurried(
        IReadOnlyDictionary<string, string> settings, Action<TOptions, EmulatedToken> work, EmulatedToken? own)
    {
        var options = Options(settings);
        options.MaxRetries = 0;
        options.CallsPerWindow = null;
        if (own is not null)
            work(options, own);
        return options;
    }

    private static TOptions Options(IEnumerable<KeyValuePair<string, string>> settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings!).Build().Get<TOptions>()!;
}
