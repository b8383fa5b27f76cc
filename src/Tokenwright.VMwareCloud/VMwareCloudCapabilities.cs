using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>What VMware Cloud Services' API tokens can do.</summary>
internal static class VMwareCloudCapabilities
{
    public static TokenCapabilities Card { get; } = new(
    [
        OperationCapability.Unsupported(TokenOperation.List, "VMware Cloud Services has no public operation that lists API tokens; its console shows them.", "Read each token by its secret: GetAsync(TokenReference.BySecret(secret))."),
        OperationCapability.Native(TokenOperation.Get, "By its value only. Unexpired, organization-scoped tokens are found, others are not.") with
        {
            SafeToResend = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },
        NotYetSupported.Entry(TokenOperation.Create, typeof(IVMwareCloudApiClient)),
        OperationCapability.Unsupported(TokenOperation.Update, "VMware Cloud Services has no operation that changes a token's name, scopes or lifetime.", "Create another token, move to it, then deactivate this one."),
        OperationCapability.Unsupported(TokenOperation.Regenerate, "Only the vendor's console can give a token another value.", "Create another token, move to it, then deactivate this one; or regenerate it in the console."),
        OperationCapability.Emulated(TokenOperation.Validate, "The token's record is looked up by its value. If there is none, the vendor doesn't tell wrong, revoked, expired and not organization-scoped apart.") with
        {
            SafeToResend = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },
        NotYetSupported.Entry(TokenOperation.Revoke, typeof(IVMwareCloudApiClient)),
        NotYetSupported.Entry(TokenOperation.Suspend, typeof(IVMwareCloudApiClient)),
        NotYetSupported.Entry(TokenOperation.Resume, typeof(IVMwareCloudApiClient)),
    ])
    {
        // The documents give the shortest lifetime as 1800 without a unit; that it counts seconds is concluded from the number.
        Limits = new() { TokensPerOwner = 50, MinLifetime = TimeSpan.FromSeconds(1800) },
        CreationRecovery = CreationRecovery.BoundedByExpiry,
    };
}
