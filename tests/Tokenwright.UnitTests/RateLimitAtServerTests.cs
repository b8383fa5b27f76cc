using System.Diagnostics;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>
/// The rate limit and the number of connections from the server's view, over sockets and with the real clock. The assertions hold on a
/// machine of any speed. <see cref="Properties.RateLimiterProperties"/> tests the throughput with its own clock.
/// </summary>
internal sealed class RateLimitAtServerTests
{
    private const int Limit = 20;
    private const string Response =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"access_token\":{\"id\":7}}";
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);
    private static readonly TokenReference Token = TokenReference.ById("7");

    [Test]
    [HangGuard]
    public async Task A_burst_on_new_connections_does_not_exceed_the_limit_in_any_window()
    {
        var arrivals = new List<long>();
        var number = 0;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            // Each call has a new connection, and the server delays some of them.
            var own = Interlocked.Increment(ref number);
            await gate.Task.WaitAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(own % 5 * 50), TimeProvider.System, cancellationToken);
            lock (arrivals)
                arrivals.Add(Stopwatch.GetTimestamp());
            await Task.Delay(TimeSpan.FromMilliseconds(own % 3 * 30), TimeProvider.System, cancellationToken);
            await RawServer.WriteAsync(stream, Response, cancellationToken);
        });
        var secret = new TokenSecret($"secret {TestContext.CurrentContext.Test.ID}");
        using var one = Client(server.Address, secret);
        using var two = Client(server.Address, secret);
        using var cancellation = new CancellationTokenSource();

        var calls = Enumerable.Range(0, 120).Select(call => (call % 2 == 0 ? one : two).GetAsync(Token)).ToList();
        var cancelled = Enumerable.Range(0, 40).Select(_ => one.GetAsync(Token, cancellation.Token)).ToList();
        calls.AddRange(Enumerable.Range(0, 20).Select(_ => two.GetAsync(Token)));
        await cancellation.CancelAsync();
        foreach (var call in cancelled)
            Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();
        await Task.WhenAll(calls);

        Assert.That(arrivals, Has.Count.EqualTo(140));
        arrivals.Sort();
        for (var first = 0; first + Limit < arrivals.Count; first++)
            Assert.That(Stopwatch.GetElapsedTime(arrivals[first], arrivals[first + Limit]), Is.GreaterThanOrEqualTo(Window),
                $"calls {first} to {first + Limit}");
    }

    [TestCase(null, 32)]
    [TestCase(3, 3)]
    [HangGuard]
    public async Task The_option_limits_the_number_of_open_connections(int? option, int most)
    {
        var (present, peak) = (0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new Lock();
        using var server = new RawServer(async (_, stream, cancellationToken) =>
        {
            lock (gate)
            {
                peak = Math.Max(peak, ++present);
                if (present == most)
                    full.TrySetResult();
            }

            await full.Task.WaitAsync(cancellationToken);
            lock (gate)
                present--;
            await RawServer.WriteAsync(stream, Response, cancellationToken);
        });
        using var client = Client(server.Address, new TokenSecret("secret"),
            options => (options.CallsPerWindow, options.MaxConnections) = (null, option ?? options.MaxConnections));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.GetAsync(Token)));

        Assert.That((peak, server.Requests), Is.EqualTo((most, 200)));
    }

    private static XmsTokenClient Client(Uri address, TokenSecret secret, Action<XmsOptions>? change = null)
    {
        // Only a hanging test takes so long.
        var options = new XmsOptions
        {
            BaseAddress = new Uri(address, "v1"),
            AccessToken = secret,
            CallsPerWindow = Limit,
            CallWindow = Window,
            AttemptTimeout = TimeSpan.FromMinutes(4),
            TotalTimeout = TimeSpan.FromMinutes(4),
            MaxRetries = 0,
        };
        change?.Invoke(options);
        return new XmsTokenClient("lab", options);
    }
}
