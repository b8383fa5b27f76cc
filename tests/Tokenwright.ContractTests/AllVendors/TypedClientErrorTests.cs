using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Polly.Timeout;
using Tokenwright.Adapters;
using Tokenwright.ContractTests.SpecOperations;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.SpecTests.Spec;
using Tokenwright.Testing;
using Tokenwright.UnitTests;

namespace Tokenwright.ContractTests;

/// <summary>A typed client that is used on its own throws the exceptions that docs/errors.md lists.</summary>
internal sealed partial class TypedClientErrorTests
{
    private static readonly string[] Listed = ReadPage();

    private static IEnumerable<TestCaseData> Failures()
    {
        (string Name, Type Expected, Func<Subject, Task> Fail)[] failures =
        [
            ("an error status", typeof(ApiException), subject => subject.CallAsync(VendorResponse.Json(500, "{}"))),
            ("a refused credential", typeof(ApiException), subject => subject.CallAsync(VendorResponse.Json(401, "{}"))),
            ("a success that is no JSON", typeof(ApiException),
                subject => subject.CallAsync(VendorResponse.Json(200, "{").With("Content-Type", "text/html"))),
            ("a refused exchange", typeof(CredentialExchangeException),
                subject => subject.CallAsync(VendorResponse.Json(401, "{}"), subject.Exchanged())),
            ("a secret that can't be read", typeof(SecretSourceException),
                subject => subject.CallAsync(credential: Fixed(new SecretSource { File = "/nowhere/secret" }))),
            ("a secret that no header can carry", typeof(SecretSourceException),
                subject => subject.CallAsync(credential: Fixed(new TokenSecret("ü")))),
            ("no server", typeof(HttpRequestException), subject => subject.WithoutServerAsync()),
            ("a response that is too large", typeof(HttpRequestException),
                subject => subject.CallAsync(VendorResponse.Json(200, $"\"{new string('x', 4096)}\""))),
            ("a response that never comes", typeof(TimeoutRejectedException), subject => subject.StallAsync()),
            ("the rate limit", typeof(RateLimitException), subject => subject.TwiceAsync()),
            ("a handler that sends twice", typeof(RepeatedSendException), subject => subject.RepeatedAsync()),
            ("a handler whose failure shows a secret", typeof(RedactedException), subject => subject.ShownAsync()),
            ("the caller's cancellation", typeof(OperationCanceledException), subject => subject.CallAsync(cancelled: true)),
            ("a client that is disposed", typeof(ObjectDisposedException), subject => subject.DisposedAsync()),
        ];
        return from vendor in Vendors.Names from failure in failures select new TestCaseData(vendor, failure.Expected, failure.Fail)
            .SetName($"{vendor}: {failure.Name}");
    }

    [TestCaseSource(nameof(Failures))]
    public void An_error_has_the_documented_type(string vendor, Type expected, Func<Subject, Task> fail)
    {
        using var subject = new Subject(vendor);
        var exception = Assert.CatchAsync(() => fail(subject))!;
        Assert.That(exception, Is.InstanceOf(expected), exception.ToString());
        Assert.That(Listed, Has.Member(expected.Name));
    }

