using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Adapters;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.Testing.Conformance;
using Tokenwright.UnitTests;

namespace Tokenwright.ConformanceTests;

/// <summary>
/// Raw responses, proxies and redirects of every vendor that repeat secrets. No exception, none of its causes, and no log, span or metric
/// shows one.
/// </summary>
[TestFixtureSource(typeof(ShippedSubject), nameof(ShippedSubject.Vendors))]
[Parallelizable(ParallelScope.Self)]
internal sealed class SecretCanaryResponseTests(ShippedSubject subject)
{
    // No other text has this by chance.
    private const string Fresh = "q7Zk2Xw9Lm4Rt8Vb3Nc6Yd1Hf5Js0Pg";
    private const string ProxyPassword = "pr0xy-W8kq3Zv7Tn5Rb2";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private ConformanceStage _stage = null!;

    [OneTimeSetUp]
    public void Start() => _stage = subject.Start(_time);

    [OneTimeTearDown]
    public void End() => _stage?.Dispose();

    [TestCaseSource(typeof(EchoingResponse), nameof(EchoingResponse.Successes))]
    public async Task A_create_with_a_broken_response_shows_no_part_of_it(EchoingResponse response)
    {
        using var server =
            new RawServer((request, stream, cancellationToken) => RespondAsync(request, stream, response, Fresh, cancellationToken));
        using var transport = new DivertedTransport(IsOfApi, DivertedTransport.To(server));

        var failure = await CreateAsync(transport, new SecretCanary([], [Fresh]));

        Assert.That(server.Requests, Is.EqualTo(1));
        Assert.That(failure, Is.TypeOf<TokenOutcomeUnknownException>());
    }

    // A known secret can appear in part, in base64, or within the base64 of a pair.
    [TestCaseSource(typeof(EchoingResponse), nameof(EchoingResponse.Refusals))]
    public async Task A_refusal_shows_nothing_of_the_credential(EchoingResponse response)
    {
        var sent = string.Empty;
        var forms = new Func<string, string>[]
        {
            secret => secret, secret => secret[..((secret.Length + 1) / 2)], secret => secret[^Math.Min(20, secret.Length)..],
                secret => Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)),
            secret => Convert.ToBase64String(Encoding.UTF8.GetBytes($"id:{secret}")).TrimEnd('='),
                secret => Convert.ToHexString(Encoding.UTF8.GetBytes(secret)),
        };
        foreach (var form in forms)
        {
            using var server = new RawServer((request, stream, cancellationToken) =>
            {
                sent = CredentialOf(request);
                return RespondAsync(request, stream, response, form(sent), cancellationToken);
            });
            using var transport = new DivertedTransport(IsOfApi, DivertedTransport.To(server));

            await CreateAsync(transport, () => new SecretCanary([form(sent)]));
        }
    }

    // As in an environment variable: the proxy's address contains the password.
    [TestCase(407)]
    [TestCase(403)]
    [TestCase(503)]
    public async Task A_proxy_that_refuses_is_named_without_its_password(int status)
    {
        using var proxy = new RawServer((request, stream, cancellationToken) => RespondAsync(
            request,
            stream,
            new("proxy",
                secret => $"HTTP/1.1 {status} {secret}\r\nX-Echo: {secret}\r\nProxy-Authenticate: Basic " +
                $"realm=\"{secret}\"\r\nContent-Length: {secret.Length}\r\n\r\n{secret}"),
            ProxyPassword,
            cancellationToken));
        var through = (SocketsHttpHandler)VendorConnection.CreateTransport();
        through.Proxy = new WebProxy(new Uri($"http://user:{ProxyPassword}@{proxy.Address.Authority}"))
            { Credentials = new NetworkCredential("user", ProxyPassword) };
        using var transport = new DivertedTransport(IsOfApi, new HttpsTransport(through));

        var failure = await CreateAsync(transport, new SecretCanary([], [ProxyPassword]));

        Assert.That(failure!.Message, Does.Contain(proxy.Address.Authority), "the proxy is named");
        Assert.That(Causes(failure).OfType<HttpRequestException>().Select(cause => cause.HttpRequestError),
            Has.Some.EqualTo(HttpRequestError.ProxyTunnelError));
    }

    private static async Task RespondAsync(
        string request, NetworkStream stream, EchoingResponse response, string secret, CancellationToken cancellationToken)
    {
        await DivertedTransport.ReadBodyAsync(request, stream, cancellationToken);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(response.Write(secret)), cancellationToken);
    }

    // The longest word of the headers that can contain a secret.
    private static string CredentialOf(string request)
        => request.Split("\r\n").Where(line => line.Contains("auth", StringComparison.OrdinalIgnoreCase)
            && line.Contains(':', StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..]).MaxBy(word => word.Length)!;

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }

    private bool IsOfApi(HttpRequestMessage request)
        => subject.Exchange is not { } exchange || request.RequestUri!.AbsolutePath != exchange.Path;

    private Task<Exception?> CreateAsync(HttpMessageHandler transport, SecretCanary canary) => CreateAsync(transport, () => canary);

    private async Task<Exception?> CreateAsync(HttpMessageHandler transport, Func<SecretCanary> canary)
    {
        using var client =
            ((IProgramStage)_stage).OpenAsPrograms(transport, new SkippingClock(_time, Promises.AttemptTimeout, Promises.TotalTimeout));
        var request = new CreateTokenRequest(
            subject.Request("made", TokenExpiry.After(FaultBench.Lifetime))) { IfOutcomeUnknown = UnknownOutcomeAction.Throw };
        using var recording = Recording.Begin();
        Exception? failure = null;
        try
        {
            await client.CreateAsync(request);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(failure, Is.InstanceOf<TokenClientException>());
            Assert.That(canary().Find(failure, "exception"), Is.Empty);
            Assert.That(canary().Find(recording.LogEntries, "logs"), Is.Empty);
            Assert.That(canary().Find(recording.Spans, "spans"), Is.Empty);
            Assert.That(canary().Find(recording.Measurements, "metrics"), Is.Empty);
            Assert.That(recording.LogEntries, Is.Not.Empty);
            Assert.That(recording.Spans, Is.Not.Empty);
        }

        return failure;
    }

    // A host that is not this machine, so that the client asks the proxy for a tunnel.
    private sealed class HttpsTransport(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri =
                new UriBuilder(request.RequestUri!) { Scheme = Uri.UriSchemeHttps, Host = "vendor.example", Port = 443 }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
