using Tokenwright.ExtremeCloudIQ.Api;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Provides the capabilities of ExtremeCloud IQ's API tokens.</summary>
internal static class ExtremeCloudIQCapabilities
{
    public static TokenCapabilities Value { get; } = new(
    [
        OperationCapability.Unsupported(
            TokenOperation.List,
            "ExtremeCloud IQ keeps no list of its API tokens.",
            "Read one token with Self or by its secret. The legacy tokens of /acct-api-token are listed by ListApiAccessTokensAsync of " +
                $"the typed client: GetService(typeof({nameof(IExtremeCloudIQApiClient)}))."),
        OperationCapability.Native(
            TokenOperation.Get,
            "A token is read with its own value, and needs the permission auth or auth:r for it. For a Platform ONE key (extr_sk_…) " +
            "the vendor reports a session made by that very call, not the key and its expiry.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },
        OperationCapability.Native(
            TokenOperation.Create,
            "The new token gets no id: keep its secret, because nothing else identifies it. It may have only permissions that the " +
                "connection's credential has, and needs logout among them to be revoked, auth:r to be read."),
        OperationCapability.Unsupported(TokenOperation.Update, "ExtremeCloud IQ's tokens can't be changed once they are issued.",
            "Create another token, move to it, then revoke this one."),
        OperationCapability.Unsupported(TokenOperation.Regenerate, "ExtremeCloud IQ shows a token's value once and never replaces it.",
            "Create another token, move to it, then revoke this one."),
        OperationCapability.Native(
            TokenOperation.Validate,
            "Asked with the connection's credential. If another token is refused, the credential itself is validated as well, because " +
            "the refusal can be about either. A refusal says of a revoked token at best that it is revoked; else wrong, expired and " +
            "revoked ones look alike.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },
        OperationCapability.Native(
            TokenOperation.Revoke, "A token is ended by signing out with its own value, and needs the permission logout for it.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },
        OperationCapability.Unsupported(TokenOperation.Suspend, "ExtremeCloud IQ's tokens can't be suspended."),
        OperationCapability.Unsupported(TokenOperation.Resume, "ExtremeCloud IQ's tokens can't be suspended."),
    ])
    {
        Limits = new() { MinLifetime = TimeSpan.FromSeconds(300), CallsPerWindow = 7500, CallWindow = TimeSpan.FromHours(1) },
        CreationRecovery = CreationRecovery.BoundedByExpiry,

        // The token itself is sent with each request. Tokens have no name, and no source has a quota that a record could count against.
        ExchangedCredentialLifetime = TimeSpan.Zero,
    };
}
