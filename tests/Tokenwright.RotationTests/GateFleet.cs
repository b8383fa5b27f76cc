using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

/// <summary>
/// Programs that use an old token after its successor was published at time zero. The time is in hours. A program that acknowledges may be
/// slow for days. A program that doesn't acknowledge is known only by its use, which is at least once in the idle time of the policy.
/// </summary>
internal sealed class GateFleet
{
    private const int Days = 60;
    private static readonly DateTimeOffset Zero = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Program> _programs = [];
    private readonly List<(double From, double At)> _records = [];
    private readonly TimeSpan? _granularity;
    private readonly bool _isRecordedLate;
    private readonly TimeSpan _exchanged;
    private readonly TimeSpan _idle;
    private readonly TimeSpan _overlap;

    public GateFleet(int seed)
    {
        var random = new Random(seed);
        _granularity = random.Next(3) == 0 ? null : TimeSpan.FromHours(random.Next(0, 49));

        // Two kinds of vendors: the record is changed only if the last change is old enough, or each use appears later.
        _isRecordedLate = random.Next(2) == 0;
        _exchanged = random.Next(3) == 0 ? TimeSpan.Zero : TimeSpan.FromHours(random.Next(1, 25));
        _idle = TimeSpan.FromHours(random.Next(6, 49));
        _overlap = TimeSpan.FromHours(random.Next(0, 49));
        var count = random.Next(1, 6);
        for (var number = 0; number < count; number++)
        {
            // A silent program shows itself only where the vendor reports uses.
            var isSilent = _granularity is not null && random.Next(4) == 0;
            _programs.Add(new Program(
                isSilent ? null : $"app{number}",
                ChangesAt: random.Next(3) == 0 ? random.Next(24, 24 * 21) : random.Next(0, 12),
                Every: isSilent ? random.Next(1, Math.Max(2, (int)_idle.TotalHours)) : random.Next(1, 24 * 7),
                Phase: random.Next(0, 24)));
        }

        var granularity = _granularity?.TotalHours ?? 0;
        foreach (var use in _programs.SelectMany(program => program.UsesOfOld()).Order())
        {
            if (_isRecordedLate)
                _records.Add((use + granularity, use));
            else if (_records.Count == 0 || use - _records[^1].At >= granularity)
                _records.Add((use, use));
        }
    }

    public DateTimeOffset? RevokedAt { get; private set; }

    public bool IsRevokedInUse { get; private set; }

    public void Run(Func<GateFacts, GateFacts> change)
    {
        for (var hour = 0; hour < Days * 24 && RevokedAt is null; hour += 2)
        {
            var facts = new GateFacts
            {
                Now = Zero.AddHours(hour),
                Generation = 2,
                PublishedAt = Zero,
                Overlap = _overlap,
                Idle = _idle,
                ExchangedLifetime = _exchanged,
                Granularity = _granularity,
                Consumers = [.. _programs.Select(program => program.Name).OfType<string>()],
                Acknowledgements = [.. _programs.Where(program => program.Name is not null && program.FirstUseAfter <= hour).Select(
                    program => new RotationAcknowledgement
                        { Consumer = program.Name!, Generation = 2, At = Zero.AddHours(program.FirstUseAfter) })],
                Uses = [new TokenUse(1, IsGone: false, IsKnown: true, RecordedAt(hour))],
            };
            if (!RotationGate.Decide(change(facts)).IsOpen)
                continue;
            RevokedAt = facts.Now;

            // In use: a program still calls with it, or with a credential that it exchanged for it.
            IsRevokedInUse = _programs.Any(program => program.LastUseBefore + _exchanged.TotalHours > hour || program.ChangesAt > hour);
        }
    }

    private DateTimeOffset? RecordedAt(int hour)
        => _records.FindLastIndex(record => record.From <= hour) is var index && index >= 0 ? Zero.AddHours(_records[index].At) : null;

    /// <summary>A program.</summary>
    /// <param name="Name">The name by which it acknowledges; null if it doesn't.</param>
    /// <param name="ChangesAt">When it reads the new secret.</param>
    /// <param name="Every">How often it calls.</param>
    /// <param name="Phase">When it called for the first time, before time zero.</param>
    private sealed record Program(string? Name, int ChangesAt, int Every, int Phase)
    {
        private int First => -24 * 7 - Phase;

        public double LastUseBefore => First + (Math.Ceiling((double)(ChangesAt - First) / Every) - 1) * Every;

        public double FirstUseAfter => LastUseBefore + Every;

        public IEnumerable<int> UsesOfOld()
        {
            for (var at = First; at < ChangesAt; at += Every)
                yield return at;
        }
    }
}
