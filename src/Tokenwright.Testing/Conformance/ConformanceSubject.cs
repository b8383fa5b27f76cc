using System.Globalization;

namespace Tokenwright.Testing.Conformance;

/// <summary>
/// A client that the conformance suite is run for: how its vendor's side is started, and what a caller may expect of it beyond its
/// capabilities. Derive a class from it for each client, and run <see cref="ConformanceSuite.CasesOf"/> with any test framework.
/// </summary>
public abstract class ConformanceSubject
{
    private int _keys;

    /// <summary>Gets the client's name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the client's own type, below all decorators.</summary>
    public abstract Type ClientType { get; }

    /// <summary>Gets what the vendor's records show of a token; the rest stays unset in <see cref="ApiToken"/>.</summary>
    public abstract TokenMembers Shown { get; }

    /// <summary>Gets what the response to a create shows, where that is another model.</summary>
    public virtual TokenMembers ShownByCreate => Shown;

    /// <summary>Gets what an update can change.</summary>
    public virtual TokenMembers Changeable => TokenMembers.None;

    /// <summary>Gets what ending a token amounts to at this vendor.</summary>
    public virtual RevocationOutcome Revocation => RevocationOutcome.Deleted;

    /// <summary>
    /// Gets the member of the vendor's record that holds the time of issue, and a value for it, as JSON, that can't be read; null for a
    /// client that reads no records of a vendor.
    /// </summary>
    public virtual (string Name, string Json)? Unreadable => null;

    /// <summary>
    /// Gets the member of the vendor's record that holds the expiry; null where records have none, and for a client that reads no records
    /// of a vendor.
    /// </summary>
    public virtual string? ExpiryMember => null;

    /// <summary>
    /// Gets the member of the vendor's record that holds the last use; null where records have none, and for a client that reads no records
    /// of a vendor.
    /// </summary>
    public virtual string? LastUseMember => null;

    /// <summary>Gets an owner other than the emulator's user, in the form of the vendor's ids.</summary>
    public virtual string OtherOwner => "somebody-else";

    /// <summary>Gets a request with several faults that can be seen before it is sent, and the members that they are in.</summary>
    public abstract (CreateTokenRequest Request, string[] Fields) Wrong { get; }

    /// <summary>Gets what is thrown where a token is named that the vendor doesn't know.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="kind">How the token is named.</param>
    public virtual Type MissingOf(TokenOperation operation, TokenReferenceKinds kind) => typeof(TokenNotFoundException);

    /// <summary>Gets how a token appears at the vendor that it is asked about.</summary>
    /// <param name="fate">What became of the token.</param>
    public abstract TokenVerdict VerdictOf(TokenFate fate);

    /// <summary>Creates a request that fills in every member that the vendor takes.</summary>
    /// <param name="name">The token's name, where the vendor gives it one.</param>
    /// <param name="expiry">The token's end, where the vendor gives it one.</param>
    public abstract CreateTokenRequest Request(string name, TokenExpiry expiry);

    /// <summary>Creates a token for the vendor's store, with a key where the vendor's tokens have one; not yet prepared.</summary>
    /// <param name="name">Its name.</param>
    public EmulatedToken NewToken(string name) => new() { Name = name, Key = Shown.HasFlag(TokenMembers.Key) ? NextKey() : null };

    /// <summary>Gives a token that is put into the vendor's store what it needs for the suite.</summary>
    /// <param name="token">The token.</param>
    public virtual void Prepare(EmulatedToken token)
    {
    }

    /// <summary>Starts the vendor's side.</summary>
    /// <param name="clock">The clock of the vendor and of its clients.</param>
    public abstract ConformanceStage Start(TimeProvider clock);

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    /// <summary>Creates a key of the caller's own that no other token has.</summary>
    protected string NextKey() => string.Create(CultureInfo.InvariantCulture, $"new-key-{Interlocked.Increment(ref _keys)}");
}
