using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>The health of connections, as a program's health checks report it.</summary>
internal sealed class HealthCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task A_connection_that_reads_is_healthy()
    {
        using var program = new Program(Now.AddDays(100));

        var result = await program.CheckAsync();

        Assert.That((result.Status, result.Description),
            Is.EqualTo((HealthStatus.Healthy, "The vendor was reached. The credential expires at 2026-10-09 12:00:00Z.")));
        Assert.That(result.Data, Is.EquivalentTo(
            new Dictionary<string, object> { ["vendor"] = "SailPoint", ["connection"] = "identity", ["expiresAt"] = Now.AddDays(100) }));
    }

    [TestCase(15, HealthStatus.Healthy, "expires at 2026-07-16 12:00:00Z")]
    [TestCase(14, HealthStatus.Degraded, "expires in 14 days")]
    [TestCase(0.5, HealthStatus.Degraded, "expires in 12 hours")]
    [TestCase(null, HealthStatus.Healthy, "The vendor was reached.")]
    public async Task It_is_degraded_before_the_credential_expires(double? days, HealthStatus status, string description)
    {
        using var program = new Program(days is { } left ? Now.AddDays(left) : null);

        var result = await program.CheckAsync();

        Assert.That(result.Status, Is.EqualTo(status));
        Assert.That(result.Description, Does.Contain(description));
    }

    [Test]
    public async Task It_is_degraded_where_the_credential_s_expiry_can_t_be_read()
    {
        using var program = new Program(null);
        program.Emulator.Tokens.Single(token => token.Name == "own").Extra = new() { ["expirationDate"] = "soon" };

        var result = await program.CheckAsync();

        Assert.That((result.Status, result.Data.ContainsKey("expiresAt")), Is.EqualTo((HealthStatus.Degraded, false)));
        Assert.That(result.Description, Does.Contain("can't be read"));
    }

    [Test]
    public async Task It_is_unhealthy_after_the_credential_expired_even_with_a_cached_result()
    {
        using var program = new Program(Now.AddDays(1), options => options.CacheDuration = TimeSpan.FromDays(3));
        Assert.That((await program.CheckAsync()).Status, Is.EqualTo(HealthStatus.Degraded));
        var requests = program.Emulator.Requests.Count;

        program.Clock.Advance(TimeSpan.FromDays(1));
        var result = await program.CheckAsync();

        Assert.That((result.Status, result.Description),
            Is.EqualTo((HealthStatus.Unhealthy, "The credential has expired, at 2026-07-02 12:00:00Z. Replace it.")));
        Assert.That(program.Emulator.Requests, Has.Count.EqualTo(requests));
    }

    [Test]
    public async Task It_is_unhealthy_when_the_vendor_refuses_the_credential()
    {
        using var program = new Program(Now.AddDays(-1));

        var result = await program.CheckAsync();

        Assert.That(result.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(result.Exception, Is.InstanceOf<TokenAuthenticationException>());
        Assert.That(result.Description, Is.EqualTo(result.Exception!.Message).And.Not.Contain(SailPointEmulator.ClientSecret.Reveal()));
    }

    [Test]
    public async Task It_is_unhealthy_when_the_vendor_can_t_be_reached()
    {
        using var program = new Program(null);
        using var port = ClosedPort.Of(program.Emulator, program.Emulator.BaseAddress);

        var result = await program.CheckAsync();

        Assert.That(result.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(result.Exception, Is.InstanceOf<TokenServiceUnavailableException>());
    }

    [TestCase(403)]
    [TestCase(429)]
    public async Task It_is_degraded_when_the_vendor_responds_but_the_expiry_can_t_be_read(int status)
    {
        using var program = new Program(null);
        program.Emulator.Faults.Inject(
            status == 429 ? Fault.TooManyRequests(TimeSpan.FromHours(1)) : Fault.Status(status), path: "*/personal-access-tokens");

        var result = await program.CheckAsync();

        Assert.That(result.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(result.Description, Does.StartWith("The vendor was reached, but the expiry of the credential could not be read."));
    }

    [Test]
    public async Task A_failure_has_the_status_that_the_program_configured()
    {
        using var program = new Program(Now.AddDays(-1), failureStatus: HealthStatus.Degraded);

        Assert.That((await program.CheckAsync()).Status, Is.EqualTo(HealthStatus.Degraded));
    }

    [Test]
    public async Task Many_checks_share_one_request_and_a_later_check_sends_another()
    {
        using var program = new Program(null);
        int Reads() => program.Emulator.Requests.Count(request => request.Method == "GET");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => program.CheckAsync()));
        Assert.That(Reads(), Is.EqualTo(1));
        program.Clock.Advance(TimeSpan.FromSeconds(29));
        await program.CheckAsync();
        Assert.That(Reads(), Is.EqualTo(1));
        program.Clock.Advance(TimeSpan.FromSeconds(1));
        await program.CheckAsync();

        Assert.That(Reads(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_failure_is_cached_as_long_as_a_success()
    {
        using var program = new Program(null);
        program.Emulator.Faults.Inject(Fault.Status(503), path: "*/personal-access-tokens");

        Assert.That((await program.CheckAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That((await program.CheckAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy));
        program.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That((await program.CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task A_cancelled_check_does_not_cancel_the_request_of_the_others()
    {
        var response = new TaskCompletionSource<ApiToken?>();
        var reads = 0;
        using var program = new Program(null, options => options.ReadAsync = _ =>
        {
            reads++;
            return response.Task;
        });
        using var cancellation = new CancellationTokenSource();

        var (impatient, patient) = (program.CheckAsync(cancellation.Token), program.CheckAsync());
        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        response.SetResult(null);

        Assert.That((await patient).Description, Is.EqualTo("The vendor was reached. The credential has no expiry to check."));
        Assert.That(reads, Is.EqualTo(1));
    }

    [Test]
    public async Task A_read_of_the_program_that_throws_is_repeated()
    {
        var reads = 0;
        using var program = new Program(null, options => options.ReadAsync = _ => reads++ == 0 ? throw new InvalidOperationException(
            "a defect") : Task.FromResult<ApiToken?>(null));

        Assert.That((await program.CheckAsync()).Exception, Is.InstanceOf<InvalidOperationException>());
        Assert.That((await program.CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task If_the_credential_is_no_token_the_check_reads_one_token_of_the_list()
    {
        using var emulator = new XmsEmulator();
        await using var provider = Services(builder => builder.AddXms("storage", options =>
        {
            (options.Username, options.Password) = (XmsEmulator.Username, XmsEmulator.Password);
            options.BaseAddress = new Uri(emulator.ConnectionSettings["BaseAddress"]);
        })).AddHealthChecks().AddTokenwright().Services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["tokenwright:storage"].Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(emulator.Requests[^1].Query("limit"), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_deactivated_token_is_unhealthy()
    {
        using var program = new Program(null, options => options.ReadAsync = _ => Task.FromResult<ApiToken?>(
            new() { Vendor = "v", Connection = "c", State = TokenState.Deactivated }));

        var result = await program.CheckAsync();

        Assert.That((result.Status, result.Description),
            Is.EqualTo((HealthStatus.Unhealthy, "The vendor was reached, but the credential is deactivated.")));
    }

    [Test]
    public async Task All_connections_are_checked_whenever_they_were_registered()
    {
        using var first = new SailPointEmulator();
        using var second = new SailPointEmulator();
        await using var provider = Services(builder => builder.AddSailPoint("a", Section(first)))
            .AddHealthChecks().AddTokenwright(tags: ["ready"]).Services
            .AddTokenwright().AddSailPoint("b", Section(second)).Services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Tags.Contains("ready"));

        Assert.That(report.Entries.Keys, Is.EquivalentTo(new[] { "tokenwright:a", "tokenwright:b" }));
    }

    [Test]
    public void An_unknown_connection_is_reported()
    {
        using var emulator = new SailPointEmulator();
        using var wrong = Services(builder => builder.AddSailPoint("identity", Section(emulator))).AddHealthChecks()
            .AddTokenwright("idenity").Services.BuildServiceProvider();
        using var none = Services(_ => { }).AddHealthChecks().AddTokenwright().Services.BuildServiceProvider();

        Assert.That(() => wrong.GetRequiredService<HealthCheckService>(),
            Throws.InvalidOperationException.With.Message.Contains("'idenity'").And.Message.Contains("'identity'"));
        Assert.That(
            () => none.GetRequiredService<HealthCheckService>(), Throws.InvalidOperationException.With.Message.Contains("no connection"));
    }

    [Test]
    public void Invalid_options_are_refused_immediately()
    {
        var builder = new ServiceCollection().AddHealthChecks();

        Assert.That(() => builder.AddTokenwright(options => options.ExpiryWarning = -TimeSpan.FromDays(1)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => builder.AddTokenwright(options => options.CacheDuration = -TimeSpan.FromDays(1)),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => builder.AddTokenwright(options => options.ReadAsync = null!), Throws.ArgumentNullException);
        Assert.That(() => builder.AddTokenwright(" "), Throws.ArgumentException);
    }

    private static IServiceCollection Services(Action<TokenwrightBuilder> add)
    {
        var services = new ServiceCollection().AddLogging();
        add(services.AddTokenwright());
        return services;
    }

    private static IConfiguration Section(VendorEmulator emulator)
        => new ConfigurationBuilder().AddInMemoryCollection(
            emulator.ConnectionSettings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    // A program with one connection, whose credential is a token with an expiry.
    private sealed class Program : IDisposable
    {
        private readonly ServiceProvider _provider;

        public Program(DateTimeOffset? expiresAt, Action<TokenHealthCheckOptions>? configure = null, HealthStatus? failureStatus = null)
        {
            Clock = new FakeTimeProvider(Now);
            Emulator = new SailPointEmulator(new EmulatorOptions { TimeProvider = Clock });
            var own = Emulator.Add(new EmulatedToken { Name = "own", ExpiresAt = expiresAt });
            var services = Services(builder => builder.AddSailPoint("identity", options =>
            {
                (options.BaseAddress, options.ClientId, options.ClientSecret) = (Emulator.BaseAddress, own.Id, own.Secret);
                options.MaxRetries = 0;
            }));
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
            _provider = services.AddHealthChecks().AddTokenwright("identity", configure, failureStatus).Services.BuildServiceProvider();
        }

        public FakeTimeProvider Clock { get; }

        public SailPointEmulator Emulator { get; }

        public async Task<HealthReportEntry> CheckAsync(CancellationToken cancellationToken = default)
            => (await _provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(cancellationToken)).Entries[
                "tokenwright:identity"];

        public void Dispose()
        {
            _provider.Dispose();
            Emulator.Dispose();
        }
    }
}
