namespace Tokenwright;

/// <summary>Represents what <see cref="JournaledTokenIssuer.RecoverAsync"/> found out about a create that was interrupted.</summary>
public sealed class RecoveredCreate
{
    internal RecoveredCreate(string name, CreationResolution resolution) => (Name, Resolution) = (name, resolution);

    internal RecoveredCreate(string name, TokenClientException failure) => (Name, Failure) = (name, failure);

    /// <summary>Gets the name that the token was issued for.</summary>
    public string Name { get; }

    /// <summary>Gets what became of the create; null if <see cref="Failure"/> is set.</summary>
    public CreationResolution? Resolution { get; }

    /// <summary>
    /// Gets why it could not be found out, or why the token could not be created again; null if <see cref="Resolution"/> is set. The create
    /// stays in the journal.
    /// </summary>
    public TokenClientException? Failure { get; }
}
