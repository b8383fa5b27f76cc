using System.Globalization;
using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Soaking;

/// <summary>
/// Makes many calls of the facade in one process, some of which are cancelled, fail, or are retried, and checks that the process uses no
/// more memory, handles or timers in the end than when it was warm.
/// </summary>
internal static class Soak
{
    public const long DefaultCalls = 1_000_000;

    private const long FewestCalls = 10_000;
    private const int Samples = 10;
    private const int Warm = 3;
    private const int CallsInFlight = 4;

    /// <returns>The exit code: 0 if nothing has grown.</returns>
    public static async Task<int> RunAsync(long calls)
    {
        if (calls < FewestCalls)
            throw new ArgumentException($"--calls must be at least {FewestCalls}, because fewer don't warm the process up.");

        using var transport = new SoakTransport();
        using var facade = new FacadeCandidate(transport, Request.CannedAddress, configure: options =>
        {
            options.RetryDelay = TimeSpan.FromMilliseconds(1);
            options.CreationSettleTime = TimeSpan.Zero;
        });
        var samples = new List<SoakSample>();
        Console.WriteLine($"{"calls",10} {"working set",12} {"managed",12} {"handles",8} {"timers",7} {"threads",8}");
        for (var part = 0; part < Samples; part++)
        {
            var (from, to) = (calls * part / Samples, calls * (part + 1) / Samples);
            await Parallel.ForEachAsync(
                Numbers(from, to), new ParallelOptions { MaxDegreeOfParallelism = CallsInFlight },
                async (number, _) => await CallAsync(facade.Client, new SoakCall(number)));
            var sample = SoakSample.Take(to);
            samples.Add(sample);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sample.Calls,10:N0} {sample.WorkingSet / 1024.0,8:N0} KiB {sample.Heap / 1024.0,8:N0} KiB {sample.Handles,8} " +
                    $"{sample.Timers,7} {sample.Threads,8}"));
        }

        var warm = samples[Warm - 1];
        var growth = samples[(Samples / 2)..].SelectMany(sample => sample.GrowthSince(warm)).Distinct().ToList();
        Console.WriteLine(
            growth.Count == 0
                ? $"Nothing has grown since call {warm.Calls:N0}."
                : $"Has grown since call {warm.Calls:N0}: {string.Join(", ", growth)}.");
        return growth.Count == 0 ? 0 : 1;
    }

    private static IEnumerable<long> Numbers(long from, long to)
    {
        for (var number = from + 1; number <= to; number++)
            yield return number;
    }

    private static async Task CallAsync(ITokenClient client, SoakCall call)
    {
        using var cancellation = new CancellationTokenSource();
        try
        {
            var sent = SendAsync(client, call, cancellation.Token);
            if (call.Fault == SoakFault.Cancelled)
                await cancellation.CancelAsync();
            var id = await sent;
            if (id != call.Id || call.Fails || call.Fault == SoakFault.Cancelled)
                throw new InvalidOperationException($"Call {call.Number} ({call.Fault}) returned token {id}.");
        }
        catch (TokenClientException) when (call.Fails)
        {
        }
        catch (OperationCanceledException) when (call.Fault == SoakFault.Cancelled)
        {
        }
    }

    private static async Task<string?> SendAsync(ITokenClient client, SoakCall call, CancellationToken cancellationToken)
        => call.IsCreate
            ? (await client.CreateAsync(new CreateTokenRequest { Name = call.Name, Roles = [new("observer")] }, cancellationToken)).Token.Id
            : (await client.GetAsync(TokenReference.ById(call.Id), cancellationToken)).Id;
}
