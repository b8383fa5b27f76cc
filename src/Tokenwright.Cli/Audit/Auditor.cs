using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Audit;

/// <summary>
/// Checks tokens against the rules. What a vendor doesn't report isn't checked, because a missing value proves nothing. A reported value
/// that can't be read is a finding of its own.
/// </summary>
internal sealed partial class Auditor(AuditPolicy policy, DateTimeOffset now)
{
    private readonly Dictionary<(string Connection, string? Owner), List<ApiToken>> _byOwner = [];
    private readonly Dictionary<string, TokenCapabilities> _capabilities = [];
    private readonly Dictionary<(string Vendor, string Connection), int> _unreadable = [];

    /// <summary>Checks one token against the rules that need no other token, and stores it for the rules that do.</summary>
    public IEnumerable<FindingRow> Judge(ApiToken token, TokenCapabilities capabilities)
    {
        if (token.Unreadable.HasFlag(TokenFields.Record))
        {
            _unreadable[(token.Vendor, token.Connection)] = _unreadable.GetValueOrDefault((token.Vendor, token.Connection)) + 1;
            return [];
        }

        _capabilities[token.Connection] = capabilities;
        var owner = token.Owner?.Id ?? token.Owner?.Name;
        if (!_byOwner.TryGetValue((token.Connection, owner), out var tokens))
            _byOwner.Add((token.Connection, owner), tokens = []);
        tokens.Add(token);
        return JudgeAlone(token, capabilities).Select(finding => Row(
            finding.Rule, token, finding.Reason,
            atMost: finding.Rule == AuditRule.NeverExpires && !capabilities.TokensCanExpire ? Severity.Medium : Severity.High))
            .OfType<FindingRow>();
    }

    /// <summary>Checks all tokens against the rules that compare several, after all have been read.</summary>
    public IEnumerable<FindingRow> JudgeTogether()
    {
        foreach (var ((connection, _), tokens) in _byOwner.OrderBy(group => group.Key.Connection, StringComparer.Ordinal))
        {
            var alive = tokens.Where(token => token.State != TokenState.Expired && token.State != TokenState.Revoked).ToList();
            foreach (var purpose in alive.Where(token => Purpose(token.Name) is not null).GroupBy(token => Purpose(token.Name)!)
                .Where(group => group.Count() > 1))
            {
                foreach (var token in purpose)
                {
                    var others = string.Join(", ", purpose.Where(other => other != token).Select(other => $"'{other.Name}'").Distinct());
                    if (Row(AuditRule.Duplicate, token, $"Its name is that of {others}, but for a number or a word.") is { } finding)
                        yield return finding;
                }
            }

            if (tokens[0].Owner is { } owner && _capabilities[connection].Limits.TokensPerOwner is { } most
                && tokens.Count * 100 > most * policy.QuotaPercent
                && Row(AuditRule.Quota, tokens[0],
                    $"{Name(owner)} has {Text(tokens.Count)} of the {Text(most)} tokens that the vendor allows one owner.", ofOwner: owner)
                    is { } quota)
                yield return quota;
        }
    }

    /// <summary>
    /// Returns whether the audit saw all tokens to which a finding of a baseline can belong. A record that can't be read can be that of the
    /// token. Without a list, only the connection's own token is seen, which isn't always the same one.
    /// </summary>
    /// <param name="known">The finding.</param>
    /// <param name="isListed">Whether the connection's tokens were listed.</param>
    public bool HasSeen(KnownFinding known, bool isListed)
        => !_unreadable.ContainsKey((known.Vendor, known.Connection))
        && (isListed || _byOwner.Any(group => group.Key.Connection == known.Connection
            && group.Value.Any(token => token.Vendor == known.Vendor && token.Id == known.TokenId && token.Id is not null)));

