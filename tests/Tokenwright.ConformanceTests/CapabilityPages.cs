using System.Globalization;

namespace Tokenwright.ConformanceTests;

/// <summary>Generates the capabilities of one client variant for its vendor's page.</summary>
internal static class CapabilityPages
{
    public static string Write(TokenCapabilities capabilities)
        => GeneratedDocs.Table(["operation", "", "remark"], capabilities.Operations.Select(capability => (string[])
        [
            GeneratedDocs.WordsOf(capability.Operation),
            capability.Support == OperationSupport.Unsupported ? "–" : capability.Support.ToString().ToLowerInvariant(),
            string.Join(" ", new[] { capability.Remark, capability.Alternative }.OfType<string>()),
        ])) + "\n" + string.Concat(Facts(capabilities).Select(fact => $"- {fact}\n"));

    private static IEnumerable<string> Facts(TokenCapabilities capabilities)
    {
        var limits = capabilities.Limits;
        if (limits.TokensPerOwner is { } tokens)
            yield return $"At most {Number(tokens)} tokens of one owner.";
        if (limits.MinLifetime is { } shortest)
            yield return $"The lifetime of a token is at least {Text(shortest)}.";
        if (limits.MaxLifetime is { } longest)
            yield return $"The lifetime of a token is at most {Text(longest)}.";
        yield return !capabilities.TokensCanExpire ? "Tokens never expire."
            : capabilities.ExpiryCanBeChanged ? "An update can change the expiry of a token."
            : "The expiry of a token can't be changed.";
        if (limits.MaxNameLength is { } name)
            yield return $"A name has {Number(name)} characters at most{Pattern(limits.NamePattern)}.";
        if (limits.MaxKeyLength is { } key)
            yield return $"A key has {Number(key)} characters at most{Pattern(limits.KeyPattern)}.";
        yield return capabilities.NamesAreUnique ? "A create with the name of another token is refused."
            : "No source says that the name of a token must be unique.";
        if (limits.TokensPerOwner is not null)
            yield return capabilities.RevokedTokensCountAgainstQuota switch
            {
                true => "The record of a revoked token counts against the number of tokens.",
                false => "A revoked token doesn't count against the number of tokens.",
                null => "Whether a revoked token counts against the number of tokens is not known.",
            };
        yield return Exchanged(capabilities.ExchangedCredentialLifetime);
        if (limits is { CallsPerWindow: { } calls, CallWindow: { } window })
            yield return $"{Number(calls)} calls in {Text(window)}.";
        if (limits.MaxPageSize is { } page)
            yield return $"A page of a list holds {Number(page)} tokens at most.";
        if (limits.MaxBulkUpdateSize is { } size)
            yield return $"A request of a bulk update holds {Number(size)} tokens at most.";
        yield return capabilities.LastUsedGranularity is { } granularity
            ? $"The last use of a token is reported with a delay of at most {Text(granularity)}."
            : "The last use of a token is not reported.";
        yield return $"A create whose response is lost: `{capabilities.CreationRecovery}`, see [unknown outcomes](../unknown-outcomes.md).";
        if (capabilities.CreationSettleTime is { } settleTime)
            yield return $"The client searches for its token for {Text(settleTime)}. This time is reconstructed.";
    }

    private static string Pattern(string? pattern)
        => pattern is null ? string.Empty
        : $" and is accepted if it matches {(pattern.Contains('`', StringComparison.Ordinal) ? $"`` {pattern} ``" : $"`{pattern}`")}";

    private static string Exchanged(TimeSpan? lifetime) => lifetime switch
    {
        null => "How long a credential that was exchanged for a token can outlive it is not known.",
        { Ticks: 0 } => "No credential that was exchanged for a token outlives it.",
        { } time => $"A credential that was exchanged for a token can outlive it by at most {Text(time)}.",
    };

    private static string Number(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Text(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => Counted(time.TotalDays, "day"),
        { TotalHours: >= 1 } => Counted(time.TotalHours, "hour"),
        { TotalMinutes: >= 1 } => Counted(time.TotalMinutes, "minute"),
        _ => Counted(time.TotalSeconds, "second"),
    };

    private static string Counted(double number, string unit)
        => $"{number.ToString(CultureInfo.InvariantCulture)} {unit}{(number == 1 ? "" : "s")}";
}
