using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>A vendor, a disk, consumers and a clock. Processes that rotate come and go.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Lineage = "export";

    private readonly List<IAsyncDisposable> _processes = [];

    public World(RotationSubject subject, RotationPolicy? policy = null, int[]? intervals = null)
    {
        Subject = subject;
        Emulator = subject.Start(new EmulatorOptions { TimeProvider = Clock });
        if (Emulator is VMwareCloudEmulator vmware)
            vmware.OwnToken.ExpiresAt = null;
        Policy = policy ?? new RotationPolicy();
        intervals ??= [1, 4];
        Consumers = [.. intervals.Select((interval, index) => new Consumer($"app{index}", SecretPath, Emulator, Clock, interval))];
        ConsumerNames = [.. intervals.Select((_, index) => $"app{index}")];
    }

    public RotationSubject Subject { get; }

    public VendorEmulator Emulator { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tokenwright-rotation-").FullName;

    public RotationPolicy Policy { get; set; }

    public IReadOnlyList<Consumer> Consumers { get; }

    public IReadOnlyList<string> ConsumerNames { get; }

    public List<RotationEvent> Events { get; } = [];

    public ILoggerFactory? Logs { get; set; }

    public string SecretPath => Path.Combine(Directory, "secret.json");

    public string JournalPath => Path.Combine(Directory, "rotation.db");

    public SecretSealer Sealer { get; set; } =
        SecretSealer.AesGcm(new TokenSecret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="));

    /// <summary>Gets or sets sinks in place of the file.</summary>
    public IReadOnlyList<ISecretSink>? Sinks { get; set; }

    public bool IsConnectionCredential { get; init; }

    public bool HasNoIdToken { get; init; }

    /// <summary>Gets or sets the file that the connection reads its own token from; null for the emulator's own.</summary>
    public string? OwnSecretFile { get; set; }

    /// <summary>Gets the vendor's tokens of the lineage, including those that have expired.</summary>
    public IReadOnlyList<EmulatedToken> Tokens => [.. Emulator.Tokens.Where(
        token => (token.Name ?? token.Description)?.Contains($"{Lineage}-", StringComparison.Ordinal) == true
            && token is { IsRevoked: false, IsDeactivated: false })];

    public IReadOnlyList<EmulatedToken> Living => [.. Tokens.Where(token => token.IsActive(Clock.GetUtcNow()))];

    /// <summary>Starts a process.</summary>
    public TokenRotator Start(Freezer? freezer = null)
    {
        freezer ??= new Freezer();
        IRotationJournal journal = SqliteRotationJournal.Open(JournalPath);
        _processes.Add(journal);
        return new TokenRotator(new TokenRotatorOptions
        {
            Lineages = [LineageFor(freezer)],
            Journal = new FreezingJournal(journal, freezer),
            Sealer = Sealer,
            GetClient = Remembering(Connect(freezer)),
            TimeProvider = Clock,
            LoggerFactory = Logs,
            OnEvent = Events.Add,
        });
    }

    /// <summary>Ends all processes at once. What they hold is released by the system.</summary>
    public async Task KillAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        _processes.Clear();
    }

    public TokenLineage LineageFor(Freezer freezer) => new()
    {
        Name = Lineage,
        Connection = "lab",
        CreateRequest = Subject.CreateRequest,
        Sinks = Sinks ?? [new FileSecretSink(SecretPath, new AtomicFile(SecretPath, step => freezer.StepAsync($"file: {step}")))],
        Consumers = ConsumerNames,
        Policy = Policy,
        IsConnectionCredential = IsConnectionCredential,
        ReadIdToken = HasNoIdToken ? null : _ => new(VMwareCloudEmulator.IdToken),
    };

    public ITokenClient Connect(Freezer? freezer = null)
    {
        var settings = Subject.SettingsOf(Emulator).ToDictionary();
        if (OwnSecretFile is not null)
        {
            // The file has the id too.
            var secret = settings.Keys.Single(name => name is "ClientSecret" or "AccessToken" or "ApiToken" or "Token");
            settings.Remove(secret);
            settings.Remove("ClientId");
            settings[$"{secret}:File"] = OwnSecretFile;
        }

        var vendor = TokenVendors.Find(Emulator.Vendor)!;
        var options = vendor.CreateOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings!).Build().Bind(options);
        options.CreationSettleTime = TimeSpan.Zero;
        options.MaxRetries = 0;
        options.CallsPerWindow = null;
        return vendor.CreateClient("lab", options, new ConnectionEnvironment
        {
            TimeProvider = new ProcessClock(Clock), Transport = new FreezingHandler(freezer ?? new Freezer()),
        });
    }

    /// <summary>Determines whether the vendor accepts a secret, whichever credential the connection has.</summary>
    public async Task<bool> WorksAsync(RotatedSecret secret)
    {
        using var client = Connect();
        var reference = client.Metadata.Capabilities[TokenOperation.Validate].References.HasFlag(TokenReferenceKinds.IdAndSecret)
            ? TokenReference.ByIdAndSecret(secret.Id!, secret.Secret) : TokenReference.BySecret(secret.Secret);
        return (await client.ValidateAsync(reference)).IsActive;
    }

    public async Task ConsumeAsync()
    {
        foreach (var consumer in Consumers)
            await consumer.TurnAsync();
    }

    /// <summary>Runs, lets the consumers work, and lets the time pass, until the lineage is at rest.</summary>
    public async Task<RotationStatus> SettleAsync(TokenRotator rotator, Func<RotationStatus, bool>? isEnd = null)
    {
        for (var round = 0; round < 400; round++)
        {
            await rotator.RunDueAsync();
            await ConsumeAsync();
            var status = await rotator.StatusAsync(Lineage);
            if (isEnd?.Invoke(status) ?? IsAtRest(status))
                return status;
            Clock.Advance(status.NextAt - Clock.GetUtcNow() is { } wait && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1));
            await ConsumeAsync();
        }

        var last = await rotator.StatusAsync(Lineage);
        throw new InvalidOperationException(
            $"It is not at rest: {last.Stage} {last.Position}, {last.WaitsFor}, {string.Join(Environment.NewLine, last.Evidence)}");
    }

    public static bool IsAtRest(RotationStatus status)
        => status is { Stage: RotationStage.Done, SoughtTokenNames: [], OldGenerations: [], Generation: > 0 };

    /// <summary>Determines whether the first token was replaced.</summary>
    public static bool IsReplacedAtRest(RotationStatus status) => IsAtRest(status) && status.Generation > 1;

    /// <summary>Lets the time pass until the next rotation is due.</summary>
    public async Task AwaitDueAsync(TokenRotator rotator)
    {
        var status = await rotator.StatusAsync(Lineage);
        Clock.SetUtcNow(status.NextAt!.Value);
        await ConsumeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Emulator.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static Func<string, ITokenClient> Remembering(ITokenClient client) => _ => client;
}
