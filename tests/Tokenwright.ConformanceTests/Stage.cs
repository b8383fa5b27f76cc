using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Http;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>The vendor's side of a subject while a test runs: the truth about its tokens, and clients that see it through the vendor's API.</summary>
internal abstract class Stage : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    /// <summary>The tokens that the vendor keeps.</summary>
    public abstract IReadOnlyList<EmulatedToken> Tokens { get; }

    /// <summary>How many requests have reached the vendor.</summary>
    public abstract int Requests { get; }

    public abstract EmulatedToken Add(EmulatedToken token);

    public abstract void Remove(EmulatedToken token);

    public abstract void Clear();

    /// <summary>Holds a request that the newest client sends, until the stage ends.</summary>
    /// <param name="operation">The operation that sends it.</param>
    /// <param name="number">Which of the client's requests from its first on.</param>
    /// <returns>Done when the vendor has the request.</returns>
    public abstract Task Hold(TokenOperation operation, int number);

    /// <summary>Makes a client. It ends with the stage.</summary>
    /// <param name="own">The token that it works with; null for the credential of the emulator.</param>
    public ITokenClient Open(EmulatedToken? own = null)
    {
        var client = CreateClient(own);
        _opened.Add(client);
        return client;
    }

    /// <summary>The emulator behind it; null where the client is its own vendor.</summary>
    public virtual VendorEmulator? Emulator => null;

    /// <summary>Whether clients can sign in as a user too, in place of working with a token.</summary>
    public virtual bool CanSignIn => false;

    /// <summary>Makes a client as programs have it, with the default times and numbers. It is the caller's.</summary>
    /// <param name="transport">What sends its requests.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="signIn">Whether it signs in as a user.</param>
    /// <param name="maxResponseBytes">How many bytes an answer may have; null for the default.</param>
    /// <remarks>It is watched and logged as a container's clients are; a <see cref="Recording"/> hears of it.</remarks>
    public virtual ITokenClient OpenAsPrograms(HttpMessageHandler transport, TimeProvider clock, bool signIn = false, int? maxResponseBytes = null)
        => throw new NotSupportedException("There is no HTTP behind this client.");

    public virtual void Dispose() => _opened.ForEach(opened => opened.Dispose());

    protected abstract ITokenClient CreateClient(EmulatedToken? own);

    protected void Own(IDisposable opened) => _opened.Add(opened);
}

/// <summary>A vendor that is an emulator.</summary>
/// <typeparam name="TOptions">The options of its connections.</typeparam>
/// <param name="emulator">The emulator; it ends with the stage.</param>
/// <param name="clock">The clock of the emulator and its clients.</param>
/// <param name="work">Makes a connection work with a token in place of the emulator's credential.</param>
/// <param name="open">Makes a client.</param>
/// <param name="settings">The settings of connections; null for the emulator's own.</param>
/// <param name="user">The settings of connections that sign in as a user, beside the address; null where none do.</param>
internal sealed class EmulatorStage<TOptions>(
    VendorEmulator emulator,
    FakeTimeProvider clock,
    Action<TOptions, EmulatedToken> work,
    Func<TOptions, HttpMessageHandler, TimeProvider, ILoggerFactory, ITokenClient> open,
    IReadOnlyDictionary<string, string>? settings = null,
    IReadOnlyDictionary<string, string>? user = null) : Stage
    where TOptions : ConnectionOptions
{
    private readonly IReadOnlyDictionary<string, string> _settings = settings ?? emulator.ConnectionSettings;
    private HoldingTransport? _newest;

    public override VendorEmulator Emulator => emulator;

    public override bool CanSignIn => user is not null;

    public override IReadOnlyList<EmulatedToken> Tokens => emulator.Tokens;

    public override int Requests => emulator.Requests.Count;

    public override EmulatedToken Add(EmulatedToken token) => emulator.Add(token);

    public override void Remove(EmulatedToken token) => emulator.Remove(token);

    public override void Clear() => emulator.Clear();

    public override Task Hold(TokenOperation operation, int number) => _newest!.Hold(number);

    public override void Dispose()
    {
        base.Dispose();
        emulator.Dispose();
    }

    public override ITokenClient OpenAsPrograms(HttpMessageHandler transport, TimeProvider clock, bool signIn = false, int? maxResponseBytes = null)
    {
        var options = Options(signIn ? [.. user!, KeyValuePair.Create(nameof(ConnectionOptions.BaseAddress), _settings[nameof(ConnectionOptions.BaseAddress)])] : _settings);
        options.MaxResponseBytes = maxResponseBytes ?? options.MaxResponseBytes;
        return new TokenClientBuilder(open(options, transport, clock, Recording.Logs)).UseTelemetry(clock).UseLogging(Recording.Logs, clock).Build();
    }

    protected override ITokenClient CreateClient(EmulatedToken? own)
    {
        var options = Options(_settings);

        // The clock stands still, so a retry or a pace would wait for ever; they have suites of their own.
        options.MaxRetries = 0;
        options.CallsPerWindow = null;
        if (own is not null)
            work(options, own);
        Own(_newest = new HoldingTransport(emulator.Faults));
        return open(options, _newest, clock, NullLoggerFactory.Instance);
    }

    private static TOptions Options(IEnumerable<KeyValuePair<string, string>> settings)
        => new ConfigurationBuilder().AddInMemoryCollection(settings!).Build().Get<TOptions>()!;

    // The emulator holds the request; the transport counts, because only it knows which client a request is from.
    private sealed class HoldingTransport(FaultScript faults) : DelegatingHandler(VendorConnection.CreateTransport())
    {
        private readonly Fault _stall = Fault.Stall().BeforeHandling();
        private int _left = -1;

        public Task Hold(int number)
        {
            _left = number;
            return _stall.Happened;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Interlocked.Decrement(ref _left) == 0)
                faults.Inject(_stall);
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>The in-memory client, which is its own vendor.</summary>
internal sealed class InMemoryStage(FakeTimeProvider clock) : Stage
{
    private readonly InMemoryTokenClient _vendor = new(new InMemoryTokenClientOptions { TimeProvider = clock });
    private readonly TaskCompletionSource _never = new();

    public override IReadOnlyList<EmulatedToken> Tokens => _vendor.Tokens;

    public override int Requests => _vendor.Calls.Count;

    public override EmulatedToken Add(EmulatedToken token) => _vendor.Add(token);

    public override void Remove(EmulatedToken token) => _vendor.Remove(token);

    public override void Clear() => _vendor.Clear();

    public override Task Hold(TokenOperation operation, int number)
    {
        _vendor.Hold(operation, _never.Task);
        return Task.CompletedTask;
    }

    protected override ITokenClient CreateClient(EmulatedToken? own) => _vendor.WithSelf(own ?? _vendor.Self);
}