    [Test]
    public void All_documented_errors_occur_and_all_error_types_are_documented()
    {
        // An id that would change the path is refused before there is a request.
        var seen = Failures().Select(test => ((Type)test.Arguments[1]!).Name).Append(nameof(ArgumentException)).Distinct();
        Assert.That(Listed, Is.EquivalentTo(seen));

        var facade = typeof(TokenClientException);
        var ours = typeof(VendorConnection).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Exception)) && !type.IsSubclassOf(facade) && !type.IsSubclassOf(typeof(ApiException)))
            .Select(type => type.Name);
        Assert.That(Listed, Is.SupersetOf(ours));
    }

    [Test]
    public void An_id_that_changes_the_path_is_an_argument_error()
    {
        using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1/") };
        Assert.CatchAsync<ArgumentException>(
            () => new SailPoint.Api.SailPointApiClient(http).DeletePersonalAccessTokenAsync("v2025", ".."));
    }

    private static FixedCredential Fixed(SecretSource source) => new(() => source, RequestCredential.Bearer);

    private static string[] ReadPage()
    {
        var page = File.ReadAllText(Path.Combine(Vendors.SpecsFolder, "..", "docs", "errors.md"));
        return [.. Row().Matches(page[page.IndexOf("## Typed clients", StringComparison.Ordinal)..]).Select(row => row.Groups[1].Value)];
    }

    [GeneratedRegex("(?m)^\\| `([A-Za-z]+)`")]
    private static partial Regex Row();

    /// <summary>A vendor's typed client on a new connection, with the first operation that has a credential.</summary>
    internal sealed class Subject : IDisposable
    {
        private readonly VendorServer _server = new();
        private readonly ManualResetEventSlim _release = new();
        private readonly TaskCompletionSource _arrived = new();
        private readonly FakeTimeProvider _clock = new();
        private readonly SpecFile _spec;
        private readonly string _vendor;
        private readonly SpecRequest _request;
        private readonly TypedOperation _operation;
        private readonly ExtremeCloudIQOptions _options;
        private readonly VendorConnection _connection;
        private Func<VendorResponse> _response;

        public Subject(string vendor)
        {
            (_spec, _vendor) = (SpecFile.Of(vendor), vendor);
            var operation = _spec.Operations.First(HasCredential);
            _request = SpecRequest.Of(_spec, operation).First();
            _operation = new TypedOperation(operation, TypedOperation.ClientOf(vendor));
            var success = SpecResponse.Of(_spec, operation).First(response => response.IsSuccess).Response;
            _response = () => success;
            foreach (var method in new[] { "GET", "PUT", "POST", "PATCH", "DELETE" })
                _server.On(method, "/*", _ => _response());
            _options = new() { BaseAddress = _server.BaseAddress, ApiToken = new TokenSecret("unused"), MaxRetries = 0,
                MaxResponseBytes = 4096, CallsPerWindow = 1, CallWindow = TimeSpan.FromHours(1) };
            _connection = VendorConnection.Open(ExtremeCloudIQVendor.Instance, "any", () => _options, new() { TimeProvider = _clock });
        }

        public RequestCredential Exchanged() => new ExchangedCredential<string>(
            _connection,
            _ => new("source"),
            async (_, context) =>
            {
                using var http = _connection.CreateHttpClient();
                await _operation.CallAsync(http, _request, context.CancellationToken);
                return new ExchangedSecret(new TokenSecret("never"), _clock.GetUtcNow(), null);
            },
            RequestCredential.Bearer);

        public Task CallAsync(VendorResponse? response = null, RequestCredential? credential = null, bool cancelled = false)
        {
            if (response is not null)
                _response = () => response;
            var http = _connection.CreateHttpClient(credential ?? Fixed(new TokenSecret("secret")));
            return cancelled
                ? _operation.CallAsync(http, _request, new CancellationToken(canceled: true)) : _operation.CallAsync(http, _request);
        }

        public async Task WithoutServerAsync()
        {
            using var port = ClosedPort.Of(_server, _server.BaseAddress);
            await CallAsync();
        }

        public async Task StallAsync()
        {
            _response = () =>
            {
                _arrived.TrySetResult();
                _release.Wait();
                return VendorResponse.Empty(200);
            };
            var call = CallAsync();
            await _arrived.Task;
            _clock.Advance(TimeSpan.FromSeconds(10));
            await call;
        }

        public async Task TwiceAsync()
        {
            await CallAsync();
            await CallAsync();
        }

        // A retry of a request that is safe to retry does no harm.
        public Task RepeatedAsync() => HandledAsync(new Twice { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } });

        public Task ShownAsync() => HandledAsync(new Telling { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } });

        private async Task HandledAsync(DelegatingHandler handler)
        {
            var operation = _spec.Operations.First(operation => operation.Method == "POST" && HasCredential(operation));
            using var transport = handler;
            using var connection = VendorConnection.Open(
                ExtremeCloudIQVendor.Instance, "any", () => _options, new() { Transport = transport, TimeProvider = _clock });
            using var http = connection.CreateHttpClient(Fixed(new TokenSecret("secret-of-the-connection")));
            await new TypedOperation(operation, TypedOperation.ClientOf(_vendor)).CallAsync(http, SpecRequest.Of(_spec, operation).First());
        }

        private static bool HasCredential(SpecOperation operation)
            => operation.Node["security"] is not System.Text.Json.Nodes.JsonArray { Count: 0 };

        private sealed class Telling : DelegatingHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
                => throw new InvalidOperationException("could not send with secret-of-the-connection");
        }

        private sealed class Twice : DelegatingHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                (await base.SendAsync(request, cancellationToken)).Dispose();
                return await base.SendAsync(request, cancellationToken);
            }
        }

        public Task DisposedAsync()
        {
            _connection.Dispose();
            return CallAsync();
        }

        public void Dispose()
        {
            _release.Set();
            _connection.Dispose();
            _server.Dispose();
            _release.Dispose();
        }
    }
}
