namespace Tokenwright.CrashTests.Victim;

/// <summary>A stored secret.</summary>
public sealed class StoredSecret
{
    /// <summary>Gets the token's id, if the vendor returns one.</summary>
    public string? Id { get; init; }

    /// <summary>Gets the secret.</summary>
    public required string Secret { get; init; }
}
