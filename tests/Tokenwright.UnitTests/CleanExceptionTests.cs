using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

internal sealed class CleanExceptionTests
{
    private const string Secret = "q7Zk2Xw9Lm4Rt8Vb3Nc6";

    private static readonly SecretRedactor Redactor = new([new TokenSecret(Secret)]);

    private static IEnumerable<TestCaseData> Showing()
    {
        static TestCaseData Case(Exception exception, Type type, string? where = null)
            => new TestCaseData(exception, type).SetArgDisplayNames(exception.GetType().Name + where);

        yield return Case(new HttpRequestException(HttpRequestError.ConnectionError, $"to {Secret}"), typeof(HttpRequestException));
        yield return Case(new HttpIOException(HttpRequestError.InvalidResponse, Secret), typeof(HttpIOException));
        yield return Case(new HttpProtocolException(7, Secret, null), typeof(HttpProtocolException));
        yield return Case(new SocketException((int)SocketError.ConnectionReset, Secret), typeof(SocketException));
        yield return Case(new IOException(Secret), typeof(IOException));
        yield return Case(new AuthenticationException(Secret), typeof(AuthenticationException));
        yield return Case(new System.Text.Json.JsonException(Secret), typeof(System.Text.Json.JsonException));
        yield return Case(new TaskCanceledException(Secret), typeof(TaskCanceledException));
        yield return Case(new OperationCanceledException(Secret), typeof(OperationCanceledException));
        yield return Case(new TimeoutRejectedException(Secret, TimeSpan.FromSeconds(7)), typeof(TimeoutRejectedException));
        yield return Case(new TimeoutException(Secret), typeof(TimeoutException));
        yield return Case(new SecretSourceException(Secret), typeof(SecretSourceException));
        yield return Case(new CredentialExchangeException(new IOException(Secret)), typeof(CredentialExchangeException));
        yield return Case(new AggregateException(new IOException("a"), new IOException(Secret)), typeof(AggregateException));
        yield return Case(new ApiException(Secret, 400, Secret, new Dictionary<string, IEnumerable<string>> { [$"X-{Secret}"] = [Secret] },
            new IOException(Secret)), typeof(ApiException));
        yield return Case(new ObjectDisposedException(null, Secret), typeof(ObjectDisposedException));
        yield return Case(new ArgumentException(Secret), typeof(ArgumentException));
        yield return Case(new InvalidOperationException(Secret), typeof(RedactedException));
        yield return Case(new BrokenCircuitException(Secret), typeof(RedactedException));
        yield return Case(new Telling("quiet"), typeof(RedactedException));
        yield return Case(new InvalidOperationException("quiet") { Data = { ["k"] = Secret } }, typeof(RedactedException), " data");
        yield return Case(
            new InvalidOperationException("quiet") { HelpLink = $"https://help/{Secret}" }, typeof(RedactedException), " help");
        yield return Case(new Failing(), typeof(RedactedException));
        yield return Case(new Guarding(), typeof(RedactedException));
        yield return Case(new AggregateException(Secret, new IOException("a")), typeof(AggregateException), " message");
        yield return Case(new AggregateException("quiet", new IOException("a")) { Data = { ["k"] = Secret } }, typeof(AggregateException),
            " data");
        yield return Case(new Several(new IOException("a")) { Told = Secret }, typeof(AggregateException));
    }

    [TestCaseSource(nameof(Showing))]
    public void An_exception_that_shows_a_secret_is_replaced_by_one_without_it(Exception exception, Type type)
    {
        foreach (var shown in new[] { exception, new InvalidOperationException("outer", exception),
            new HttpRequestException("outer", new IOException("a", exception)), new AggregateException(exception) })
        {
            var clean = CleanException.Of(shown, Redactor);

            Assert.That(All(clean), Is.All.Not.Contains(Secret[..8]));
            Assert.That(Causes(clean), Has.Some.TypeOf(type));
            Assert.That(CleanException.Of(clean, Redactor), Is.SameAs(clean), "a second time");
        }
    }

    [Test]
    public void An_exception_without_a_secret_is_not_changed()
    {
        Exception[] quiet =
        [
            new HttpRequestException(HttpRequestError.NameResolutionError, "No such host (a.example:443)",
                new SocketException((int)SocketError.HostNotFound)), new IOException("disk"), new BrokenCircuitException("open"),
            new OperationCanceledException(new CancellationToken(true)), new TaskCanceledException("a", new TimeoutException("b")),
                new AggregateException(new IOException("a"), new IOException("b")), new InvalidOperationException("a"),
            new ApiException("a", 400, "{}", new Dictionary<string, IEnumerable<string>> { ["A"] = ["b"] }, null),
                new CredentialExchangeException(new IOException("a")), new SecretSourceException("a"),
        ];

        Assert.That(quiet.Select(exception => CleanException.Of(exception, Redactor)), Is.EqualTo(quiet).Using<Exception>(ReferenceEquals));
    }