    /// <summary>Creates the findings for the records that couldn't be read, one for each connection.</summary>
    /// <param name="broken">The connections whose response as a whole couldn't be read, with the reason.</param>
    public IEnumerable<FindingRow> JudgeUnreadable(IReadOnlyList<FailureRow> broken)
    {
        var reasons = _unreadable.Select(pair => (pair.Key, Text: pair.Value == 1
                ? "A record in the vendor's list can't be read." : $"{Text(pair.Value)} records in the vendor's list can't be read."))
            .Concat(broken.Select(failure => (Key: (failure.Vendor, failure.Connection), Text: failure.Message)));
        foreach (var connection in reasons.GroupBy(reason => reason.Key).OrderBy(group => group.Key.Connection, StringComparer.Ordinal))
        {
            var (vendor, name) = connection.Key;
            var unknown = new ApiToken { Vendor = vendor, Connection = name, Name = "unreadable records" };
            var reason = string.Join(" ", connection.Select(reason => reason.Text).Append("Tokens may be missing here."));
            if (Row(AuditRule.Unreadable, unknown, reason) is { } finding)
                yield return finding;
        }
    }

    private IEnumerable<(AuditRule Rule, string Reason)> JudgeAlone(ApiToken token, TokenCapabilities capabilities)
    {
        var isOver = token.State == TokenState.Expired || token.ExpiresAt <= now;
        if (isOver)
            yield return (
                AuditRule.Expired, token.ExpiresAt is { } end ? $"It expired on {Day(end)}, {Ago(end)}." : "The vendor calls it expired.");
        else if (token.ExpiresAt is { } soon && soon - now <= TimeSpan.FromDays(policy.ExpiresSoonDays))
            yield return (AuditRule.ExpiresSoon, $"It expires on {Day(soon)}, in {TimeText.Duration(soon - now)}.");
        if (token.NeverExpires && token.State != TokenState.Revoked)
            yield return (
                AuditRule.NeverExpires,
                (token.CreatedAt is { } issued ? $"It never expires, and was issued {Ago(issued)}" : "It never expires") +
                (capabilities.TokensCanExpire ? "." : "; no token of this vendor can expire."));
        if (!isOver && token.State != TokenState.Revoked && token.ExpiresAt is { } last && TooLong(token.CreatedAt, last) is { } tooLong)
            yield return (AuditRule.LongLifetime, tooLong);

        if (!isOver && capabilities.LastUsedGranularity is { } late)
        {
            if (token.LastUsedAt is { } used && used <= now - TimeSpan.FromDays(policy.UnusedDays) - late)
                yield return (
                    AuditRule.Unused,
                    $"It was last used on {Day(used)}, " +
                    $"{Ago(used)}{(late > TimeSpan.Zero
                    ? $"; the vendor records uses up to {TimeText.Duration(late)} late" : string.Empty)}.");
            else if (token.LastUsedAt is null && !token.Unreadable.HasFlag(TokenFields.LastUse)
                && token.CreatedAt <= now - TimeSpan.FromDays(policy.NeverUsedDays))
                yield return (AuditRule.NeverUsed,
                    $"It was issued on {Day(token.CreatedAt.Value)}, {Ago(token.CreatedAt.Value)}, and no use is recorded.");
        }

