using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Field;

/// <summary>A request that must not be retried is sent only once, whatever handlers a program adds to its HTTP clients.</summary>
internal sealed class ProgramHandlerTests
{
    private static readonly int[] Statuses = [503, 500, 408, 502, 520];

    private static IEnumerable<ShippedSubject> Vendors => ShippedSubject.Vendors;

    private static IEnumerable<TestCaseData> Writes
        => from subject in ShippedSubject.Vendors
           let capabilities = subject.ReadCapabilities()
           from operation in Enum.GetValues<TokenOperation>()
           where capabilities[operation] is { Support: not OperationSupport.Unsupported, SafeToRetry: false }
           select new TestCaseData(subject, operation).SetArgDisplayNames(subject.Name, operation.ToString());

    [TestCaseSource(nameof(Writes))]
    public async Task A_resilience_handler_in_the_programs_defaults_does_not_retry_writes(ShippedSubject subject, TokenOperation operation)
    {
        foreach (var isBefore in new[] { true, false })
        {
            foreach (var defaults in new Action<IHttpClientBuilder>[] { Standard, Hedging })
            {
                using var bench = new FieldBench(subject);
                var client = isBefore
                    ? bench.Open(services => services.ConfigureHttpClientDefaults(defaults))
                    : bench.Open(connection: connection => connection.Services.ConfigureHttpClientDefaults(defaults));
                var main = await bench.FindMainRequestAsync(client, operation);

                foreach (var status in Statuses)
                {
                    var received = await ReceivedAsync(bench, client, operation, main, status);
                    Assert.That(received, Is.EqualTo(1), $"HTTP {status}");
                }
            }
        }
    }

    [TestCaseSource(nameof(Writes))]
    public async Task A_slow_write_is_not_hedged(ShippedSubject subject, TokenOperation operation)
    {
        using var bench = new FieldBench(subject);
        var client = bench.Open(services => services.ConfigureHttpClientDefaults(Hedging));
        var main = await bench.FindMainRequestAsync(client, operation);
        var token = bench.Issue();
        var request = (main.Method, FieldBench.PathOf(main.Path, token));
        var before = Count(bench, request);

        await bench.CallAsync(client, operation, token);

        Assert.That(Count(bench, request) - before, Is.EqualTo(1));
    }

    [Test, Combinatorial]
    public async Task A_handler_that_sends_a_write_twice_is_refused_and_named(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [Values] Repetition repetition, [Values(500, 503)] int status)
    {
        using var bench = new FieldBench(subject);
        using var handler = new RepeatingHandler(repetition);
        var plain = bench.Open();
        var main = await bench.FindMainRequestAsync(plain, TokenOperation.Create);
        var client = bench.Open(connection: connection => connection.Http.AddHttpMessageHandler(() => handler));
        var (before, tokens) = (Count(bench, main), bench.Tokens);
        bench.Vendor.Faults.Inject(Fault.Status(status).AfterHandling(), main.Method, main.Path, times: 9);

        var exception = Assert.CatchAsync<TokenClientException>(async () => await bench.CallAsync(client, TokenOperation.Create))!;

        Assert.That((Count(bench, main) - before, bench.Tokens - tokens), Is.EqualTo((1, 1)));
        Assert.That(handler.Sent, Is.GreaterThan(1), "the handler did not repeat");
        Assert.That(exception, Is.TypeOf<TokenOutcomeUnknownException>());
        if (repetition != Repetition.SideBySide)
            Assert.That(exception.Message, Does.Contain(nameof(RepeatingHandler)));
    }

