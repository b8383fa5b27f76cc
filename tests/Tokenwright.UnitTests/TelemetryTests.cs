using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tokenwright.Adapters;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Spans, metrics and logs, as listeners receive them.</summary>
internal sealed class TelemetryTests
{
    private WaitSkippingClock _clock = null!;
    private VendorServer _vendor = null!;
    private string _connection = null!;
    private ConcurrentQueue<Activity> _spans = null!;
    private ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = null!;
    private ActivityListener _spanListener = null!;
    private MeterListener _meterListener = null!;

    [SetUp]
    public void Start()
    {
        _clock = new WaitSkippingClock();
        _connection = $"connection {TestContext.CurrentContext.Test.ID}";
        _vendor = new VendorServer(timeProvider: _clock);
        _vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"at"}"""));
        _vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, """[{"id":"a"},{"id":"b"}]"""));
        _vendor.On("POST", "/v2025/personal-access-tokens", VendorResponse.Json(200, """{"id":"new","secret":"s"}"""));
        _vendor.On("DELETE", "/v2025/personal-access-tokens/*",
            VendorResponse.Json(404, """{"detailCode":"404 Not found","trackingId":"track-1"}"""));
        _spans = [];
        _spanListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TokenwrightTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("tokenwright.connection"), _connection))
                    _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_spanListener);
        _measured = [];
        _meterListener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TokenwrightTelemetry.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _meterListener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meterListener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meterListener.Start();
    }

    [TearDown]
    public void Stop()
    {
        _spanListener.Dispose();
        _meterListener.Dispose();
        _vendor.Dispose();
    }

    [Test]
    public async Task An_operation_is_a_span_and_a_measurement()
    {
        using var client = Client();

        await client.CreateAsync(new() { Name = "n", Expiry = TokenExpiry.Never });

        var span = _spans.Single();
        Assert.That(
            (span.DisplayName, span.Kind, span.Status), Is.EqualTo(("tokens.create", ActivityKind.Client, ActivityStatusCode.Unset)));
        Assert.That(span.TagObjects, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["tokenwright.vendor"] = "SailPoint",
            ["tokenwright.connection"] = _connection,
            ["tokenwright.operation"] = "create",
            ["tokenwright.token.id"] = "new",
            ["server.address"] = "127.0.0.1",
            ["server.port"] = _vendor.BaseAddress.Port,
        }));
        var measured = _measured.Single(measurement => measurement.Name == "tokenwright.client.operation.duration");
        Assert.That(measured.Tags, Is.EquivalentTo(new Dictionary<string, object?>
            { ["tokenwright.vendor"] = "SailPoint", ["tokenwright.connection"] = _connection, ["tokenwright.operation"] = "create" }));
        Assert.That(_measured.Count(measurement => measurement.Name == "tokenwright.client.credential.exchanges"), Is.EqualTo(1));
    }

    [Test]
    public void A_failure_has_its_kind_status_and_the_vendors_request_id()
    {
        using var client = Client();

        Assert.That(() => client.RevokeAsync(TokenReference.ById("x")), Throws.TypeOf<TokenNotFoundException>());

        var span = _spans.Single();
        Assert.That((span.Status, span.GetTagItem("error.type"), span.GetTagItem("http.response.status_code"),
            span.GetTagItem("tokenwright.vendor.request_id")), Is.EqualTo((ActivityStatusCode.Error, "404", 404, "track-1")));
        Assert.That(_measured.Single(measurement => measurement.Name == "tokenwright.client.operation.duration").Tags["error.type"],
            Is.EqualTo("404"));
    }

    [Test]
    public async Task Retries_are_events_of_the_span_and_counted()
    {
        _vendor.Faults.Inject(Fault.Status(503), "GET");
        _vendor.Faults.Inject(Fault.Cut(40), "GET");
        using var client = Client();

        await client.ListAsync().ToListAsync();

        var events = _spans.Single().Events.ToList();
        Assert.That(events.Select(told => told.Name), Has.All.EqualTo("retry"));
        Assert.That(
            events.Select(told => told.Tags.First(tag => tag.Key == "error.type").Value), Is.EqualTo(new[] { "503", "response_ended" }));
        Assert.That(_measured.Where(measurement => measurement.Name == "tokenwright.client.retries").Select(
            measurement => measurement.Tags["error.type"]), Is.EqualTo(new[] { "503", "response_ended" }));
        Assert.That(_measured.Where(measurement => measurement.Name == "tokenwright.client.retries").Select(
            measurement => measurement.Tags["tokenwright.operation"]), Is.All.EqualTo("list"));
    }

    [Test]
    public async Task Requests_of_a_list_are_children_of_its_span_but_the_callers_spans_are_not()
    {
        using var source = new ActivitySource("the caller's");
        using var listener = new ActivityListener { ShouldListenTo = other => other == source || other.Name == "System.Net.Http",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        var requests = new ConcurrentQueue<Activity>();
        listener.ActivityStopped = span =>
        {
            if (span.Source.Name == "System.Net.Http" && Equals(span.GetTagItem("server.port"), _vendor.BaseAddress.Port))
                requests.Enqueue(span);
        };
        ActivitySource.AddActivityListener(listener);
        using var client = Client();
        using var outer = source.StartActivity("outer")!;

        await foreach (var token in client.ListAsync())
        {
            using var work = source.StartActivity("work")!;
            Assert.That(work.ParentSpanId, Is.EqualTo(outer.SpanId));
        }

        var list = _spans.Single();
        Assert.That((list.ParentSpanId, list.GetTagItem("tokenwright.token.count")), Is.EqualTo((outer.SpanId, 2)));
        Assert.That(requests.Select(request => request.ParentSpanId), Is.Not.Empty.And.All.EqualTo(list.SpanId));
    }

    [Test]
    public async Task A_list_that_is_not_enumerated_further_stops_its_span_and_counts_only_its_waiting_time()
    {
        using var client = Client();

        await foreach (var token in client.ListAsync())
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            break;
        }

        Assert.That(_spans.Single().Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(_measured.Single(measurement => measurement.Name == "tokenwright.client.operation.duration").Value, Is.LessThan(60));
    }

    [TestCase(0, TestName = "A list that is read token by token is watched and counted")]
    [TestCase(1, TestName = "A list that is read page by page is watched and counted")]
    [TestCase(2, TestName = "A list that is read as a whole is watched and counted")]
    public async Task A_list_has_telemetry_however_it_is_enumerated(int way)
    {
        using var client = Client();
        var list = client.ListAsync();

        _ = way switch
        {
            0 => await list.CountAsync(),
            1 => await list.AsPages().CountAsync(),
            _ => (await list.ToListAsync()).Count,
        };

        var span = _spans.Single();
        Assert.That((span.DisplayName, span.GetTagItem("tokenwright.token.count")), Is.EqualTo(("tokens.list", 2)));
        Assert.That(_measured.Count(measurement => measurement.Name == "tokenwright.client.operation.duration"), Is.EqualTo(1));
    }

    [Test]
    public async Task Optional_interfaces_have_telemetry_too_and_exist_only_if_the_client_has_them()
    {
        using var client = Client();

        await client.GetRequiredService<ITokenCreationRecovery>().RecoverCreateAsync(
            new() { Name = "n", Expiry = TokenExpiry.Never }, _clock.GetUtcNow());

        Assert.That(_spans.Single().DisplayName, Is.EqualTo("tokens.create"));
        Assert.That(client.GetService<ITokenSuspension>(), Is.Null);
        Assert.That(client.GetService<ITokenCreationRecovery>(), Is.Not.Null.And.Not.InstanceOf<SailPointTokenClient>());
        Assert.That(client.GetService<SailPointTokenClient>(), Is.Not.Null);
        Assert.That(client.GetService<ITokenClient>(), Is.SameAs(client));
        Assert.That(client.GetService<SailPoint.Api.ISailPointApiClient>(), Is.Not.Null);
    }

    [Test]
    public async Task A_bulk_update_that_failed_for_a_token_is_a_failure()
    {
        using var inner = new InMemoryTokenClient(new() { Connection = _connection });
        using var client = new TokenClientBuilder(inner).UseTelemetry(_clock).Build();

        await client.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync(
            [TokenReference.ById(inner.Add(new()).Id!), TokenReference.ById("gone")], new() { Expiry = TokenExpiry.Never });

        Assert.That((_spans.Single().DisplayName, _spans.Single().Status), Is.EqualTo(("tokens.bulk_update", ActivityStatusCode.Error)));
        Assert.That(_spans.Single().GetTagItem("error.type"), Is.EqualTo(typeof(TokenNotFoundException).FullName));
    }

    [Test]
    public void Without_listeners_calls_go_directly_to_the_inner_client()
    {
        _spanListener.Dispose();
        _meterListener.Dispose();
        var tokens = AsyncTokenList.FromTokens([]);
        var inner = new Listing(tokens);

        var client = new TokenClientBuilder(inner).UseTelemetry(_clock)
            .UseLogging(Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, _clock).Build();

        Assert.That(client.ListAsync(), Is.SameAs(tokens));
        Assert.That(client.GetAsync(TokenReference.Self), Is.SameAs(inner.Get));
    }

    [Test]
    public async Task A_containers_connections_have_telemetry_and_logs_by_default()
    {
        var log = new Log();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddTokenwright().AddSailPoint(_connection, options => (options.BaseAddress, options.ClientId, options.ClientSecret) = (
            _vendor.BaseAddress, _connection, new TokenSecret("client-secret")));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>(_connection);
        _vendor.Faults.Inject(Fault.Status(503), "GET");

        await client.ListAsync().ToListAsync();
        await client.CreateAsync(new() { Name = "n", Expiry = TokenExpiry.Never });
        Assert.That(() => client.RevokeAsync(TokenReference.ById("x")), Throws.TypeOf<TokenNotFoundException>());

        Assert.That(_spans.Select(span => span.DisplayName), Is.EqualTo(new[] { "tokens.list", "tokens.create", "tokens.revoke" }));
        Assert.That(log.Lines.Select(line => Neutral(line.Level, line.Text)), Is.EqualTo(new[]
        {
            "Debug list begins.",
            "Debug POST /oauth/token got the response 200 after * ms.",
            "Debug the credential was exchanged.",
            "Debug GET /v2025/personal-access-tokens got the response 503 after * ms.",
            "Warning GET /v2025/personal-access-tokens failed (503) and is retried in * s (retry 1).",
            "Debug GET /v2025/personal-access-tokens got the response 200 after * ms.",
            "Debug list returned 2 tokens after * ms.",
            "Debug create begins.",
            "Debug POST /v2025/personal-access-tokens got the response 200 after * ms.",
            "Information create done after * ms (token new).",
            "Debug revoke begins.",
            "Debug DELETE /v2025/personal-access-tokens/x got the response 404 after * ms.",
            "Warning revoke failed after * ms.",
        }));
        Assert.That(log.Lines[^1].Exception, Is.TypeOf<TokenNotFoundException>());
    }

    [Test]
    public async Task A_secret_in_an_address_is_in_no_log()
    {
        var log = new Log();
        using var logs = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        _vendor.On("POST", "/v1/access-tokens:validate", VendorResponse.Empty(400));
        using var client = new TokenClientBuilder(new XmsTokenClient("lab", new() { BaseAddress = new Uri(_vendor.BaseAddress, "v1"),
            AccessToken = new TokenSecret("own-hush") }, new() { TimeProvider = _clock, LoggerFactory = logs }))
            .UseLogging(logs, _clock).Build();

        await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("hush")));

        Assert.That(log.Lines.Select(line => line.Text), Has.Some.Contains("/v1/access-tokens:validate").And.None.Contains("hush"));
    }

    [Test]
    public void An_unknown_outcome_is_logged_as_an_error()
    {
        var log = new Log();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        _vendor.Faults.Inject(Fault.Status(500), "POST", "/v2025/personal-access-tokens");
        using var client = new TokenClientBuilder(Bare()).UseLogging(logs, _clock).Build();

        Assert.That(
            () => client.CreateAsync(new() { Name = "n", Expiry = TokenExpiry.Never }), Throws.TypeOf<TokenOutcomeUnknownException>());

        Assert.That(log.Lines.Single(line => line.Level >= LogLevel.Warning).Level, Is.EqualTo(LogLevel.Error));
    }

    [Test]
    public void A_failed_exchange_is_counted_and_logged()
    {
        var log = new Log();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        _vendor.On("POST", "/oauth/token", VendorResponse.Json(401, "{}"));
        using var client = Bare(logs);

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());

        Assert.That(log.Lines.Select(line => Neutral(line.Level, line.Text)),
            Is.EqualTo(new[] { "Warning the exchange of the credential failed (401)." }));
        Assert.That(
            _measured.Single(measurement => measurement.Name == "tokenwright.client.credential.exchanges").Tags["error.type"],
            Is.EqualTo("401"));
    }

    [Test]
    public async Task A_failed_renewal_is_logged_although_no_call_fails()
    {
        var log = new Log();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        var options = Options();
        using var connection = VendorConnection.Open(
            SailPointVendor.Instance, _connection, () => options, new() { TimeProvider = _clock, LoggerFactory = logs });
        var exchanges = 0;
        var credential = new ExchangedCredential<string>(connection, _ => new("source"), (_, _) => ++exchanges == 1
            ? Task.FromResult(new ExchangedSecret(new TokenSecret("at"), _clock.GetUtcNow(), TimeSpan.FromSeconds(100)))
            : throw new HttpRequestException(HttpRequestError.ConnectionError), RequestCredential.Bearer);
        await credential.GetSecretAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(91));

        await credential.GetSecretAsync(default);
        await credential.FollowedRenewal;

        Assert.That(log.Lines.Select(line => Neutral(line.Level, line.Text)), Is.EqualTo(new[]
        {
            "Warning the exchange of the credential failed (connection_error).",
            "Warning the early renewal of the exchanged credential failed (connection_error); the current one is used until it expires.",
        }));
    }

    private static string Neutral(LogLevel level, string line)
        => $"{level} {System.Text.RegularExpressions.Regex.Replace(line, @"^.*?': |(?<=after )\d+|(?<=retried in )[\d.]+",
            match => match.Value.EndsWith(' ') ? "" : "*")}";

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary();
        if (Equals(all.GetValueOrDefault("tokenwright.connection"), _connection))
            _measured.Enqueue((instrument.Name, value, all));
    }

    private SailPointOptions Options()
        => new() { BaseAddress = _vendor.BaseAddress, ClientId = _connection, ClientSecret = new TokenSecret("secret") };

    private SailPointTokenClient Bare(ILoggerFactory? logs = null)
        => new(_connection, Options(), new() { TimeProvider = _clock, LoggerFactory = logs });

    private ITokenClient Client() => new TokenClientBuilder(Bare()).UseTelemetry(_clock).Build();

    private sealed class Listing(AsyncTokenList tokens)
        : DelegatingTokenClient(new InMemoryTokenClient(new InMemoryTokenClientOptions()))
    {
        public Task<ApiToken> Get { get; } = Task.FromResult(new ApiToken { Vendor = "V", Connection = "c" });

        public override AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default) => tokens;

        public override Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default) => Get;
    }

    private sealed class Log : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Exception)> _lines = [];

        public IReadOnlyList<(LogLevel Level, string Text, Exception? Exception)> Lines => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => _lines.Enqueue((logLevel, formatter(state, exception), exception));

        public void Dispose()
        {
        }
    }
}
