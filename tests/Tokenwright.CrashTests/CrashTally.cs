namespace Tokenwright.CrashTests;

/// <summary>Counts the results of the seeds of one kind of recovery.</summary>
internal sealed class CrashTally
{
    private readonly Lock _lock = new();
    private readonly List<(CrashPlan Plan, IReadOnlyList<KilledAt> Kills)> _seeds = [];
    private readonly List<string> _failures = [];

    /// <summary>Gets the seeds with broken promises, and the promises.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Gets how many kills left a token behind whose secret was not stored.</summary>
    public int Orphans => _seeds.SelectMany(seed => seed.Kills).Count(kill => kill == KilledAt.TokenMade);

    public void Add(CrashPlan plan, Crash crash, Exception? failure)
    {
        lock (_lock)
        {
            _seeds.Add((plan, crash.Kills));
            _failures.AddRange(crash.Broken.Select(promise => $"{plan}: not kept: {promise}"));
            if (failure is not null)
                _failures.Add($"{plan}: {failure}");
        }
    }

    public string Text(CreationRecovery recovery)
    {
        var kills = _seeds.SelectMany(seed => seed.Kills).ToList();
        var kinds = _seeds.SelectMany(
            seed => seed.Plan.Lives.Take(seed.Kills.Count).Zip(seed.Kills, (life, at) => (life.Kill.Kind, At: at))).ToList();
        var aims = kinds.GroupBy(kill => kill.Kind).OrderBy(kind => kind.Key)
            .Select(kind => $"{kind.Key} {kind.Count()} ({Counts(kind.Select(kill => kill.At))})");
        return $"""
            {recovery}: {_seeds.Count} seeds ({Counts(_seeds.Select(seed => seed.Plan.Subject.Name))}), {kills.Count} kills
              left behind: {Counts(kills)}
              aimed at: {string.Join("; ", aims)}
            """;
    }

    private static string Counts<T>(IEnumerable<T> values)
        => string.Join(", ", values.GroupBy(value => value).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}"));
}
