using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Field;

/// <summary>
/// Any exception during a call becomes a <see cref="TokenClientException"/>; for a write that must not be retried, it becomes the unknown
/// outcome.
/// </summary>
internal sealed class TotalFailureTests
{
    private static readonly Dictionary<string, Func<Exception>> Failures = new()
    {
        ["null reference"] = Of<NullReferenceException>,
        ["invalid operation"] = () => new InvalidOperationException("a bug"),
        ["argument"] = () => new ArgumentException("a bug", "request"),
        ["argument out of range"] = () => new ArgumentOutOfRangeException("time"),
        ["overflow"] = () => new OverflowException("a clock"),
        ["out of memory"] = Of<OutOfMemoryException>,
        ["disposed"] = () => new ObjectDisposedException("something"),
        ["foreign cancellation"] = () => new TaskCanceledException("gave up"),
        ["timeout"] = () => new TimeoutException("too slow"),
        ["socket"] = () => new SocketException((int)SocketError.ConnectionReset),
        ["io"] = () => new IOException("broke"),
        ["http"] = () => new HttpRequestException(HttpRequestError.ConnectionError, "made up by a handler"),
        ["http with a status"] = () => new HttpRequestException("made up by a handler", null, HttpStatusCode.BadGateway),
        ["aggregate"] = () => new AggregateException(new InvalidOperationException("one"), new InvalidOperationException("two")),
        ["unauthorized access"] = () => new UnauthorizedAccessException("a file"),
        ["unreadable"] = () => new UnreadableException(),
    };

    private static IEnumerable<ShippedSubject> Vendors => ShippedSubject.Vendors;

    private static IEnumerable<string> Names => Failures.Keys;

    [Test, Combinatorial]
    public async Task A_handler_that_throws_after_the_response_leads_to_a_reported_outcome(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [ValueSource(nameof(Names))] string failure)
        => await ThrowAsync(subject, failure, isAfter: true, (operation, exception) =>
        {
            if (operation is TokenOperation.Create or TokenOperation.Regenerate)
                Assert.That(exception, Is.TypeOf<TokenOutcomeUnknownException>(), operation.ToString());
        });

    [Test, Combinatorial]
    public async Task A_handler_that_throws_before_the_request_leads_to_a_TokenClientException(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [ValueSource(nameof(Names))] string failure)
        => await ThrowAsync(subject, failure, isAfter: false, (_, _) => { });

    [TestCaseSource(nameof(Vendors))]
    public async Task Log_sinks_and_listeners_that_throw_fail_no_call_and_lose_no_secret(ShippedSubject subject)
    {
        using var bench = new FieldBench(subject);
        using var listeners = new ThrowingListeners();
        var client = bench.Open(services => services.AddSingleton<ILoggerFactory>(new ThrowingLogs()));

        foreach (var operation in bench.Capabilities.Operations.Where(capability => capability.Support != OperationSupport.Unsupported))
        {
            var call = bench.CallAsync(client, operation.Operation);
            Assert.That(async () => await call, Throws.Nothing, operation.Operation.ToString());
            if (call is Task<IssuedToken> issued)
                Assert.That((await issued).Secret.Reveal(), Is.Not.Empty);
        }

        // The same for the code that runs only after a failure.
        bench.Vendor.Faults.Inject(Fault.Status(503));
        bench.Vendor.Faults.Inject(Fault.TooManyRequests(TimeSpan.Zero));
        Assert.That(async () => await bench.CallAsync(client, TokenOperation.Validate), Throws.Nothing);
        bench.Vendor.Faults.Inject(Fault.Cut(), times: 9);
        Assert.That(async () => await bench.CallAsync(client, TokenOperation.Create), Throws.InstanceOf<TokenClientException>());
        Assert.That(listeners.Thrown, Is.Positive, "the listeners were not even asked");
    }

