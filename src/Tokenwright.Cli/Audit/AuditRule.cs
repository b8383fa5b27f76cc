namespace Tokenwright.Cli.Audit;

/// <summary>Represents a rule of the audit.</summary>
/// <param name="Id">The rule's id, whose meaning never changes.</param>
/// <param name="Name">The rule's name.</param>
/// <param name="Severity">The severity of its findings, unless the policy sets another one.</param>
/// <param name="Summary">The description of its findings.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record AuditRule(string Id, string Name, Severity Severity, string Summary, string Remedy)
{
    public static AuditRule Expired { get; } =
        new("TW001", "expired but present", Severity.Medium, "The token has expired, and its record is still there.",
        "Revoke it, so that nobody extends it by mistake and it takes up no quota.");

    public static AuditRule ExpiresSoon { get; } =
        new("TW002", "expires soon", Severity.Medium, "The token expires within the number of days in the policy.",
        "Issue its successor, move what uses it, then revoke it; or extend it where the vendor can.");

    public static AuditRule NeverExpires { get; } =
        new("TW003", "never expires", Severity.High,
        "The token never expires. Where no token of the vendor can expire, the severity is medium, unless the policy sets it.",
        "Set an expiry where the vendor can; else rotate it regularly.");

    public static AuditRule Unused { get; } =
        new("TW004", "unused", Severity.Medium,
        "The token was surely not used for the policy's days; how late the vendor records a use is allowed for.",
        "Ask its owner, then revoke it.");

    public static AuditRule NeverUsed { get; } = new("TW005", "never used", Severity.Medium,
        "The token was never used, though it was issued some time ago.", "Ask its owner, then revoke it.");

    public static AuditRule BroadScope { get; } =
        new("TW006", "broad scope", Severity.High, "The token may do everything, or acts in an administrator's role.",
        "Issue one with only the scopes and roles that its work needs.");

    public static AuditRule NoOwner { get; } = new("TW007", "owner missing", Severity.Low,
        "The record names nobody whom the token acts for.", "Find out who uses it and write it down; else revoke it.");

    public static AuditRule Duplicate { get; } =
        new("TW008", "duplicate purpose", Severity.Low,
        "Other tokens of the same owner have the same name but for a number or a word such as 'old' or 'copy'.",
        "Keep the one that is in use and revoke the others.");

    public static AuditRule DeactivatedLong { get; } = new("TW009", "deactivated for long", Severity.Low,
        "The token was deactivated long ago, and could be activated again.", "Delete it, or activate it where it is needed.");

    public static AuditRule Quota { get; } =
        new("TW010", "quota nearly used up", Severity.Medium,
        "An owner has more than the policy's share of the tokens that the vendor allows one.",
        "Revoke tokens that aren't needed before the next rotation fails.");

    public static AuditRule Unreadable { get; } =
        new("TW011", "unreadable", Severity.Medium,
        "What the vendor sent of the token's expiry, state, rights or last use, or as the whole record, can't be read, so that the other " +
        "rules can't judge it.",
        "Look at the token in the vendor's console; report its unknown fields to the authors of Tokenwright.");

    public static AuditRule LongLifetime { get; } =
        new("TW012", "lifetime too long", Severity.Medium,
        "The time from the token's creation to its expiry is longer than the policy allows. If the creation time isn't known, the time " +
        "until its expiry is.",
        "Issue a successor with a shorter lifetime, move what uses it, then revoke it; or shorten it where the vendor can.");

    /// <summary>Gets all rules, in the order of their ids.</summary>
    public static IReadOnlyList<AuditRule> All { get; } =
        [Expired, ExpiresSoon, NeverExpires, Unused, NeverUsed, BroadScope, NoOwner, Duplicate, DeactivatedLong, Quota, Unreadable,
            LongLifetime];
}
