using System.CommandLine;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary><c>vendors</c>: the capability table.</summary>
internal static class VendorsCommand
{
    public static Command Create()
        => new Command(
            "vendors",
            """
            What the tokens of each vendor can do: natively, emulated by other calls, or not at all. Needs no connection.

            Examples:
              tokenwright vendors
              tokenwright vendors --vendor Xms -o json     with the remarks of the capability card
            """).Does(async invocation =>
            {
                var wanted = invocation.Get(GlobalOptions.Vendor) ?? [];
                if (wanted.FirstOrDefault(name => VendorEntry.Find(name) is null) is { } unknown)
                    throw new CliException($"'{unknown}' is no vendor; known are {VendorEntry.Names}.");
                await invocation.WriteAsync(
                    Shapes.Vendors,
                    VendorEntry.All.Where(vendor => wanted.Length == 0 || wanted.Contains(vendor.Name, StringComparer.OrdinalIgnoreCase))
                        .SelectMany(vendor => vendor.Cards().Select(card => Row(vendor, card.Kind, card.Card))));
                return ExitCode.Done;
            });

    private static VendorRow Row(VendorEntry vendor, string kind, TokenCapabilities card) => new()
    {
        Vendor = vendor.Name,
        Title = vendor.Title,
        TokenKind = kind.Length == 0 ? null : kind,
        Operations =
        [
            .. card.Operations.Select(operation => new OperationRow(
                Shapes.Word(operation.Operation), Shapes.Word(operation.Support), [.. Words(operation.References)], operation.SafeToResend, operation.Remark, operation.Alternative)),
        ],
        TokensPerOwner = card.Limits.TokensPerOwner,
        MinLifetimeSeconds = card.Limits.MinLifetime?.TotalSeconds,
        MaxLifetimeSeconds = card.Limits.MaxLifetime?.TotalSeconds,
        CallsPerWindow = card.Limits.CallsPerWindow,
        CallWindowSeconds = card.Limits.CallWindow?.TotalSeconds,
        LastUsedGranularitySeconds = card.LastUsedGranularity?.TotalSeconds,
        CreationRecovery = Shapes.Word(card.CreationRecovery),
    };

    private static IEnumerable<string> Words(TokenReferenceKinds references)
        => Enum.GetValues<TokenReferenceKinds>().Where(kind => kind != TokenReferenceKinds.None && references.HasFlag(kind)).Select(Shapes.Word);
}
