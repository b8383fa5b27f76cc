using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Http;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests.Properties;

/// <summary>
/// Tests the rate limiter with a server that counts a request some time after it was sent, and some time before its response arrives. All
/// times are whole milliseconds of a clock that the test advances.
/// </summary>
internal sealed class RateLimiterProperties
{
    private const int Window = 200;

    // Longer than any request takes, like the connection's timeout for attempts.
    private const int AttemptTimeout = 60;

    private static readonly ConnectionEvents Events = new("Xms", "lab", null);

    // When a call arrives, how long it takes to the server and back, and how it completes.
    private static readonly Gen<Call> AnyCall = Gen.Select(
        Gen.Int[0, 4 * Window],
        Gen.Int[0, AttemptTimeout / 2],
        Gen.Int[0, AttemptTimeout / 2],
        Gen.Frequency(
            (6, Gen.Const(Fate.Responded)), (1, Gen.Const(Fate.Unsent)), (2, Gen.Const(Fate.GivenUp)), (2, Gen.Const(Fate.WaitCancelled))),
        Gen.Int[0, Window],
        (at, there, back, fate, after) => new Call(at, there, back, fate, after));

    // All calls at once, as when a program checks all its tenants.
    private static readonly Gen<Call[]> AnyLoad =
        Gen.Select(AnyCall.Array[1, 120], Gen.Bool, (calls, isBurst) => isBurst ? [.. calls.Select(call => call with { At = 0 })] : calls);

    private enum Fate
    {
        Responded,
        Unsent,
        GivenUp,
        WaitCancelled,
    }

    [Test]
    [HangGuard]
    public void No_sliding_window_at_the_server_gets_more_than_the_limit()
        => Gen.Select(AnyLoad, Gen.Int[1, 20]).Sample(
            (load, limit) =>
            {
                var counted = Run(load, limit, duration: null);
                return Enumerable.Range(0, Math.Max(0, counted.Count - limit))
                    .All(first => counted[first + limit] - counted[first] >= Window);
            },
            iter: 150);

    // For any latencies up to a tenth of the window.
    [Test]
    [HangGuard]
    public void A_burst_reaches_90_percent_of_the_limit_even_if_every_other_waiter_gives_up()
        => Gen.Select(Gen.Int[1, 20], Gen.Int[0, Window / 10].Array[200], Gen.Double[0, 1], Gen.Bool).Sample(
            (limit, latencies, there, isCancelled) =>
            {
                const int Windows = 10;
                var load = latencies.Select((latency, index) =>
                {
                    var forth = (int)(latency * there);
                    return new Call(
                        0, forth, latency - forth, isCancelled && index % 2 == 1 ? Fate.WaitCancelled : Fate.Responded, index * 7 % Window);
                }).ToArray();
                var counted = Run(load, limit, Windows * Window);
                var remaining = load.Count(call => call.Fate == Fate.Responded);
                return counted.Count >= Math.Min(remaining, limit * Windows * 9 / 10);
            },
            iter: 60);

    // Callers that wait for the response before they send the next request.
    [Test]
    [HangGuard]
    public void Sequential_callers_reach_90_percent_of_what_the_limit_or_their_latency_allows()
        => Gen.Select(Gen.Int[10, 20], Gen.Int[1, 40], Gen.Int[1, Window / 20]).Sample(
            (limit, callers, latency) =>
            {
                const int Windows = 10;
                var counted =
                    Run([.. Enumerable.Repeat(new Call(0, latency, 1, Fate.Responded, 0), 400)], limit, Windows * Window, callers);
                var allowed = Math.Min(limit * Windows, callers * Windows * Window / (latency + 1));
                return counted.Count >= Math.Min(400, allowed * 9 / 10);
            },
            iter: 60);

    // Returns when the server counted requests. Without a duration, runs until all calls are done.
    private static List<int> Run(Call[] load, int limit, int? duration, int callers = int.MaxValue)
    {
        var clock = new FakeTimeProvider();
        var limiter = new VendorRateLimiter(clock);
        var options = new XmsOptions { CallsPerWindow = limit, CallWindow = TimeSpan.FromMilliseconds(Window),
            AttemptTimeout = TimeSpan.FromMilliseconds(AttemptTimeout) };
        var coming = new Queue<Call>(load.OrderBy(call => call.At));
        var waiting = new List<(Call Call, RateLimitWaiter Waiter, Task Wait, int At, CancellationTokenSource Cancellation)>();
        var ends = new PriorityQueue<Action, int>();
        var counted = new List<int>();
        var open = 0;
        for (var now = 0; duration is { } end ? now < end : coming.Count + waiting.Count + ends.Count > 0; now++)
        {
            if (now > 1_000_000)
                throw new InvalidOperationException("Calls wait for ever.");
            foreach (var entry in waiting.ToList())
            {
                if (entry.Call.Fate == Fate.WaitCancelled && now >= entry.At + entry.Call.After)
                    entry.Cancellation.Cancel();
                if (!entry.Waiter.Task.IsCompleted)
                    continue;

                // It ends on another thread, and the clock must not go on before that.
                Task.WhenAny(entry.Wait).Wait();
                waiting.Remove(entry);
                if (entry.Waiter.Task.IsCompletedSuccessfully)
                    Send(entry.Call, entry.Waiter.Task.Result, now);
                else
                    open--;
            }

            End(now);
            while (open < callers && coming.TryPeek(out var next) && next.At <= now)
            {
                coming.Dequeue();
                open++;
                var sent = SentRequest.Begin(
                    new HttpRequestMessage(HttpMethod.Get, "https://xms.example/"), () => [], TimeSpan.FromDays(1), clock);
                limiter.TryEnter(options, sent, out var since, out var waiter);
                if (waiter is null)
                {
                    Send(next, since, now);
                    End(now);
                }
                else
                {
                    var cancellation = new CancellationTokenSource();
                    waiting.Add((next, waiter, limiter.WaitAsync(waiter, Events, cancellation.Token), now, cancellation));
                }
            }

            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        counted.RemoveAll(at => at >= duration);
        counted.Sort();
        return counted;

        void Send(Call call, TimeSpan since, int now)
        {
            // An abandoned request still arrives.
            if (call.Fate != Fate.Unsent)
                counted.Add(now + call.There);
            var response = now + call.There + call.Back;
            Action leave = call.Fate switch
            {
                Fate.Unsent => () => limiter.LeaveUnsent(options),
                Fate.GivenUp => () => limiter.LeaveWithoutResponse(options, since),
                _ => () => limiter.Leave(options, since, new HttpResponseMessage()),
            };
            ends.Enqueue(leave, call.Fate == Fate.GivenUp ? Math.Min(now + call.After, response) : response);
        }

        void End(int now)
        {
            while (ends.TryPeek(out var leave, out var at) && at <= now)
            {
                ends.Dequeue();
                leave();
                open--;
            }
        }
    }

    private sealed record Call(int At, int There, int Back, Fate Fate, int After);
}
