using System.Globalization;

namespace Tokenwright.ConformanceTests;

/// <summary>Generates the README's table of what each client variant can do, from the capabilities.</summary>
internal static class CapabilityTable
{
    public static string Write()
    {
        var capabilities = ShippedSubject.Vendors
            .Select(subject => (subject.Name, Capabilities: subject.ReadCapabilities())).ToList();
        return GeneratedDocs.Table(
            capabilities.Select(column => column.Name).Prepend(string.Empty),
            Enum.GetValues<TokenOperation>().Select(operation =>
                capabilities.Select(column => Cell(column.Capabilities, operation)).Prepend(GeneratedDocs.WordsOf(operation))));
    }

    /// <summary>Writes the table of what matters to a program that replaces tokens.</summary>
    public static string WriteLimits()
    {
        var capabilities = ShippedSubject.Vendors
            .Select(subject => (subject.Name, Capabilities: subject.ReadCapabilities())).ToList();
        return GeneratedDocs.Table(capabilities.Select(column => column.Name).Prepend(string.Empty),
        [
            Row("an update can change the expiry", of => of.TokensCanExpire ? YesOrNo(of.ExpiryCanBeChanged) : "never expires"),
            Row("a name is accepted once", of => of.NamesAreUnique ? "yes" : "–"),
            Row("longest name", of => Number(of.Limits.MaxNameLength)),
            Row("longest key", of => Number(of.Limits.MaxKeyLength)),
            Row("tokens of one owner", of => Number(of.Limits.TokensPerOwner)),
            Row("revoked tokens count", of => of.Limits.TokensPerOwner is null ? "–"
                : of.RevokedTokensCountAgainstQuota is { } counts ? YesOrNo(counts) : "unknown"),
            Row("exchanged credentials outlive a token by", of => of.ExchangedCredentialLifetime is { } time
                ? time == TimeSpan.Zero ? "–" : CapabilityPages.Text(time) : "unknown"),
        ]);

        IEnumerable<string> Row(string name, Func<TokenCapabilities, string> cell)
            => capabilities.Select(column => cell(column.Capabilities)).Prepend(name);
    }

    private static string YesOrNo(bool isSo) => isSo ? "yes" : "no";

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "–";

    private static string Cell(TokenCapabilities capabilities, TokenOperation operation)
    {
        var capability = capabilities[operation];
        if (capability.Support == OperationSupport.Unsupported)
            return "–";
        var support = capability.Support == OperationSupport.Native ? "native" : "emulated";
        var how = operation == TokenOperation.List ? Words(capabilities.Filters) : Words(capability.References);
        return how.Length == 0 ? support : $"{support}: {how}";
    }

    // OwnerId | OwnOnly -> owner id, own only
    private static string Words<TFlags>(TFlags flags)
        where TFlags : struct, Enum
        => string.Join(", ", Enum.GetValues<TFlags>().Where(flag => Convert.ToInt32(flag, null) != 0 && flags.HasFlag(flag)).Select(flag =>
            string.Concat(flag.ToString().Select((letter, index) => index > 0 && char.IsUpper(letter)
                ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"))));
}
