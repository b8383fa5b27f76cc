namespace Tokenwright;

/// <summary>Whether a token works. Extensible: compare with the known values, and expect others.</summary>
/// <param name="Value">The word; null and empty mean unknown.</param>
public readonly record struct TokenState(string? Value)
{
    /// <summary>The record says nothing that tells, or says it in a way that can't be read: <see cref="ApiToken.Unreadable"/>.</summary>
    public static TokenState Unknown { get; }

    /// <summary>The token works.</summary>
    public static TokenState Active { get; } = new("active");

    /// <summary>The token's time is over.</summary>
    public static TokenState Expired { get; } = new("expired");

    /// <summary>The token was deactivated and can be activated again.</summary>
    public static TokenState Deactivated { get; } = new("deactivated");

    /// <summary>The token was ended.</summary>
    public static TokenState Revoked { get; } = new("revoked");

    /// <summary>The word; <c>unknown</c> for none.</summary>
    public override string ToString() => string.IsNullOrEmpty(Value) ? "unknown" : Value;
}
