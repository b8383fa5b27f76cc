using System.CommandLine;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>vendors</c>, which prints the capabilities of the vendors.</summary>
internal static class VendorsCommand
{
    public static Command Create()
        => new Command(
            "vendors",
            """
            Shows what each vendor supports: natively, emulated by other calls, or not at all. It needs no connection.

            Examples:
              tokenwright vendors
              tokenwright vendors --vendor Xms -o json     with the remarks of the capabilities
            """).With(Shapes.Vendors).Does(async invocation =>
            {
                var wanted = invocation.Get(GlobalOptions.Vendor) ?? [];
                var vendors = wanted.Length == 0 ? VendorEntry.All : [.. wanted.Select(VendorEntry.Named).Distinct()];
                await invocation.WriteAsync(
                    Shapes.Vendors,
                    VendorEntry.All.Intersect(vendors).SelectMany(entry => entry.Descriptor.Kinds.Select(
                        kind => Row(entry.Descriptor, kind.Key, entry.Descriptor.GetCapabilities(kind.Value)))));
                return ExitCode.Done;
            });

    private static VendorRow Row(TokenVendor vendor, string kind, TokenCapabilities capabilities) => new()
    {
        Vendor = vendor.Name,
        Title = vendor.DisplayName,
        TokenKind = kind.Length == 0 ? null : kind,
        Operations =
        [
            .. capabilities.Operations.Select(operation => new OperationRow(
                Shapes.Word(operation.Operation), Shapes.Word(operation.Support), [.. Words(operation.References)], operation.SafeToRetry,
                operation.Remark, operation.Alternative)),
        ],
        TokensPerOwner = capabilities.Limits.TokensPerOwner,
        MinLifetimeSeconds = capabilities.Limits.MinLifetime?.TotalSeconds,
        MaxLifetimeSeconds = capabilities.Limits.MaxLifetime?.TotalSeconds,
        TokensCanExpire = capabilities.TokensCanExpire,
        ExpiryCanBeChanged = capabilities.ExpiryCanBeChanged,
        ExchangedCredentialLifetimeSeconds = capabilities.ExchangedCredentialLifetime?.TotalSeconds,
        NamesAreUnique = capabilities.NamesAreUnique,
        MaxNameLength = capabilities.Limits.MaxNameLength,
        NamePattern = capabilities.Limits.NamePattern,
        MaxKeyLength = capabilities.Limits.MaxKeyLength,
        KeyPattern = capabilities.Limits.KeyPattern,
        RevokedTokensCountAgainstQuota = capabilities.RevokedTokensCountAgainstQuota,
        CallsPerWindow = capabilities.Limits.CallsPerWindow,
        CallWindowSeconds = capabilities.Limits.CallWindow?.TotalSeconds,
        LastUsedGranularitySeconds = capabilities.LastUsedGranularity?.TotalSeconds,
        CreationRecovery = Shapes.Word(capabilities.CreationRecovery),
    };

    private static IEnumerable<string> Words(TokenReferenceKinds references)
        => Enum.GetValues<TokenReferenceKinds>().Where(kind => kind != TokenReferenceKinds.None && references.HasFlag(kind))
            .Select(Shapes.Word);
}
