namespace Tokenwright.Cli.Audit;

/// <summary>Represents an accepted finding, with an end date.</summary>
/// <param name="Source">The policy file.</param>
/// <param name="Line">The line in the policy file.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Vendor">The vendor; null for all.</param>
/// <param name="Connection">The connection; null for all.</param>
/// <param name="Token">The id or name of the token; null for all.</param>
/// <param name="Reason">Why the finding is accepted.</param>
/// <param name="Until">The last day of the exception, in UTC.</param>
internal sealed record AuditException(
    string Source, int Line, string Rule, string? Vendor, string? Connection, string? Token, string Reason, DateOnly Until)
{
    public bool IsOver(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime) > Until;

    public bool Covers(AuditRule rule, ApiToken token)
        => string.Equals(Rule, rule.Id, StringComparison.OrdinalIgnoreCase)
        && (Vendor is null || string.Equals(Vendor, token.Vendor, StringComparison.OrdinalIgnoreCase))
        && (Connection is null || Connection == token.Connection)
        && (Token is null || Token == token.Id || Token == token.Name);
}
