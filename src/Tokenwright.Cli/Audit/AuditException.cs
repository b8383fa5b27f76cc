namespace Tokenwright.Cli.Audit;

/// <summary>A finding that is accepted for a while.</summary>
/// <param name="Source">The policy file.</param>
/// <param name="Line">Where it stands there.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Vendor">Only at this vendor; null for all.</param>
/// <param name="Connection">Only on this connection; null for all.</param>
/// <param name="Token">Only the token of this id or name; null for all.</param>
/// <param name="Reason">Why it is accepted.</param>
/// <param name="Until">The last day on which it is, UTC.</param>
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
