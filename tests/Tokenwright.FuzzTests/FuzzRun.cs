using System.Collections.Concurrent;

namespace Tokenwright.FuzzTests;

/// <summary>Runs the inputs of consecutive seeds on all cores. The caller's thread watches for inputs that hang.</summary>
internal sealed class FuzzRun(int firstSeed, int count)
{
    private const int MostFailures = 10;

    // The limit for an input that takes less than a millisecond, on a machine that may be busy.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, string> _failures = new();
    private readonly (int Seed, long Start)?[] _atWork = new (int, long)?[Environment.ProcessorCount];
    private readonly Lock _lock = new();
    private int _next;

    /// <summary>Gets the first input of each kind of failure.</summary>
    public IEnumerable<string> Failures => _failures.Values;

    /// <summary>Runs all inputs. Stops early at an input that hangs, or after several kinds of failures.</summary>
    public void Run()
    {
        var workers = _atWork.Select((_, worker) => Task.Run(() => WorkAsync(worker))).ToArray();
        while (!Task.WaitAll(workers, Glance))
        {
            lock (_lock)
            {
                foreach (var (seed, start) in _atWork.OfType<(int, long)>())
                {
                    if (TimeProvider.System.GetElapsedTime(start) < Longest)
                        continue;
                    _failures["hang"] = $"The input of seed {seed} ({FuzzCase.Of(seed).Target.Name}) has not ended for {Longest}.";
                    return;
                }
            }
        }
    }

    private async Task WorkAsync(int worker)
    {
        while (Interlocked.Increment(ref _next) is var number && number <= count && _failures.Count < MostFailures)
        {
            var seed = unchecked(firstSeed + number - 1);
            lock (_lock)
                _atWork[worker] = (seed, TimeProvider.System.GetTimestamp());
            var input = FuzzCase.Of(seed);
            if (await input.RunAsync().ConfigureAwait(false) is { } failure)
                _failures.TryAdd(
                    Kind(input, failure),
                    $"Seed {seed}, {input.Target.Name}: {failure}{Environment.NewLine}As a file of " +
                    $"Regressions:{Environment.NewLine}{input}");
        }

        lock (_lock)
            _atWork[worker] = null;
    }

    // Returns the kind and the place of the failure, without numbers and the vendors' words.
    private static string Kind(FuzzCase input, string failure)
    {
        var lines = failure.Split('\n');
        return $"{string.Join(':', lines[0].Split(':').Take(2))} " +
            $"{lines.FirstOrDefault(line => line.Contains("at Tokenwright", StringComparison.Ordinal)) ?? input.Target.Name}";
    }
}
