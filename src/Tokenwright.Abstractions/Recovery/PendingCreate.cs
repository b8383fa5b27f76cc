namespace Tokenwright;

/// <summary>Represents a create that was started and whose secret is not known to be stored.</summary>
public sealed class PendingCreate
{
    internal PendingCreate(string name, DateTimeOffset startedAt) => (Name, StartedAt) = (name, startedAt);

    /// <summary>Gets the name that the token was issued for.</summary>
    public string Name { get; }

    /// <summary>Gets when the create was started.</summary>
    public DateTimeOffset StartedAt { get; }
}