        var broad = token.Scopes.Select(scope => scope.Value)
            .Where(scope => policy.BroadScopes.Contains(scope, StringComparer.OrdinalIgnoreCase))
            .Select(scope => $"scope {scope}")
            .Concat(token.Roles.Select(role => role.Value).Where(role => policy.BroadRoles.Contains(role, StringComparer.OrdinalIgnoreCase))
                .Select(role => $"role {role}"))
            .Concat(TokenVendors.Find(token.Vendor)?.GetBroadRights(token) ?? []).Distinct().ToList();
        if (!isOver && broad.Count > 0)
            yield return (AuditRule.BroadScope, $"It has {string.Join(", ", broad)}.");
        if (token.Owner is null or { Id: null, Name: null })
            yield return (AuditRule.NoOwner, "Its record names no owner.");
        if (token.State == TokenState.Deactivated && (token.UpdatedAt ?? token.LastUsedAt ?? token.CreatedAt) is { } quiet
            && quiet <= now - TimeSpan.FromDays(policy.DeactivatedDays))
            yield return (AuditRule.DeactivatedLong, $"It is deactivated, and nothing happened to it since {Day(quiet)}, {Ago(quiet)}.");
        if (token.Unreadable != TokenFields.None)
            yield return (
                AuditRule.Unreadable, $"The vendor sent {string.Join(" and ", UnreadableFacts(token))} in a form that can't be read.");
    }

    // Without a creation time, the time that is left is certain: the token was issued before now.
    private string? TooLong(DateTimeOffset? created, DateTimeOffset end)
    {
        var limit = TimeSpan.FromDays(policy.MaximumLifetimeDays);
        return created is { } start && start <= now
            ? end - start <= limit ? null
                : $"It is valid for {Days(end - start)}, from {Day(start)} to {Day(end)}; the policy allows {Days(limit)}."
            : end - now <= limit ? null
                : $"It is valid for {Days(end - now)} more, until {Day(end)}; the policy allows {Days(limit)}.";
    }

    private static IEnumerable<string> UnreadableFacts(ApiToken token)
    {
        if (token.Unreadable.HasFlag(TokenFields.Expiry))
            yield return "its expiry";
        if (token.Unreadable.HasFlag(TokenFields.State))
            yield return "whether it was deactivated or revoked";
        if (token.Unreadable.HasFlag(TokenFields.Rights))
            yield return "its scopes or roles";
        if (token.Unreadable.HasFlag(TokenFields.LastUse))
            yield return "its last use";
    }

    private FindingRow? Row(
        AuditRule rule, ApiToken token, string reason, TokenOwner? ofOwner = null, Severity atMost = Severity.High)
    {
        var severity = policy.SeverityOf(rule, atMost);
        if (severity == Severity.None)
            return null;
        var accepted = policy.Exceptions.FirstOrDefault(exception => exception.Covers(rule, token) && !exception.IsOver(now));
        var subject = ofOwner is null ? token.Id ?? token.Name ?? "self" : $"owner {ofOwner.Id ?? ofOwner.Name}";
        return new FindingRow
        {
            RuleId = rule.Id,
            Rule = rule.Name,
            Severity = Shapes.Word(severity),
            Vendor = token.Vendor,
            Connection = token.Connection,
            TokenId = ofOwner is null ? token.Id : null,
            TokenName = ofOwner is null ? token.Name ?? token.Description : $"all of {Name(ofOwner)}",
            Owner = token.Owner?.Name ?? token.Owner?.Id,
            Reason = reason,
            Remedy = rule.Remedy,
            Fingerprint = Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes($"{rule.Id}\n{token.Vendor}\n{token.Connection}\n{subject}")).AsSpan(0, 16)),
            ExceptionReason = accepted?.Reason,
            ExceptionUntil = accepted?.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    private string Ago(DateTimeOffset time) => new TimeText(now, isWide: false).Relative(time);

    private static string Days(TimeSpan time) => $"{((long)Math.Ceiling(time.TotalDays)).ToString(CultureInfo.InvariantCulture)} d";

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Name(TokenOwner owner) => owner.Name ?? owner.Id ?? "an owner without a name";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // 'Build-server (2)', 'build server old' and 'build_server' have the same purpose. A name that is only a number or such a word has no
    // purpose.
    private static string? Purpose(string? name)
        => name is null ? null : Separators().Replace(Qualifiers().Replace(Separators().Replace(name.ToUpperInvariant(), " "), " "), " ")
            .Trim() is { Length: > 1 } purpose ? purpose : null;

    [GeneratedRegex(@"[\s\-_.()\[\]#:]+")]
    private static partial Regex Separators();

    [GeneratedRegex(@"\b(V?[0-9]+|OLD|NEW|COPY|BACKUP COPY|TMP|TEMP)\b")]
    private static partial Regex Qualifiers();
}
