using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright.Testing;
using Tokenwright.UnitTests;

namespace Tokenwright.ConformanceTests.Field;

/// <summary>What real servers, gateways and proxies do to a call, and no document mentions.</summary>
[NonParallelizable]
internal sealed class TransportTests
{
    private static IEnumerable<ShippedSubject> Vendors => ShippedSubject.Vendors;

    [Test, Combinatorial]
    public async Task Any_success_status_with_the_required_body_is_accepted(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [Values(201, 202, 203, 299)] int status)
    {
        using var bench = new FieldBench(subject);
        using var relay = new Relay(new Uri(bench.Settings[nameof(ConnectionOptions.BaseAddress)]), status);
        var client = bench.Open(settings: new() { [nameof(ConnectionOptions.BaseAddress)] = relay.Address.ToString() });

        foreach (var capability in bench.Capabilities.Operations.Where(capability => capability.Support != OperationSupport.Unsupported))
        {
            var call = bench.CallAsync(client, capability.Operation);
            Assert.That(async () => await call, Throws.Nothing, capability.Operation.ToString());
        }

        Assert.That(relay.Rewritten, Is.GreaterThan(3));
    }

    [Test, Combinatorial]
    public async Task A_gateways_error_is_retried_if_that_is_safe(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [Values(506, 511, 520, 522, 525, 530, 561, 598, 599)] int status)
    {
        using var bench = new FieldBench(subject);
        var client = bench.Open();
        bench.Vendor.Faults.Inject(Fault.Status(status));
        Assert.That(async () => await bench.CallAsync(client, TokenOperation.Validate), Throws.Nothing);

        var main = await bench.FindMainRequestAsync(client, TokenOperation.Create);
        var before = bench.Vendor.Requests.Count(request => request.Method == main.Method && request.PathAndQuery == main.Path);
        bench.Vendor.Faults.Inject(Fault.Status(status), main.Method, main.Path, times: 9);
        var unknown = Assert.CatchAsync<TokenOutcomeUnknownException>(async () => await bench.CallAsync(client, TokenOperation.Create))!;
        Assert.That(bench.Vendor.Requests.Count(request => request.Method == main.Method && request.PathAndQuery == main.Path) - before,
            Is.EqualTo(1));
        Assert.That(unknown.InnerException,
            Is.TypeOf<TokenServiceUnavailableException>().With.Property(nameof(TokenClientException.IsTransient)).True);
    }

    [Test, Combinatorial]
    public void A_status_that_means_not_supported_is_not_retried(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [Values(501, 505)] int status)
    {
        using var bench = new FieldBench(subject);
        var client = bench.Open();
        bench.Vendor.Faults.Inject(Fault.Status(status), times: 9);

        var exception = Assert.CatchAsync<TokenClientException>(async () => await bench.CallAsync(client, TokenOperation.Validate))!;

        Assert.That((exception.IsTransient, bench.Vendor.Requests.Count), Is.EqualTo((false, 1)));
    }

    [TestCaseSource(nameof(Vendors))]
    public async Task Each_request_says_which_program_sends_it(ShippedSubject subject)
    {
        using var bench = new FieldBench(subject);
        var client = bench.Open(settings: new() { [nameof(ConnectionOptions.UserAgent)] = "InventoryJob/2.1 (night)" });

        foreach (var capability in bench.Capabilities.Operations.Where(capability => capability.Support != OperationSupport.Unsupported))
            await bench.CallAsync(client, capability.Operation);

        Assert.That(
            bench.Vendor.Requests.Select(request => request.Header("User-Agent")),
            Is.All.Match(@"^Tokenwright/\d+\.\d+\.\d+\S* \(Tokenwright\.\w+\) InventoryJob/2\.1 \(night\)$"));
    }

    [TestCase("")]
    [TestCase("a\r\nX: y")]
    [TestCase("/")]
    public void An_invalid_user_agent_is_refused_when_the_connection_is_opened(string userAgent)
    {
        using var bench = new FieldBench(ShippedSubject.Vendors.First());

        Assert.That(
            () => bench.Open(settings: new() { [nameof(ConnectionOptions.UserAgent)] = userAgent }),
            Throws.InstanceOf<Microsoft.Extensions.Options.OptionsValidationException>().With.Message.Contains("UserAgent"));
    }

    // Sets the machine's proxy, as http_proxy does.
    [TestCaseSource(nameof(Vendors))]
    public async Task An_address_on_this_machine_does_not_use_a_proxy(ShippedSubject subject)
    {
        using var proxy = new VendorServer();
        using var bench = new FieldBench(subject);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new EveryProxy(proxy.BaseAddress);
        try
        {
            var clients = new[]
            {
                bench.Open(),
                bench.Open(connection: connection =>
                    connection.Http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })),
                bench.Open(connection: connection =>
                    connection.Http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler { AllowAutoRedirect = false })),
            };
            foreach (var client in clients)
                await bench.CallAsync(client, TokenOperation.Create);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        Assert.That(proxy.Requests, Is.Empty);
    }

    [Test, Combinatorial]
    public void A_proxy_that_refuses_is_named_without_its_password(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [Values(407, 403, 503)] int status)
    {
        using var proxy = new RawServer($"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var bench = new FieldBench(subject);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new EveryProxy(new Uri($"http://user:pr0xy-passw0rd@{proxy.Address.Authority}"));
        try
        {
            var client = bench.Open(settings: new()
            {
                [nameof(ConnectionOptions.BaseAddress)] = new Uri(new Uri("https://vendor.example"),
                    new Uri(bench.Settings[nameof(ConnectionOptions.BaseAddress)]).AbsolutePath).ToString(),
            });

            var exception =
                Assert.CatchAsync<TokenServiceUnavailableException>(async () => await bench.CallAsync(client, TokenOperation.Create))!;

            Assert.That(exception.Message, Does.Contain($"The proxy {proxy.Address.Authority}").And.Contain("vendor.example"));
            Assert.That(exception.ToString(), Does.Not.Contain("pr0xy"));
            Assert.That(exception.IsTransient, Is.EqualTo(status == 503));
            Assert.That(proxy.Requests, Is.EqualTo(status == 503 ? 4 : 1));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    // Each response kept its connection open, because nobody had read it completely.
    [Test]
    public async Task Refused_responses_that_are_too_large_keep_no_connections()
    {
        using var bench = new FieldBench(ShippedSubject.Vendors.First(vendor => vendor.Name == "XMS"));
        using var relay = new Relay(new Uri(bench.Settings[nameof(ConnectionOptions.BaseAddress)]));
        var client = bench.Open(settings: new() { [nameof(ConnectionOptions.BaseAddress)] = relay.Address.ToString(),
            [nameof(ConnectionOptions.MaxRetries)] = "0", [nameof(ConnectionOptions.MaxConnections)] = "2" });
        bench.Vendor.Faults.Inject(Fault.Respond(VendorResponse.Json(400, $"\"{new string('x', 1_000_000)}\"")), times: 200);

        for (var call = 0; call < 200; call++)
            Assert.That(async () => await bench.CallAsync(client, TokenOperation.Get), Throws.InstanceOf<TokenClientException>());

        Assert.That(() => relay.Open, Is.LessThanOrEqualTo(2).After(30_000, 10));
    }

    private sealed class EveryProxy(Uri address) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => address;

        public bool IsBypassed(Uri host) => false;
    }
}
