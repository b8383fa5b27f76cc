namespace Tokenwright.Testing;

/// <summary>Who makes a request: a user's session, a token, or, being neither, anybody.</summary>
internal sealed class FimidaraCaller
{
    public bool IsUser { get; init; }

    public EmulatedToken? Token { get; init; }

    /// <summary>Gets or initializes the hash of the refresh token that the token's JWT was issued with.</summary>
    public string? RefreshHash { get; init; }

    public bool IsAnonymous => !IsUser && Token is null;
}