    [Test]
    public void Properties_that_programs_use_are_kept()
    {
        using var cancellation = new CancellationTokenSource();
        var http = (HttpRequestException)CleanException.Of(
            new HttpRequestException(
            HttpRequestError.ProxyTunnelError, $"to proxy 'http://u:{Secret}@p.example:3128/' failed with status code '407'.",
            new IOException(Secret), HttpStatusCode.ProxyAuthenticationRequired), Redactor);
        var cancelled = (OperationCanceledException)CleanException.Of(new OperationCanceledException(Secret, cancellation.Token), Redactor);
        var socket = (SocketException)CleanException.Of(new SocketException((int)SocketError.ConnectionRefused, Secret), Redactor);
        var other = (RedactedException)CleanException.Of(new Telling(Secret), Redactor);

        Assert.That((http.HttpRequestError, http.StatusCode),
            Is.EqualTo((HttpRequestError.ProxyTunnelError, HttpStatusCode.ProxyAuthenticationRequired)));
        Assert.That(http.Message, Is.EqualTo("The proxy p.example:3128 requires a user and a password (HTTP 407)."));
        Assert.That(http.InnerException, Is.TypeOf<IOException>());
        Assert.That(cancelled.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(socket.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(((TimeoutRejectedException)CleanException.Of(
            new TimeoutRejectedException(Secret, TimeSpan.FromSeconds(7)), Redactor)).Timeout, Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(
            ((HttpProtocolException)CleanException.Of(new HttpProtocolException(7, Secret, null), Redactor)).ErrorCode, Is.EqualTo(7));
        Assert.That((other.OriginalType, other.Message), Is.EqualTo((typeof(Telling).FullName, $"{typeof(Telling).FullName}: ***")));
    }

    // A password may contain a quotation mark. A part of it after the mark would look like a host.
    [TestCase("The proxy tunnel request to proxy 'http://u:q7Zk2Xw9@p.example:3128/' failed with status code '403'.", "p.example:3128")]
    [TestCase("The proxy tunnel request to proxy 'http://u:1234'x' y@p.example/' failed with status code '403'.", "p.example:80")]
    [TestCase("The proxy tunnel request to proxy 'https://p.example:8443/' failed with status code '403'.", "p.example:8443")]
    [TestCase("The proxy tunnel request failed.", null)]
    [TestCase("The proxy tunnel request to proxy 'http://p.example:3128/", null)]
    [TestCase("The proxy tunnel request to proxy '' failed.", null)]
    [TestCase("The proxy tunnel request to proxy 'no address' failed.", null)]
    [TestCase("The proxy tunnel request to proxy 'file:///p' failed.", null)]
    [TestCase("", null)]
    public void The_message_names_only_the_host_of_a_proxy(string message, string? host)
    {
        var refusal = ProxyRefusal.Of(new HttpRequestException(HttpRequestError.ProxyTunnelError, message, null, HttpStatusCode.Forbidden));

        Assert.That(refusal.ToString(), Is.EqualTo($"The proxy{(host is null ? null : $" {host}")} refused the connection (HTTP 403)."));
    }

    // A new secret that the SDK doesn't know yet.
    [Test]
    public void No_text_is_kept_of_exceptions_that_quote_a_response()
    {
        Exception[] quoting =
        [
            new HttpRequestException(HttpRequestError.InvalidResponse, "'fresh'",
                new FormatException("'fresh'", new HttpIOException(HttpRequestError.InvalidResponse, "'fresh'"))),
            new HttpRequestException(HttpRequestError.HttpProtocolError, "'fresh'", new IOException("'fresh'")),
            new HttpRequestException("fresh", null, HttpStatusCode.OK), new HttpIOException(HttpRequestError.InvalidResponse, "'fresh'"),
            new System.Text.Json.JsonException("fresh", "$.fresh", 1, 2),
        ];
        Exception[] reading =
        [
            .. quoting, new IOException("fresh"), new InvalidDataException("fresh"), new FormatException("fresh"),
            new InvalidOperationException("fresh", new IOException("fresh")), new SocketException(104, "fresh"),
            new OperationCanceledException("fresh"), new AuthenticationException("fresh"), new TimeoutException("fresh"),
            new AggregateException("fresh", new IOException("fresh")), new Telling("fresh"),
        ];

        Assert.That(quoting.SelectMany(exception => All(CleanException.Of(exception, Redactor))), Is.All.Not.Contains("fresh"));
        Assert.That(reading.SelectMany(exception => All(CleanException.OfResponse(exception))), Is.All.Not.Contains("fresh"));
        Assert.That(CleanException.OfResponse(new InvalidDataException("fresh")).Message, Does.StartWith("System.IO.InvalidDataException"),
            "its type is told");
    }

    [TestCase(10_000, false)]
    [TestCase(1000, true)]
    public void A_very_long_chain_of_causes_is_cut(int length, bool isOfSeveral)
    {
        Exception chain = new IOException(Secret);
        for (var i = 0; i < length; i++)
            chain = isOfSeveral ? new AggregateException(chain) : new InvalidOperationException("a", chain);

        var clean = CleanException.Of(chain, Redactor);

        Assert.That(Causes(clean).Count(), Is.LessThan(20));
        Assert.That(All(clean), Is.All.Not.Contains(Secret));
    }

    // Exceptions that name the cause of a failure to reach a server, or no vendor, are kept.
    [TestCase(HttpRequestError.Unknown, true)]
    [TestCase(HttpRequestError.NameResolutionError, true)]
    [TestCase(HttpRequestError.ConnectionError, true)]
    [TestCase(HttpRequestError.SecureConnectionError, true)]
    [TestCase(HttpRequestError.ProxyTunnelError, true)]
    [TestCase(HttpRequestError.InvalidResponse, false)]
    [TestCase(HttpRequestError.ResponseEnded, false)]
    [TestCase(HttpRequestError.HttpProtocolError, false)]
    [TestCase(HttpRequestError.ExtendedConnectNotSupported, false)]
    [TestCase(HttpRequestError.VersionNegotiationError, false)]
    [TestCase(HttpRequestError.UserAuthenticationError, false)]
    [TestCase(HttpRequestError.ConfigurationLimitExceeded, false)]
    public void The_cause_of_a_failure_is_kept_unless_it_may_quote_a_response(HttpRequestError error, bool isKept)
    {
        var cause = new IOException("disk");
        var failure = new HttpRequestException(error, "a proxy", cause);

        var clean = CleanException.Of(failure, Redactor);

        Assert.That(clean, Is.TypeOf<HttpRequestException>().With.Property(nameof(HttpRequestException.HttpRequestError)).EqualTo(error));
        Assert.That(clean.InnerException, isKept ? Is.SameAs(cause) : Is.TypeOf<IOException>().With.Message.Not.Contains("disk"));
        Assert.That(ReferenceEquals(clean, failure), Is.EqualTo(isKept && error != HttpRequestError.ProxyTunnelError));
    }

    [Test]
    public void The_types_of_the_causes_are_kept_if_reading_a_response_fails()
    {
        var api = new ApiException("a", 400, "{}", new Dictionary<string, IEnumerable<string>>(), null);

        var clean = CleanException.OfResponse(new InvalidOperationException("fresh", new IOException("fresh", api)));

        Assert.That(clean, Is.TypeOf<RedactedException>().With.InnerException.TypeOf<IOException>());
        Assert.That(clean.InnerException!.InnerException, Is.SameAs(api), "what it shows went through the gate");
    }

    [Test]
    public void The_SDKs_own_messages_are_not_changed()
    {
        var own = CleanException.Own(new IOException(Secret));
        var outer = new InvalidOperationException("a", own);

        Assert.That(CleanException.Of(own, Redactor), Is.SameAs(own));
        Assert.That(CleanException.Of(outer, Redactor), Is.SameAs(outer));
    }

    [Test]
    public void Names_of_types_are_not_redacted()
    {
        var redactor = new SecretRedactor([new TokenSecret(typeof(InvalidOperationException).FullName!)]);
        var exception = new InvalidOperationException("a");

        Assert.That(CleanException.Of(exception, redactor), Is.SameAs(exception));
    }

    private static IEnumerable<Exception> Causes(Exception exception)
        => new[] { exception }.Concat(((exception as AggregateException)?.InnerExceptions
            ?? (exception.InnerException is { } inner ? [inner] : Enumerable.Empty<Exception>())).SelectMany(Causes));

    private static IEnumerable<string> All(Exception exception) => Causes(exception).SelectMany(cause => new[]
    {
        cause.Message, cause.ToString(), cause.HelpLink, cause.Source, (cause as ApiException)?.Response,
            string.Join(' ', cause.Data.Values.Cast<object>()),
        string.Join(' ', (cause as ApiException)?.Headers.SelectMany(header => header.Value.Append(header.Key)) ?? []),
    }.OfType<string>());

    private sealed class Telling(string message) : Exception(message)
    {
        public override string ToString() => $"{Secret}";
    }

    private sealed class Failing : Exception
    {
        public override string Message => throw new InvalidOperationException(Secret);
    }

    private sealed class Guarding : Exception
    {
        public override System.Collections.IDictionary Data => throw new InvalidOperationException(Secret);
    }

    private sealed class Several(params Exception[] inner) : AggregateException(inner)
    {
        public string? Told { get; init; }
    }
}
