using System.Globalization;

namespace Tokenwright.CrashTests;

/// <summary>
/// What a seed decides: which vendor, what is asked for, when the program is killed, and which other tokens are there. The same seed gives
/// the same plan.
/// </summary>
internal sealed class CrashPlan
{
    public CrashPlan(CreationRecovery recovery, int seed)
    {
        var random = new Random(unchecked((seed * 397) ^ (int)recovery));
        var subjects = CrashSubject.All.Where(subject => subject.Recovery == recovery).ToList();
        Seed = seed;
        Subject = subjects[seed % subjects.Count];

        // In turns and not by chance, so that few seeds have all of them too.
        var actions = recovery switch
        {
            CreationRecovery.Recoverable => new[] { UnknownOutcomeAction.Recover, UnknownOutcomeAction.RevokeOrphan,
                UnknownOutcomeAction.Recover, UnknownOutcomeAction.RevokeOrphanAndCreateAgain },
            CreationRecovery.FindAndRevoke => [UnknownOutcomeAction.RevokeOrphan, UnknownOutcomeAction.RevokeOrphanAndCreateAgain],
            _ => [UnknownOutcomeAction.Recover],
        };
        IfOutcomeUnknown = actions[seed / subjects.Count % actions.Length];
        Bystander = Bystanders(Subject) is { Count: > 0 } bystanders
            && random.Next(2) == 0 ? bystanders[random.Next(bystanders.Count)] : null;
        BystanderAge = TimeSpan.FromMinutes(1 + (random.NextDouble() * 60));

        // What can't be looked for is told by the local clock, which can't be held to the vendor's then.
        VendorIsAhead = recovery == CreationRecovery.BoundedByExpiry
            || random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((20 * random.NextDouble()) - 10);
        Lifetime = TimeSpan.FromHours(1 + (2 * random.NextDouble()));
        HasFixedEnd = random.Next(3) == 0;
        HasKeys = recovery == CreationRecovery.Recoverable && (Bystander == BystanderKind.KeyTaken || random.Next(4) > 0);

        var blank = Subject.TrimsNames && random.Next(4) == 0 ? " " : string.Empty;
        var names = 0;
        string NextName() => string.Create(CultureInfo.InvariantCulture, $"{blank}crash {seed} {++names}{blank}");
        Lives = random.Next(4) == 0 ? [LifeOf(seed), LifeOf(random.Next(1000))] : [LifeOf(seed)];

        // One token is issued after the other; the kill falls on one of them.
        Life LifeOf(int turn)
        {
            var fatal = random.Next(4) == 0 ? random.Next(1, 3) : 0;
            return new Life([.. Enumerable.Range(0, fatal + 1).Select(_ => NextName())], Kill.OfTurn(turn, random));
        }
    }

    public int Seed { get; }

    public CrashSubject Subject { get; }

    public UnknownOutcomeAction IfOutcomeUnknown { get; }

    /// <summary>The lives of the program: each begins with what the one before left behind, and ends by a kill.</summary>
    public IReadOnlyList<Life> Lives { get; }

    /// <summary>A token of somebody else's that looks much like an orphan; null for none.</summary>
    public BystanderKind? Bystander { get; }

    /// <summary>How long before the first create a bystander was made that is older.</summary>
    public TimeSpan BystanderAge { get; }

    /// <summary>How much the vendor's clock is ahead of the program's.</summary>
    public TimeSpan VendorIsAhead { get; }

    public TimeSpan Lifetime { get; }

    /// <summary>Whether the tokens are asked for with an instant of their end, and not with a lifetime.</summary>
    public bool HasFixedEnd { get; }

    /// <summary>Whether the program gives its tokens keys; without, they are found by their names.</summary>
    public bool HasKeys { get; }

    public override string ToString()
        => string.Create(
            CultureInfo.InvariantCulture,
            $"seed {Seed} ({Subject}, {IfOutcomeUnknown}{(HasKeys ? ", with keys" : null)}, {string.Join("; ", Lives)}, " +
            $"{(Bystander is { } bystander ? $"bystander: {bystander}" : "no bystander")}, vendor's clock {VendorIsAhead:c} ahead)");

    private static List<BystanderKind> Bystanders(CrashSubject subject) => subject.Recovery switch
    {
        CreationRecovery.Recoverable => [BystanderKind.NameTaken, BystanderKind.KeyTaken, BystanderKind.SimilarName],
        CreationRecovery.FindAndRevoke =>
        [
            BystanderKind.NameTaken, BystanderKind.OlderOfTheName, BystanderKind.SimilarName,
            .. subject.OtherOwner is null ? new[] { BystanderKind.OtherKind } : [BystanderKind.OtherOwner],
            .. subject.HasRoles ? new[] { BystanderKind.OtherRoles } : [],
        ],
        _ => [],
    };
}
