using System.Diagnostics;

namespace Tokenwright;

/// <summary>A token as create and regenerate hand it out: its record and its secret, once.</summary>
[DebuggerDisplay("{Token}")]
public sealed class IssuedToken
{
    /// <summary>Gets or initializes the record.</summary>
    public required ApiToken Token { get; init; }

    /// <summary>Gets or initializes the secret. Most vendors never show it again.</summary>
    public required TokenSecret Secret { get; init; }
}
