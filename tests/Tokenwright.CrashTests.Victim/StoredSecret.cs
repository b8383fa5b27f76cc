namespace Tokenwright.CrashTests.Victim;

/// <summary>A secret as it is stored.</summary>
public sealed class StoredSecret
{
    /// <summary>The token's id, where the vendor gives it one.</summary>
    public string? Id { get; init; }

    /// <summary>The secret.</summary>
    public required string Secret { get; init; }
}
