using System.Diagnostics;

namespace Tokenwright;

/// <summary>Represents the result of a create or regenerate: the token's record and its secret.</summary>
[DebuggerDisplay("{Token}")]
public sealed class IssuedToken
{
    /// <summary>Gets or initializes the record.</summary>
    public required ApiToken Token { get; init; }

    /// <summary>Gets or initializes the secret. Most vendors never show it again.</summary>
    public required TokenSecret Secret { get; init; }
}
