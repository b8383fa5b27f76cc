namespace Tokenwright;

/// <summary>Whether a token works. Extensible: compare with the known values, and expect others.</summary>
/// <param name="Value">The word; null and empty mean unknown.</param>
public readonly record struct TokenState(string? Value)
{
    /// <summary>
    /// Gets the state of a token whose record doesn't show it, or not in a way that can be read (<see cref="ApiToken.Unreadable"/>).
    /// </summary>
    public static TokenState Unknown { get; }

    /// <summary>Gets the state of a token that works.</summary>
    public static TokenState Active { get; } = new("active");

    /// <summary>Gets the state of a token that has expired.</summary>
    public static TokenState Expired { get; } = new("expired");

    /// <summary>Gets the state of a token that was deactivated and can be activated again.</summary>
    public static TokenState Deactivated { get; } = new("deactivated");

    /// <summary>Gets the state of a token that was revoked.</summary>
    public static TokenState Revoked { get; } = new("revoked");

    /// <summary>Returns the word; <c>unknown</c> for none.</summary>
    public override string ToString() => string.IsNullOrEmpty(Value) ? "unknown" : Value;
}