    [TestCaseSource(nameof(Vendors))]
    public async Task Disposing_the_client_during_a_call_is_reported_as_such(ShippedSubject subject)
    {
        foreach (var operation in new[] { TokenOperation.Create, TokenOperation.Regenerate, TokenOperation.Get })
        {
            using var bench = new FieldBench(subject);
            if (bench.Capabilities[operation].Support == OperationSupport.Unsupported)
                continue;
            var client = bench.Open();
            var main = await bench.FindMainRequestAsync(client, operation);
            var token = bench.Issue();
            var stall = Fault.Stall();
            bench.Vendor.Faults.Inject(stall, main.Method, operation == TokenOperation.Get ? null : FieldBench.PathOf(main.Path, token));

            var call = bench.CallAsync(client, operation, token);
            await stall.Happened;
            bench.Close();

            var exception = Assert.CatchAsync<TokenClientException>(async () => await call)!;
            if (operation != TokenOperation.Get)
                Assert.That(exception, Is.TypeOf<TokenOutcomeUnknownException>(), operation.ToString());
            Assert.That(() => client.ValidateAsync(TokenReference.Self), Throws.TypeOf<ObjectDisposedException>());
        }
    }

    // No later time can be calculated from it.
    [Test, Combinatorial]
    public async Task A_clock_at_the_maximum_time_leads_to_a_reported_outcome(
        [ValueSource(nameof(Vendors))] ShippedSubject subject, [Values] bool isFromTheStart)
    {
        using var bench = new FieldBench(subject);
        var clock = new EndOfTimeClock { IsAtEnd = isFromTheStart };
        using var handler = new FailingHandler(() =>
        {
            clock.IsAtEnd = true;
            return new IOException("broke");
        }, isAfter: true);
        var client = bench.Open(
            services => services.AddSingleton<TimeProvider>(clock),
            connection => connection.Http.AddHttpMessageHandler(() => handler),
            new() { [nameof(ConnectionOptions.CreationSettleTime)] = "00:00:00" });
        var plain = bench.Open();
        foreach (var action in Enum.GetValues<UnknownOutcomeAction>())
        {
            clock.IsAtEnd = isFromTheStart;
            foreach (var operation in new[] { TokenOperation.Create, TokenOperation.Regenerate })
            {
                if (bench.Capabilities[operation].Support == OperationSupport.Unsupported)
                    continue;
                var main = await bench.FindMainRequestAsync(plain, operation);
                var token = bench.Issue();
                var before = bench.Vendor.Requests.Count;
                handler.IsOn = true;
                var exception = Assert.CatchAsync<Exception>(async () => await bench.CallAsync(client, operation, token, action))!;
                handler.IsOn = false;

                Assert.That(exception, Is.InstanceOf<TokenClientException>(), $"{operation} {action}");
                var sent = bench.Vendor.Requests.Skip(before).Select(request => (request.Method, request.PathAndQuery.Split('?')[0]));
                if (sent.Contains((main.Method, FieldBench.PathOf(main.Path, token))))
                    Assert.That(exception, Is.TypeOf<TokenOutcomeUnknownException>(), $"{operation} {action}");
            }
        }
    }

    // Exceptions of types that only the runtime throws.
    private static Exception Of<TException>()
        where TException : Exception, new()
        => new TException();

    private static async Task ThrowAsync(ShippedSubject subject, string failure, bool isAfter, Action<TokenOperation, Exception> check)
    {
        using var bench = new FieldBench(subject);
        using var handler = new FailingHandler(Failures[failure], isAfter);
        var client = bench.Open(connection: connection => connection.Http.AddHttpMessageHandler(() => handler));

        // Authenticates first, so that the lost request is the main one.
        await bench.CallAsync(client, TokenOperation.Create);
        foreach (var capability in bench.Capabilities.Operations.Where(capability => capability.Support != OperationSupport.Unsupported))
        {
            // The test is not about the request that looks up a token first.
            var token = capability.Operation == TokenOperation.Create ? null : bench.Issue();
            handler.IsOn = true;
            var exception = Assert.CatchAsync<Exception>(async () => await bench.CallAsync(client, capability.Operation, token))!;
            handler.IsOn = false;

            Assert.That(exception, Is.InstanceOf<TokenClientException>(), capability.Operation.ToString());
            check(capability.Operation, exception);
        }
    }
}
