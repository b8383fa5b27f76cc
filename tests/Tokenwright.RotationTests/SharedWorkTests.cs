using System.Diagnostics;
using System.Globalization;
using Tokenwright.Rotation;
using Tokenwright.RotationTests.Rotator;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>
/// Two processes share the rotations of many lineages on PostgreSQL, and one is killed in the middle.
/// <c>TOKENWRIGHT_ROTATION_LINEAGES</c> sets the number of lineages.
/// </summary>
[Category("PostgreSql")]
[Platform(Exclude = "Win", Reason = "SIGKILL is a signal of Unix.")]
[CancelAfter(900_000)]
internal sealed class SharedWorkTests
{
    private const int DefaultLineages = 64;
    private const int LineagesPerOwner = 4;
    private const string CreatePath = "/*/personal-access-tokens";
    private static readonly TimeSpan FirstDue = TimeSpan.FromDays(61);

    private readonly ShiftedClock _clock = new();
    private PostgreSqlServer? _server;
    private SailPointEmulator _emulator = null!;
    private DirectoryInfo _secrets = null!;
    private RotatorJob _job = null!;

    private static int Count => int.TryParse(
        Environment.GetEnvironmentVariable("TOKENWRIGHT_ROTATION_LINEAGES"), CultureInfo.InvariantCulture, out var count)
        ? count : DefaultLineages;

    private static CancellationToken Limit => TestContext.CurrentContext.CancellationToken;

    private int Creates => _emulator.Requests.Count(
        request => request.Method == "POST" && request.Path.EndsWith("/personal-access-tokens", StringComparison.Ordinal));

    [SetUp]
    public async Task StartAsync()
    {
        _server = await PostgreSqlServer.StartAsync();
        _emulator = new SailPointEmulator(new EmulatorOptions { TimeProvider = _clock });
        _emulator.Clear();
        _secrets = Directory.CreateTempSubdirectory("tokenwright-shared-");
        var owners = Enumerable.Range(1, Count / LineagesPerOwner).Select(number => _emulator.Add(
            new() { Name = "connection", OwnerId = number.ToString("x32", CultureInfo.InvariantCulture) })).ToList();
        _job = new RotatorJob
        {
            ConnectionString = _server.ConnectionString,
            Connections = owners.ToDictionary(
                owner => owner.Id!,
                IReadOnlyDictionary<string, string> (owner) => new Dictionary<string, string>
                {
                    ["BaseAddress"] = _emulator.BaseAddress.ToString(), ["ClientId"] = owner.Id!, ["ClientSecret"] = owner.Secret!.Reveal(),
                }),

            // Neighbours have different owners.
            Lineages = [.. Enumerable.Range(0, Count).Select(number => new RotatorLineage(
                FormattableString.Invariant($"lineage{number}"), owners[number % owners.Count].Id!,
                Path.Combine(_secrets.FullName, FormattableString.Invariant($"lineage{number}.json"))))],
        };
    }

    [TearDown]
    public async Task EndAsync()
    {
        if (_server is null)
            return;
        _emulator.Dispose();
        _secrets.Delete(recursive: true);
        await _server.DisposeAsync();
    }

    [Test]
    public async Task No_token_is_lost_or_doubled_if_one_of_two_processes_is_killed()
    {
        var since = Stopwatch.GetTimestamp();
        await using var killed = await RotatorProcess.StartAsync(_job, Limit);
        await using var other = await RotatorProcess.StartAsync(_job, Limit);
        await Task.WhenAll(killed.GoAsync(TimeSpan.Zero), other.GoAsync(TimeSpan.Zero));
        await Task.WhenAll(killed.WaitForReportAsync(Limit), other.WaitForReportAsync(Limit));
        Assert.That(Creates, Is.EqualTo(Count), Problems(killed, other));
        var before = Published(killed);

        // In the middle of the rotations, the creates of both processes are slow, and one process is killed before it has the responses. So
        // the vendor creates tokens for a process that has ended.
        _emulator.Faults.Inject(Fault.Delay(TimeSpan.Zero), "POST", CreatePath, Count / 2);
        var slow = Enumerable.Range(0, 2 * RotatorJob.Concurrency).Select(_ => Fault.Delay(TimeSpan.FromSeconds(2))).ToList();
        slow.ForEach(fault => _emulator.Faults.Inject(fault, "POST", CreatePath));
        _clock.Ahead = FirstDue;
        await Task.WhenAll(killed.GoAsync(FirstDue), other.GoAsync(FirstDue));
        await slow[^1].Happened.WaitAsync(Limit);
        await killed.KillAsync();
        await Task.WhenAll(slow.Select(fault => fault.Handled)).WaitAsync(Limit);
        await other.WaitForReportAsync(Limit);

        var all = await SettleAsync(other);
        Check(all);
        Assert.That(Published(killed) - before, Is.InRange(Count / 8, Count / 2), "the killed process had its share of the rotations");
        var lost = all.Sum(status => status.Generation - 2);
        Assert.That(Creates, Is.EqualTo((2 * Count) + lost), "nothing was created twice but what was lost");
        Assert.That(lost, Is.InRange(1, RotatorJob.Concurrency), "creates of the killed process, and only those, were lost");
        TestContext.Out.WriteLine(FormattableString.Invariant($"{Count} lineages: the killed process rotated ") +
            FormattableString.Invariant($"{Published(killed) - before}, {lost} of its creates were lost, and found and revoked; ") +
            FormattableString.Invariant($"{Stopwatch.GetElapsedTime(since).TotalSeconds:F0} s."));
    }

    // Lets the time pass until the old tokens are dead.
    private async Task<IReadOnlyList<RotationStatus>> SettleAsync(RotatorProcess process)
    {
        await using var journal = _job.OpenJournal();
        using var rotator = _job.CreateRotator(journal, _clock, TestContext.Progress.WriteLine);
        foreach (var hours in Enumerable.Range(0, 12).Select(step => 12 * step))
        {
            _clock.Ahead = FirstDue + TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(1);
            await process.GoAsync(_clock.Ahead);
            await process.WaitForReportAsync(Limit);
            var all = await rotator.StatusAsync(Limit);
            if (all.All(World.IsAtRest))
                return all;
        }

        throw new InvalidOperationException(Problems(process));
    }

    private void Check(IReadOnlyList<RotationStatus> all)
    {
        var tokens = _emulator.Tokens.ToLookup(token => token.Name!.Split('-')[0]);
        Assert.That(tokens.Sum(group => group.Count()), Is.EqualTo(_job.Connections.Count + Count), "no token that nobody knows of");
        var statuses = all.ToDictionary(status => status.Lineage);
        foreach (var lineage in _job.Lineages)
        {
            var status = statuses[lineage.Name];
            var stored = RotatedSecret.FromJson(File.ReadAllText(lineage.Path), status.Lineage)!;
            var token = tokens[status.Lineage].Single();
            Assert.That(token.IsActive(_clock.GetUtcNow()), status.Lineage);
            Assert.That(
                (stored.Id, stored.Secret, stored.Generation), Is.EqualTo((token.Id, token.Secret, status.Generation)), status.Lineage);
            Assert.That((status.TokenId, status.Debts.Count, status.Attention), Is.EqualTo((token.Id, 0, (string?)null)), $"{status}");
        }
    }

    private static int Published(RotatorProcess process)
        => process.Output.Count(line => line.StartsWith($"{RotationStage.Published} ", StringComparison.Ordinal));

    private static string Problems(params RotatorProcess[] processes)
        => string.Join('\n', processes.SelectMany(process => process.Output)
            .Where(line => line.Contains(": ", StringComparison.Ordinal)).Take(20));
}
