using System.Diagnostics;
using System.Globalization;
using Tokenwright.Rotation;
using Tokenwright.RotationTests.Rotator;
using Tokenwright.SailPoint;

namespace Tokenwright.Benchmarks.Rotating;

/// <summary>
/// Rotates many SailPoint tokens at once, with a journal and files on the disk: how many a second, how much processor time and how many
/// requests each takes, how much memory the rotator needs, and how near it comes to the vendor's limit of requests.
/// </summary>
internal static class RotationScale
{
    private const int DefaultLineages = 10_000;

    // An owner may have 10 tokens: its own, four in use, and four old ones until they are revoked.
    private const int LineagesPerOwner = 4;

    private const int LineagesAtATime = 16;

    private static readonly TimeSpan CallWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UntilDue = TimeSpan.FromDays(61);
    private static readonly TimeSpan UntilRetired = UntilDue + TimeSpan.FromDays(4);

    /// <returns>The exit code: 0 if every lineage was rotated and no other token is left.</returns>
    public static async Task<int> RunAsync(ReadOnlyMemory<string> arguments)
    {
        var (lineages, calls) = Parse(arguments.Span);
        var owners = (lineages + LineagesPerOwner - 1) / LineagesPerOwner;
        using var server = await OwnersServer.StartAsync(owners);
        var folder = Directory.CreateTempSubdirectory("tokenwright-rotate-");
        try
        {
            return await RunAsync(server, folder.FullName, lineages, owners, calls);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Lineages, int? Calls) Parse(ReadOnlySpan<string> arguments)
    {
        var (lineages, calls) = (DefaultLineages, (int?)null);
        for (; arguments is [var name, var value, ..]; arguments = arguments[2..])
        {
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0
                ? parsed : throw new ArgumentException($"'{value}' is not a number of at least 1.");
            switch (name)
            {
                case "--lineages":
                    lineages = number;
                    break;
                case "--calls":
                    calls = number;
                    break;
                default:
                    throw new ArgumentException($"'{name}' is not known. There is --lineages n, --calls n.");
            }
        }

        return arguments.IsEmpty ? (lineages, calls) : throw new ArgumentException($"'{arguments[0]}' needs a value.");
    }

    private static async Task<int> RunAsync(OwnersServer server, string folder, int lineages, int owners, int? calls)
    {
        var clock = new ShiftedClock();
        var before = Heap();
        using var transport = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        var clients = Enumerable.Range(1, owners).ToDictionary(
            OwnersServer.IdOf, owner => Connect(server.Address, owner, calls, clock, transport));
        await using var journal = SqliteRotationJournal.Open(Path.Combine(folder, "rotation.db"));
        using var rotator = new TokenRotator(new TokenRotatorOptions
        {
            Journal = journal,
            Sealer = SecretSealer.AesGcm(new TokenSecret("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")),
            GetClient = connection => clients[connection],
            TimeProvider = clock,

            // A lineage that waits for the limit must not keep another one from its own limit.
            MaxConcurrency = calls is null ? LineagesAtATime : lineages,
            Lineages = [.. Enumerable.Range(0, lineages).Select(number => new TokenLineage
            {
                Name = FormattableString.Invariant($"lineage{number}"),

                // Neighbours have different owners.
                Connection = OwnersServer.IdOf(1 + (number % owners)),
                CreateRequest = name => new CreateTokenRequest { Name = name, Scopes = [new("sp:scopes:default")] },
                Sinks = [new FileSecretSink(Path.Combine(folder, FormattableString.Invariant($"{number}.json")))],
            })],
        });

        var begin = Stopwatch.GetTimestamp();
        await RunDueAsync(rotator, journal, clock);
        var (requests, _) = await server.SetClockAsync(TimeSpan.Zero);
        var (start, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var ahead in new[] { UntilDue, UntilRetired })
        {
            await server.SetClockAsync(clock.Ahead = ahead);
            await RunDueAsync(rotator, journal, clock);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        processor = Environment.CpuUsage.TotalTime - processor;
        var (requestsAfter, tokens) = await server.SetClockAsync(clock.Ahead);
        var all = await rotator.StatusAsync();
        var rotated = all.Count(status => status is { Stage: RotationStage.Done, Generation: 2, OldGenerations: [], Debts: [] });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rotated:N0} of {lineages:N0} lineages of {owners:N0} owners rotated, {tokens - owners - lineages:N0} other tokens left"));
        if (all.FirstOrDefault(status => status.Stage != RotationStage.Done) is { } left)
            Console.WriteLine($"{left}: {left.Attention ?? left.WaitsFor}, {left.NextAt:u}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds:N1} s, {lineages / elapsed.TotalSeconds:N0} rotations/s; a rotation: " +
            $"{(double)(requestsAfter - requests) / lineages:N1} requests, " +
            $"{processor.TotalMilliseconds / lineages:N2} ms of processor time"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory: {(Heap() - before) / 1024.0 / lineages:N1} KiB a lineage, {Environment.WorkingSet / 1048576.0:N0} MiB working set"));
        if (calls is { } limit)
        {
            var least = CallWindow * (Math.Ceiling((double)requestsAfter / owners / limit) - 1);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"with the first tokens: {Stopwatch.GetElapsedTime(begin).TotalSeconds:N1} s; the limit of {limit} requests in " +
                $"{CallWindow.TotalSeconds} s for each owner alone takes {least.TotalSeconds:N0} s"));
        }

        return rotated == lineages && tokens == owners + lineages ? 0 : 1;
    }

    private static SailPointTokenClient Connect(Uri address, int owner, int? calls, TimeProvider clock, HttpMessageHandler transport)
        => new(OwnersServer.IdOf(owner), new SailPointOptions
        {
            BaseAddress = address,
            ClientId = OwnersServer.IdOf(owner),
            ClientSecret = OwnersServer.SecretOf(owner),
            CallsPerWindow = calls,
            CallWindow = CallWindow,
        }, new ConnectionEnvironment { TimeProvider = clock, Transport = transport });

    // A vendor can accept a revoked token for a while, so some lineages are due again a moment later.
    private static async Task RunDueAsync(TokenRotator rotator, SqliteRotationJournal journal, TimeProvider clock)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            if (await rotator.RunDueAsync() is { Failures: { Count: > 0 } failures })
                throw new InvalidOperationException("A rotation failed.", failures.Values.First());
        }
        while ((await journal.ListDueAsync(clock.GetUtcNow())).Count > 0 && await pause.WaitForNextTickAsync());
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);
}
