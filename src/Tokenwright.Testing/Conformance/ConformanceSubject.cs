using System.Globalization;

namespace Tokenwright.Testing.Conformance;

/// <summary>
/// Describes a client for the conformance suite: how to start its vendor, and what a caller can expect of it beyond its capabilities.
/// Derive a class from it for each client, and run <see cref="ConformanceSuite.CasesOf"/> with any test framework.
/// </summary>
public abstract class ConformanceSubject
{
    private int _keys;

    /// <summary>Gets the client's name, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the type of the client, without decorators.</summary>
    public abstract Type ClientType { get; }

    /// <summary>Gets the properties that the vendor's records show. The others are not set in <see cref="ApiToken"/>.</summary>
    public abstract TokenMembers Shown { get; }

    /// <summary>Gets the properties that the response to a create shows, if it has another model.</summary>
    public virtual TokenMembers ShownByCreate => Shown;

    /// <summary>Gets the properties that an update can change.</summary>
    public virtual TokenMembers Changeable => TokenMembers.None;

    /// <summary>Gets whether an update that can change the expiry can also take it away.</summary>
    public virtual bool CanRemoveExpiry => true;

    /// <summary>Gets how this vendor revokes a token.</summary>
    public virtual RevocationOutcome Revocation => RevocationOutcome.Deleted;

    /// <summary>
    /// Gets the member of the vendor's record with the creation time, and an unreadable value for it as JSON; null for a client that
    /// doesn't read records of a vendor.
    /// </summary>
    public virtual (string Name, string Json)? Unreadable => null;

    /// <summary>
    /// Gets the member of the vendor's record with the expiry; null if records have none, and for a client that doesn't read records of a
    /// vendor.
    /// </summary>
    public virtual string? ExpiryMember => null;

    /// <summary>
    /// Gets the member of the vendor's record with the last use; null if records have none, and for a client that doesn't read records of a
    /// vendor.
    /// </summary>
    public virtual string? LastUseMember => null;

    /// <summary>Gets the id of an owner other than the emulator's user, in the form of the vendor's ids.</summary>
    public virtual string OtherOwner => "somebody-else";

    /// <summary>Gets a request with several problems that can be found before it is sent, and the properties with the problems.</summary>
    public abstract (CreateTokenRequest Request, string[] Fields) Wrong { get; }

    /// <summary>Gets the exception for a reference to a token that the vendor doesn't know.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="kind">The kind of the reference.</param>
    public virtual Type MissingOf(TokenOperation operation, TokenReferenceKinds kind) => typeof(TokenNotFoundException);

    /// <summary>Gets the verdict that the vendor gives for a token.</summary>
    /// <param name="fate">What happened to the token.</param>
    public abstract TokenVerdict VerdictOf(TokenFate fate);

    /// <summary>Creates a request with every property that the vendor accepts.</summary>
    /// <param name="name">The token's name, if the vendor's tokens have one.</param>
    /// <param name="expiry">The token's expiry, if the vendor's tokens have one.</param>
    public abstract CreateTokenRequest Request(string name, TokenExpiry expiry);

    /// <summary>Creates a token, with a key if the vendor's tokens have one. It isn't prepared yet.</summary>
    /// <param name="name">The token's name.</param>
    public EmulatedToken NewToken(string name) => new() { Name = name, Key = Shown.HasFlag(TokenMembers.Key) ? NextKey() : null };

    /// <summary>Sets what a token needs for the suite before it is added to the vendor.</summary>
    /// <param name="token">The token.</param>
    public virtual void Prepare(EmulatedToken token)
    {
    }

    /// <summary>Starts the vendor.</summary>
    /// <param name="clock">The clock of the vendor and of its clients.</param>
    public abstract ConformanceStage Start(TimeProvider clock);

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;

    /// <summary>Creates a key that no other token has.</summary>
    protected string NextKey() => string.Create(CultureInfo.InvariantCulture, $"new-key-{Interlocked.Increment(ref _keys)}");
}
