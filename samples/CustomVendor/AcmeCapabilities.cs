using Tokenwright;

namespace Acme.Tokens;

/// <summary>Declares what Acme's tokens can do. The SDK never calls an operation that is not declared here.</summary>
internal static class AcmeCapabilities
{
    public const int LongestName = 100;

    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(365);

    public static TokenCapabilities Value { get; } = new(
    [
        OperationCapability.Native(TokenOperation.List) with { SafeToRetry = true },
        OperationCapability.Native(
            TokenOperation.Get) with { SafeToRetry = true, References = TokenReferenceKinds.Id | TokenReferenceKinds.Self },
        OperationCapability.Native(TokenOperation.Create, "Set an expiry, or TokenExpiry.Never."),
        OperationCapability.Native(
            TokenOperation.Update, "The name only.") with { SafeToRetry = true, References = TokenReferenceKinds.Id },
        OperationCapability.Unsupported(
            TokenOperation.Regenerate, "Acme never replaces a secret.", "Create another token, move to it, then delete this one."),
        OperationCapability.Emulated(
            TokenOperation.Validate, "The token asks who it is. A rejection doesn't show whether it is wrong, deleted or expired.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },

        // A second revoke finds no token. The SDK reports that as success.
        OperationCapability.Native(TokenOperation.Revoke) with { SafeToRetry = true, References = TokenReferenceKinds.Id },
        OperationCapability.Unsupported(TokenOperation.Suspend, "Acme's tokens can't be suspended."),
        OperationCapability.Unsupported(TokenOperation.Resume, "Acme's tokens can't be suspended."),
    ])
    {
        Filters = TokenQueryFilters.PageSize,
        Limits = new() { MaxLifetime = LongestLife, MaxPageSize = 1000 },
        CreationRecovery = CreationRecovery.FindAndRevoke,
        CreationSettleTime = TimeSpan.FromSeconds(30),
    };
}
