namespace Tokenwright.Cli.Audit;

/// <summary>Represents a finding of a baseline.</summary>
/// <param name="RuleId">The rule's id.</param>
/// <param name="Vendor">The vendor.</param>
/// <param name="Connection">The connection.</param>
/// <param name="TokenId">The token's id; null if the token has none.</param>
/// <param name="IsAccepted">Whether the policy accepted the finding, so that it wasn't counted.</param>
internal sealed record KnownFinding(string RuleId, string Vendor, string Connection, string? TokenId, bool IsAccepted);
