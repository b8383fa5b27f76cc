using System.IO.Enumeration;

namespace Tokenwright.Cli.Audit;

/// <summary>Represents tokens that a policy protects from changes of many tokens.</summary>
/// <param name="Vendor">The vendor; null for all.</param>
/// <param name="Connection">The connection; null for all.</param>
/// <param name="Id">The id of the token; null for all.</param>
/// <param name="Name">The name of the tokens, in which * stands for any text; null for all.</param>
/// <param name="Reason">Why they are protected.</param>
internal sealed record ProtectedToken(string? Vendor, string? Connection, string? Id, string? Name, string Reason)
{
    public bool IsOn(string vendor, string connection)
        => (Vendor is null || string.Equals(Vendor, vendor, StringComparison.OrdinalIgnoreCase))
        && (Connection is null || Connection == connection);

    /// <summary>Determines whether a token of a connection that <see cref="IsOn"/> accepts is protected.</summary>
    /// <param name="reference">The reference to the token.</param>
    /// <param name="token">The token's record; null if it isn't known.</param>
    /// <returns>Whether it is protected; null if that can't be determined without the record.</returns>
    public bool? Covers(TokenReference reference, ApiToken? token)
    {
        // Ids are compared without case, because some vendors do so.
        var isId = Id is null ? true
            : (token?.Id ?? reference.Id) is { } id ? string.Equals(Id, id, StringComparison.OrdinalIgnoreCase) : (bool?)null;
        var isName = Name is null ? true
            : token is not null ? FileSystemName.MatchesSimpleExpression(Name, token.Name, ignoreCase: true) : (bool?)null;
        return isId == false || isName == false ? false : isId & isName;
    }
}