    [TestCaseSource(nameof(Vendors))]
    public async Task A_handler_inside_a_transport_that_sends_a_write_twice_is_refused_and_named(ShippedSubject subject)
    {
        using var bench = new FieldBench(subject);
        using var handler = new RepeatingHandler(Repetition.Copy) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } };
        var main = await bench.FindMainRequestAsync(bench.Open(), TokenOperation.Create);
        using var stage = subject.Start(TimeProvider.System);
        var client = ((IProgramStage)stage).OpenAsPrograms(handler, TimeProvider.System);
        var vendor = ((IProgramStage)stage).Emulator;
        vendor.Faults.Inject(Fault.Status(500).AfterHandling(), main.Method, main.Path, times: 9);

        var exception = Assert.CatchAsync<TokenOutcomeUnknownException>(async () => await client.CreateAsync(bench.Request()))!;

        Assert.That(exception.Message, Does.Contain(nameof(RepeatingHandler)));
        Assert.That(vendor.Requests.Count(request => request.Method == main.Method && request.PathAndQuery.Split('?')[0] == main.Path),
            Is.EqualTo(1));
    }

    // Adding to a list twice is not the same as adding once.
    [Test, Combinatorial]
    public async Task A_change_that_is_not_idempotent_is_not_retried(
        [Values] Repetition repetition, [Values(true, false)] bool isInTransport)
    {
        using var bench = new FieldBench(ShippedSubject.Vendors.First(vendor => vendor.Name == "SailPoint"));
        using var handler = new RepeatingHandler(repetition);
        var client = isInTransport
            ? bench.Open(connection: connection => connection.Http.ConfigurePrimaryHttpMessageHandler(() => new RepeatingTransport()))
            : bench.Open(connection: connection => connection.Http.AddHttpMessageHandler(() => handler));
        var token = bench.Issue();
        bench.Vendor.Faults.Inject(Fault.Status(503).AfterHandling(), "PATCH", times: 9);
        var change = new UpdateTokenRequest
            { Raw = new List<JsonPatchOperation> { new() { Op = "add", Path = "/scope/-", Value = "sp:scopes:all" } } };

        Assert.That(
            async () => await client.UpdateAsync(TokenReference.ById(token.Id!), change), Throws.InstanceOf<TokenClientException>());

        Assert.That(bench.Vendor.Requests.Count(request => request.Method == "PATCH"), Is.EqualTo(1));
    }

    // Even if no handler in between can see the retry.
    [TestCaseSource(nameof(Writes))]
    public async Task A_transport_with_internal_retries_does_not_retry_writes(ShippedSubject subject, TokenOperation operation)
    {
        using var bench = new FieldBench(subject);
        var client =
            bench.Open(connection: connection => connection.Http.ConfigurePrimaryHttpMessageHandler(() => new RepeatingTransport()));
        var main = await bench.FindMainRequestAsync(client, operation);

        Assert.That(await ReceivedAsync(bench, client, operation, main, 503), Is.EqualTo(1));
        foreach (var status in new[] { 307, 308 })
        {
            var before = bench.Vendor.Requests.Count;
            var token = bench.Issue();
            bench.Vendor.Faults.Inject(
                Fault.Respond(VendorResponse.Empty(status).With("Location", $"{bench.Vendor.BaseAddress}elsewhere")), main.Method,
                FieldBench.PathOf(main.Path, token));
            Assert.That(async () => await bench.CallAsync(client, operation, token), Throws.InstanceOf<TokenClientException>());
            Assert.That(
                bench.Vendor.Requests.Skip(before).Count(request => request.PathAndQuery == "/elsewhere"), Is.Zero, $"HTTP {status}");
        }
    }

    [TestCaseSource(nameof(Vendors))]
    public void A_primary_handler_that_follows_redirects_is_refused_when_the_connection_is_opened(ShippedSubject subject)
    {
        using var bench = new FieldBench(subject);

        foreach (var primary in new Func<HttpMessageHandler>[] { () => new HttpClientHandler(), () => new SocketsHttpHandler(),
            () => new RepeatingHandler(Repetition.Copy) { InnerHandler = new HttpClientHandler() } })
        {
            Assert.That(
                () => bench.Open(connection: connection => connection.Http.ConfigurePrimaryHttpMessageHandler(primary)),
                Throws.ArgumentException.With.Message.Contains("AllowAutoRedirect"));
        }
    }

    // A handler that a program adds to the connection on purpose is kept.
    [TestCaseSource(nameof(Vendors))]
    public async Task A_resilience_handler_that_is_added_to_the_connection_itself_stays_and_retries_reads_only(ShippedSubject subject)
    {
        using var bench = new FieldBench(subject);
        var client = bench.Open(
            connection: connection => connection.Http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero),
            settings: new() { [nameof(ConnectionOptions.MaxRetries)] = "0" });
        var read = subject.ReadCapabilities()[TokenOperation.Get].Support == OperationSupport.Unsupported
            ? TokenOperation.Validate : TokenOperation.Get;
        var create = await bench.FindMainRequestAsync(client, TokenOperation.Create);

        bench.Vendor.Faults.Inject(Fault.Status(503));
        var before = bench.Vendor.Requests.Count;
        await bench.CallAsync(client, read);
        Assert.That(bench.Vendor.Requests, Has.Count.GreaterThanOrEqualTo(before + 2), "the program's handler retried the read");

        Assert.That(await ReceivedAsync(bench, client, TokenOperation.Create, create, 503), Is.EqualTo(1));
    }

    private static void Standard(IHttpClientBuilder http)
        => http.AddStandardResilienceHandler(options =>
        {
            options.Retry.Delay = TimeSpan.Zero;
            options.Retry.MaxRetryAttempts = 3;
        });

    // Sends all requests concurrently.
    private static void Hedging(IHttpClientBuilder http)
        => http.AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = TimeSpan.Zero);

    private static async Task<int> ReceivedAsync(
        FieldBench bench, ITokenClient client, TokenOperation operation, (string Method, string Path) main, int status)
    {
        var token = bench.Issue();
        var request = (main.Method, Path: operation == TokenOperation.Create ? main.Path : FieldBench.PathOf(main.Path, token));
        var before = Count(bench, request);
        bench.Vendor.Faults.Clear();
        bench.Vendor.Faults.Inject(Fault.Status(status).AfterHandling(), request.Method, request.Path, times: 9);
        try
        {
            await bench.CallAsync(client, operation, token);
        }
        catch (TokenClientException)
        {
            // Other tests check the exception.
        }

        bench.Vendor.Faults.Clear();
        return Count(bench, request) - before;
    }

    private static int Count(FieldBench bench, (string Method, string Path) main)
        => bench.Vendor.Requests.Count(request => request.Method == main.Method && request.PathAndQuery.Split('?')[0] == main.Path);
}
