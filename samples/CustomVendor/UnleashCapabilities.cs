using Tokenwright;

namespace Unleash.Tokens;

/// <summary>Declares what Unleash's tokens can do. The SDK never calls an operation that is not declared here.</summary>
internal static class UnleashCapabilities
{
    private const TokenReferenceKinds IdOrSecret = TokenReferenceKinds.Id | TokenReferenceKinds.Secret;

    public static TokenCapabilities Value { get; } = new(
    [
        OperationCapability.Native(TokenOperation.List, "The server sends all tokens on one page.") with { SafeToRetry = true },
        OperationCapability.Emulated(
            TokenOperation.Get, "Read from the list. The id is computed from the secret, because Unleash gives its tokens none.") with
        {
            SafeToRetry = true,
            References = IdOrSecret,
        },
        OperationCapability.Native(
            TokenOperation.Create,
            "Set an expiry or TokenExpiry.Never, the role client or frontend, and scopes such as default:development: a project, or * " +
            "for all, and an environment, which is the same in all scopes."),
        OperationCapability.Native(
            TokenOperation.Update, "The expiry only. It can't be taken away.") with { SafeToRetry = true, References = IdOrSecret },
        OperationCapability.Unsupported(
            TokenOperation.Regenerate, "Unleash never replaces a secret.", "Create another token, move to it, then revoke this one."),
        OperationCapability.Emulated(
            TokenOperation.Validate,
            "Asks who the token is, which counts as a use of it. A rejection doesn't show whether it is wrong, deleted or expired. For " +
            "up to a minute, the server accepts a token that was deleted or has expired.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },

        // A second revoke finds no token. The SDK reports that as success.
        OperationCapability.Native(
            TokenOperation.Revoke, "The server accepts the token for up to a minute more.") with
        {
            SafeToRetry = true,
            References = IdOrSecret,
        },
        OperationCapability.Unsupported(TokenOperation.Suspend, "Unleash's tokens can't be suspended."),
        OperationCapability.Unsupported(TokenOperation.Resume, "Unleash's tokens can't be suspended."),
    ])
    {
        ExpiryCanBeChanged = true,
        ExchangedCredentialLifetime = TimeSpan.Zero,
        LastUsedGranularity = TimeSpan.FromMinutes(3),
        CreationRecovery = CreationRecovery.FindAndRevoke,
        CreationSettleTime = TimeSpan.FromSeconds(30),
    };
}
