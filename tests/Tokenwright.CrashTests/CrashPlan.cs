using System.Globalization;

namespace Tokenwright.CrashTests;

/// <summary>
/// The plan of a seed: the vendor, what is requested, when the program is killed, and which other tokens exist. The same seed gives the
/// same plan.
/// </summary>
internal sealed class CrashPlan
{
    public CrashPlan(CreationRecovery recovery, int seed)
    {
        var random = new Random(unchecked((seed * 397) ^ (int)recovery));
        var subjects = CrashSubject.All.Where(subject => subject.Recovery == recovery).ToList();
        Seed = seed;
        Subject = subjects[seed % subjects.Count];

        // In turn and not at random, so that few seeds cover all of them too.
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

        // For tokens that can't be found, the client reports the expiry by the local clock. That can't be compared with another clock of
        // the vendor.
        VendorIsAhead = recovery == CreationRecovery.BoundedByExpiry
            || random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes((20 * random.NextDouble()) - 10);
        Lifetime = TimeSpan.FromHours(1 + (2 * random.NextDouble()));
        HasFixedEnd = random.Next(3) == 0;
        HasKeys = recovery == CreationRecovery.Recoverable && (Bystander == BystanderKind.KeyTaken || random.Next(4) > 0);

        var blank = Subject.TrimsNames && random.Next(4) == 0 ? " " : string.Empty;
        var names = 0;
        string NextName() => string.Create(CultureInfo.InvariantCulture, $"{blank}crash {seed} {++names}{blank}");
        Lives = random.Next(4) == 0 ? [LifeOf(seed), LifeOf(random.Next(1000))] : [LifeOf(seed)];

        // The tokens are issued one after the other, and the program is killed during one of them.
        Life LifeOf(int turn)
        {
            var fatal = random.Next(4) == 0 ? random.Next(1, 3) : 0;
            return new Life([.. Enumerable.Range(0, fatal + 1).Select(_ => NextName())], Kill.OfTurn(turn, random));
        }
    }

    public int Seed { get; }

    public CrashSubject Subject { get; }

    public UnknownOutcomeAction IfOutcomeUnknown { get; }

    /// <summary>Gets the runs of the program. Each continues after the one before, and each is killed.</summary>
    public IReadOnlyList<Life> Lives { get; }

    /// <summary>Gets the kind of another token that looks much like an orphan; null for none.</summary>
    public BystanderKind? Bystander { get; }

    /// <summary>Gets how long before the first create an older bystander was created.</summary>
    public TimeSpan BystanderAge { get; }

    /// <summary>Gets how far the vendor's clock is ahead of the program's.</summary>
    public TimeSpan VendorIsAhead { get; }

    public TimeSpan Lifetime { get; }

    /// <summary>Gets whether the requests have an absolute expiry, and not a lifetime.</summary>
    public bool HasFixedEnd { get; }

    /// <summary>Gets whether the program gives its tokens keys. Without keys, the client finds them by their names.</summary>
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
