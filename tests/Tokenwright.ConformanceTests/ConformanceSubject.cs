using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests;

/// <summary>
/// A client variant that the suite runs for: how its vendor's side is started, and what a caller may expect of it beyond its capability card. Each
/// class that derives from this is run; none needs to be named anywhere else.
/// </summary>
internal abstract class ConformanceSubject
{
    private int _keys;

    public static IReadOnlyList<ConformanceSubject> All { get; } =
    [
        .. typeof(ConformanceSubject).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ConformanceSubject)) && !type.IsAbstract)
            .Select(type => (ConformanceSubject)Activator.CreateInstance(type)!)
            .OrderBy(subject => subject.Name, StringComparer.OrdinalIgnoreCase),
    ];

    public static IEnumerable<TestFixtureData> Fixtures => All.Select(subject => new TestFixtureData(subject).SetArgDisplayNames(subject.Name));

    public static IEnumerable<ConformanceSubject> Vendors => All.Where(subject => subject.IsVendor);

    /// <summary>The variant's name, which is also the head of its column in the README's table.</summary>
    public abstract string Name { get; }

    public abstract Type ClientType { get; }

    /// <summary>Whether there is a vendor, and so a column in the README's table.</summary>
    public virtual bool IsVendor => true;

    /// <summary>What the vendor's records show of a token; the rest stays unset in <see cref="ApiToken"/>.</summary>
    public abstract TokenMembers Shown { get; }

    /// <summary>What the answer to a create shows, where that is another model.</summary>
    public virtual TokenMembers ShownByCreate => Shown;

    /// <summary>What an update can change.</summary>
    public virtual TokenMembers Changeable => TokenMembers.None;

    /// <summary>What ending a token amounts to at this vendor.</summary>
    public virtual RevocationOutcome Revocation => RevocationOutcome.Deleted;

    /// <summary>The member of the vendor's record that holds the time of issue, and a value for it that can't be read.</summary>
    public virtual (string Name, string Json)? Unreadable => null;

    /// <summary>An owner other than the emulator's user, in the form of the vendor's ids.</summary>
    public virtual string OtherOwner => "somebody-else";

    /// <summary>What is thrown where a token is named that the vendor doesn't know.</summary>
    public virtual Type MissingOf(TokenOperation operation, TokenReferenceKinds kind) => typeof(TokenNotFoundException);

    /// <summary>As how the vendor lets a token appear that it is asked about.</summary>
    public abstract TokenVerdict VerdictOf(TokenFate fate);

    /// <summary>A request that fills in every member that the vendor takes.</summary>
    /// <param name="name">The token's name, where the vendor gives it one.</param>
    /// <param name="expiry">The token's end, where the vendor gives it one.</param>
    public abstract CreateTokenRequest Request(string name, TokenExpiry expiry);

    /// <summary>A request with several faults that can be seen before it is sent, and the members that they are in.</summary>
    public abstract (CreateTokenRequest Request, string[] Fields) Wrong { get; }

    /// <summary>The request that exchanges the connection's credential for one that the API takes; null where none is exchanged.</summary>
    public virtual (string Method, string Path)? Exchange => null;

    /// <summary>The request that looks up a token for an operation that is done by another request; null where none does.</summary>
    public virtual (string Method, string Path)? LookUp => null;

    /// <summary>What the fault matrix must expect of this vendor alone, each with its reason.</summary>
    public virtual IReadOnlyList<VendorException> FaultExceptions => [];

    /// <summary>A token for the vendor's store, with a key where the vendor's tokens have one; not yet prepared.</summary>
    public EmulatedToken NewToken(string name) => new() { Name = name, Key = Shown.HasFlag(TokenMembers.Key) ? NextKey() : null };

    /// <summary>Gives a token that is put into the vendor's store what it needs for the suite.</summary>
    public virtual void Prepare(EmulatedToken token)
    {
    }

    /// <summary>Starts the vendor's side.</summary>
    public abstract Stage Start(FakeTimeProvider clock);

    /// <summary>The client's capability card.</summary>
    public TokenCapabilities ReadCard()
    {
        using var stage = Start(new FakeTimeProvider());
        return stage.Open().Metadata.Capabilities;
    }

    public override string ToString() => Name;

    /// <summary>A key of the caller's own that no other token has.</summary>
    protected string NextKey() => string.Create(CultureInfo.InvariantCulture, $"new-key-{Interlocked.Increment(ref _keys)}");
}

/// <summary>Members of <see cref="ApiToken"/>.</summary>
[Flags]
internal enum TokenMembers
{
    None = 0,
    Id = 1,
    Key = 2,
    Name = 4,
    Description = 8,
    OwnerId = 16,
    Scopes = 32,
    Roles = 64,
    CreatedAt = 128,
    ExpiresAt = 256,
    LastUsedAt = 512,
}

/// <summary>What can become of a token.</summary>
internal enum TokenFate
{
    Active,
    Expired,
    Deactivated,
    Revoked,
    Regenerated,
    NeverIssued,
}
