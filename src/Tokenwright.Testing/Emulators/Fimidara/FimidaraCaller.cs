namespace Tokenwright.Testing;

/// <summary>Represents the sender of a request: a user's session, a token, or an anonymous caller, which is neither.</summary>
internal sealed class FimidaraCaller
{
    public bool IsUser { get; init; }

    public EmulatedToken? Token { get; init; }

    /// <summary>Gets or initializes the hash of the refresh token that was issued together with the token's JWT.</summary>
    public string? RefreshHash { get; init; }

    public bool IsAnonymous => !IsUser && Token is null;
}
