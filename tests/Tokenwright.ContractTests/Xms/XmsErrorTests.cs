using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tokenwright.Testing;
using Tokenwright.UnitTests;

namespace Tokenwright.ContractTests;

/// <summary>Which exceptions the errors of XMS become, and that they show no secret of the URL.</summary>
internal sealed class XmsErrorTests : XmsFixture
{
    [TestCase(400, TokenVerdict.Unknown)]
    [TestCase(404, TokenVerdict.Unknown)]
    [TestCase(403, TokenVerdict.Undetermined)]
    public async Task A_refused_secret_is_a_verdict(int status, TokenVerdict verdict)
    {
        _vendor.On("POST", Validation, Echo(status));

        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("a secret")));

        Assert.That((validation.Verdict, validation.IsActive, validation.Token), Is.EqualTo((verdict, false, (ApiToken?)null)));
        Assert.That(validation.Reason, Does.Contain($"HTTP {status}").And.Not.Contain("a secret").And.Not.Contain("a%20secret"));
    }

    // Errors that repeat the URL, which contains the secret in its query.
    private static readonly TestCaseData[] Echoes =
    [
        new TestCaseData(Echo(500)).SetArgDisplayNames("JSON"),
        new TestCaseData(Echo(401)).SetArgDisplayNames("JSON, credential refused"),
        new TestCaseData(Echo(404)).SetArgDisplayNames("JSON, not found"),
        new TestCaseData(Echo(400)).SetArgDisplayNames("JSON, refused"),
        new TestCaseData(Echo(403)).SetArgDisplayNames("JSON, forbidden"),
        new TestCaseData(
            (ReceivedRequest request) =>
            VendorResponse.Json(
            500, $$"""{"error":{"url":"{{request.PathAndQuery.ToLowerInvariant()}}"},"cod""" +
            $$"""e":"{{request.Query("subject_access_token")}}"}""")).SetArgDisplayNames("JSON in an object, lower case"),
        new TestCaseData((ReceivedRequest request) => VendorResponse.Json(500,
            "\"/v1/access-tokens:validate?subject_access_token=S3cret+%2F%2B%26\"")).SetArgDisplayNames("JSON text, encoded as in forms"),
        new TestCaseData((ReceivedRequest request) => VendorResponse.Html(502, $"<html>{request.PathAndQuery}</html>"))
            .SetArgDisplayNames("HTML"),
        new TestCaseData((ReceivedRequest request) =>
            VendorResponse.Empty(302).With("Location", "https://elsewhere.example" + request.PathAndQuery)).SetArgDisplayNames("redirect"),
        new TestCaseData((ReceivedRequest request) => VendorResponse.Json(200, $$"""{"access_token": {{request.PathAndQuery}}"""))
            .SetArgDisplayNames("success that can't be read"),
    ];

    [TestCaseSource(nameof(Echoes))]
    public async Task No_error_shows_the_secret_that_was_in_the_url(Func<ReceivedRequest, VendorResponse> server)
    {
        _vendor.On("POST", Validation, server);
        var reference = TokenReference.BySecret(new TokenSecret("S3cret /+&"));

        var shown = await ShownAsync(_client.GetAsync(reference)) + await ShownAsync(_client.ValidateAsync(reference)) + reference;

        Assert.That(shown, Does.Contain("***"));
        Assert.That(shown, Does.Not.Contain("S3cret").IgnoreCase);
    }

    [Test]
    public async Task No_log_shows_the_secret_that_was_in_the_url()
    {
        _vendor.On("POST", Validation, Echo(500));
        var log = new Log();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddHttpClient("other");
        services.AddTokenwright().AddXms("lab", options =>
        {
            options.BaseAddress = new Uri(_vendor.BaseAddress, "v1");
            options.MaxRetries = 0;
            options.AccessToken = new TokenSecret("own-secret");
        });
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        await ShownAsync(client.ValidateAsync(TokenReference.BySecret(new TokenSecret("S3cret"))));
        await provider.GetRequiredService<IHttpClientFactory>().CreateClient("other").GetAsync(new Uri(_vendor.BaseAddress, "seen"));

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Assert.That(log.Lines, Has.Some.Contains("/seen"), "the log is read");
        Assert.That(log.Lines, Has.None.Contains("S3cret").And.None.Contains("own-secret"));
    }

    [Test]
    public async Task A_stopped_server_is_a_service_unavailable_error()
    {
        using var port = ClosedPort.Of(_vendor, _vendor.BaseAddress);

        var exception = Assert.CatchAsync<TokenServiceUnavailableException>(
            async () => await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("S3cret"))))!;

        Assert.That((exception.IsTransient, exception.Status), Is.EqualTo((true, (HttpStatusCode?)null)));
        Assert.That(await ShownAsync(_client.GetAsync(TokenReference.Self)), Does.Not.Contain("own-secret"));
        Assert.That(exception.ToString(), Does.Not.Contain("S3cret"));
    }

    // The documents describe neither the body of an error (X10) nor the status for a refused credential (X9). The client must handle these.
    private static readonly TestCaseData[] Errors =
    [
        new(400, """{"code":"BadParam","message":"limit is wrong","details":"it is -2"}""", typeof(TokenInvalidRequestException),
            "BadParam", "limit is wrong it is -2"),
        new(400, """{"code":17,"message":"limit is wrong","error":"limit is wrong"}""", typeof(TokenInvalidRequestException), "17",
            "limit is wrong"),
        new(401, """{"error":"token own-secret is invalid"}""", typeof(TokenAuthenticationException), null, "token *** is invalid"),
        new(401, "", typeof(TokenAuthenticationException), null, null),
        new(403, """{"message":null,"details":""}""", typeof(TokenPermissionException), null, null),
        new(403, "\"forbidden\"", typeof(TokenPermissionException), null, "forbidden"),
        new(404, "", typeof(TokenClientException), null, null),
        new(429, "[]", typeof(TokenRateLimitedException), null, null),
        new(500, "null", typeof(TokenServiceUnavailableException), null, null),
        new(503, "<html>down</html>", typeof(TokenServiceUnavailableException), null,
            "the body is application/json, not JSON; did something in front of the API respond?"),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_TokenClientExceptions(int status, string body, Type type, string? code, string? message)
    {
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(status, body).With("Retry-After", "7"));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.ListAsync().ToListAsync())!;

        AssertFailure(exception, TokenOperation.List, status, type, (code, message, null));
    }

    private static Func<ReceivedRequest, VendorResponse> Echo(int status)
        => request => VendorResponse.Json(status, $$"""
            {"code":"{{request.Query("subject_access_token")}}","message":"POST {{request.PathAndQuery}} failed",
            "details":"{{request.Query("subject_access_token")}}"}
            """);

    // Everything that a program could log of a result or an exception.
    private static async Task<string> ShownAsync<T>(Task<T> call)
    {
        try
        {
            return await call is TokenValidation validation ? $"{validation.Verdict} {validation.Reason}" : "";
        }
        catch (TokenClientException exception)
        {
            var problems = exception is TokenInvalidRequestException wrong ? string.Join(" ", wrong.Problems) : "";
            return $"{exception} {exception.VendorErrorCode} {exception.VendorMessage} {exception.VendorRequestId} {problems}";
        }
    }

    private sealed class Log : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue(state.ToString()!);
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
