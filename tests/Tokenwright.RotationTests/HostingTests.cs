using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

internal sealed class HostingTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private string _directory = null!;
    private XmsEmulator _emulator = null!;

    [SetUp]
    public void Start()
    {
        _directory = Directory.CreateTempSubdirectory("tokenwright-hosting-").FullName;
        _emulator = new XmsEmulator(new EmulatorOptions { TimeProvider = _clock });
    }

    [TearDown]
    public void Stop()
    {
        _emulator.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_host_rotates_in_the_background_and_tells_the_program()
    {
        var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var generations = 0;
        using var host = Host(options => options.OnEvent = one =>
        {
            if (one.Stage == RotationStage.Published)
                (++generations == 1 ? published : again).SetResult();
        });

        await host.StartAsync();
        await published.Task;
        await WhenDone(host, 1);
        _clock.Advance(TimeSpan.FromDays(60));
        await again.Task;
        await host.StopAsync();

        Assert.That((await host.Services.GetRequiredService<TokenRotator>().StatusAsync("backup")).Generation, Is.EqualTo(2));
    }

    [Test]
    public async Task A_program_with_its_own_schedule_has_no_background_service()
    {
        using var host = Host(options => options.RunInBackground = false);
        await host.StartAsync();

        Assert.That(host.Services.GetServices<IHostedService>().Where(service => service is RotationService), Is.Empty);
        Assert.That((await host.Services.GetRequiredService<TokenRotator>().RunDueAsync()).Statuses.Single().Generation, Is.EqualTo(1));
        await host.StopAsync();
    }

    [Test]
    public async Task The_health_check_tells_what_has_no_token_and_what_needs_attention()
    {
        using var host = Host(options => options.RunInBackground = false);
        var rotator = host.Services.GetRequiredService<TokenRotator>();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var fresh = (await health.CheckHealthAsync()).Entries["tokenwright-rotation"];
        Assert.That((fresh.Status, fresh.Description), Is.EqualTo((HealthStatus.Degraded, "backup: There is no token.")));
        Assert.That(fresh.Data["withoutToken"], Is.EqualTo(1));
        await rotator.RunDueAsync();
        Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

        _clock.Advance(TimeSpan.FromDays(60));
        _emulator.Faults.Inject(Fault.Status(403), "POST", times: 9);
        await rotator.RunDueAsync();
        var degraded = (await health.CheckHealthAsync()).Entries["tokenwright-rotation"];

        Assert.That(degraded.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(degraded.Description, Does.StartWith("backup: ").And.Contain("403"));
        Assert.That(degraded.Data["blocked"], Is.EqualTo(1));
    }

    [Test]
    public async Task The_health_check_fails_when_a_token_in_use_has_expired()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.SailPoint);
        using var rotator = world.Start();
        world.Emulator.Faults.Inject(Fault.Status(403), "POST", LostResponseTests.CreatePath(world), times: 9);
        await rotator.RunDueAsync();
        var services = new ServiceCollection().AddLogging().AddSingleton(rotator).AddSingleton<TimeProvider>(world.Clock);
        services.AddHealthChecks().AddTokenwrightRotation();
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        var expiry = (await rotator.StatusAsync(World.Lineage)).ExpiresAt!.Value;

        world.Clock.SetUtcNow(expiry.AddSeconds(-1));
        Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Degraded));
        world.Clock.SetUtcNow(expiry);
        var expired = (await health.CheckHealthAsync()).Entries["tokenwright-rotation"];

        Assert.That((expired.Status, expired.Description), Is.EqualTo(
            (HealthStatus.Unhealthy, "The token in use has expired: export.")));
        Assert.That(expired.Data["expired"], Is.EqualTo(1));
    }

    [Test]
    public async Task A_record_that_can_t_be_read_stops_no_other_lineage()
    {
        using (var before = Host(AddOther))
            await before.Services.GetRequiredService<TokenRotator>().RunDueAsync();
        Run("UPDATE lineage SET state = '{' WHERE name = 'other'");
        using var host = Host(AddOther);
        var rotator = host.Services.GetRequiredService<TokenRotator>();

        var waiting = await rotator.RunDueAsync();
        Assert.That((waiting.Statuses.Count, waiting.Failures.Count), Is.EqualTo((0, 1)), "nothing is due");
        _clock.Advance(TimeSpan.FromDays(60));
        var due = await rotator.RunDueAsync();

        Assert.That(due.Statuses.Select(status => (status.Lineage, status.Generation)), Is.EqualTo(new[] { ("backup", 2) }));
        Assert.That(due.Failures.Single().Key, Is.EqualTo("other"));
        Assert.That(due.Failures["other"], Is.TypeOf<InvalidOperationException>().With.Message.Contains("'other' can't be read"));
        var unhealthy = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["tokenwright-rotation"];
        Assert.That(unhealthy.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(unhealthy.Description, Is.EqualTo(due.Failures["other"].Message));
        Assert.That((unhealthy.Data["lineages"], unhealthy.Data["unreadable"]), Is.EqualTo((2, 1)));
        Assert.That(async () => await rotator.StatusAsync(), Throws.InvalidOperationException);

        void AddOther(RotationOptions options)
        {
            options.RunInBackground = false;
            options.Lineages.Add(Lineage("other"));
        }
    }

    [Test]
    public async Task An_event_that_the_program_can_t_take_is_logged_as_such_and_the_rotation_goes_on()
    {
        using var logs = new CollectingLogs();
        using var host = Host(
            options =>
            {
                options.RunInBackground = false;
                options.OnEvent = _ => throw new InvalidOperationException("nobody listens");
            },
            services => services.AddSingleton<ILoggerFactory>(logs));

        var run = await host.Services.GetRequiredService<TokenRotator>().RunDueAsync();

        Assert.That((run.Statuses.Single().Generation, run.Failures.Count), Is.EqualTo((1, 0)));
        Assert.That(logs.Text, Does.Contain("backup: OnEvent failed. The rotation goes on.").And.Contain("nobody listens")
            .And.Not.Contain("the rotation failed"));
    }

    [Test]
    public async Task The_metrics_tell_age_due_blocked_and_debts_by_connection()
    {
        using var host = Host(options => options.RunInBackground = false);
        await host.Services.GetRequiredService<TokenRotator>().RunDueAsync();
        _clock.Advance(TimeSpan.FromDays(61));
        var measured = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name.StartsWith("tokenwright.rotation.", StringComparison.Ordinal))
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Single().Value is "storage-lab")
                measured[instrument.Name] = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();

        Assert.That(measured, Is.EquivalentTo(new Dictionary<string, double>
        {
            ["tokenwright.rotation.age"] = TimeSpan.FromDays(61).TotalSeconds, ["tokenwright.rotation.due"] = 1,
            ["tokenwright.rotation.blocked"] = 0, ["tokenwright.rotation.debts"] = 0,
        }));
    }

    [Test]
    public void Missing_options_are_all_reported_at_once()
        => Assert.That(
            () => new ServiceCollection().AddRotation(options => options.Interval = TimeSpan.Zero),
            Throws.InvalidOperationException.With.Message.Contains("JournalPath").And.Message.Contains("CreateSealer")
                .And.Message.Contains("Interval"));

    [Test]
    public void Rotations_are_added_once()
    {
        var services = new ServiceCollection();
        void Add() => services.AddRotation(options =>
        {
            options.JournalPath = "rotation.db";
            options.CreateSealer = _ => LineageTests.Sealer;
        });
        Add();

        Assert.That(Add, Throws.InvalidOperationException.With.Message.Contains("in one call"));
    }

    private static async Task WhenDone(IHost host, int generation)
    {
        var rotator = host.Services.GetRequiredService<TokenRotator>();
        while (await rotator.StatusAsync("backup") is not { Stage: RotationStage.Done } status || status.Generation != generation)
            await Task.Yield();
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "rotation.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1));
    }

    private TokenLineage Lineage(string name) => new()
    {
        Name = name,
        Connection = "storage-lab",
        CreateRequest = tokenName => new CreateTokenRequest { Name = tokenName, Roles = [new("auditor")] },
        Sinks = [new FileSecretSink(Path.Combine(_directory, $"{name}.json"))],
    };

    private IHost Host(Action<RotationOptions> configure, Action<IServiceCollection>? addServices = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.AddTokenwright().AddXms("storage-lab", options =>
        {
            options.BaseAddress = new Uri(_emulator.ConnectionSettings["BaseAddress"]);
            options.AccessToken = new TokenSecret(_emulator.ConnectionSettings["AccessToken"]);
            options.MaxRetries = 0;
        });
        builder.Services.AddRotation(options =>
        {
            options.JournalPath = Path.Combine(_directory, "rotation.db");
            options.CreateSealer = _ => LineageTests.Sealer;
            options.Lineages.Add(Lineage("backup"));
            configure(options);
        });
        builder.Services.AddHealthChecks().AddTokenwrightRotation();
        addServices?.Invoke(builder.Services);
        return builder.Build();
    }
}
