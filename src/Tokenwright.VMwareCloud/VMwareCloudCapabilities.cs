namespace Tokenwright.VMwareCloud;

/// <summary>Provides the capabilities of VMware Cloud Services' API tokens.</summary>
internal static class VMwareCloudCapabilities
{
    // The documents give the number without a unit. Its size suggests seconds.
    public static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1800);

    // The vendor's documents say 60 months. They don't say how they count; five years with two leap days are the longest 60 months.
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays((5 * 365) + 2);

    public const int LongestName = 64;

    private const TokenReferenceKinds Others = TokenReferenceKinds.Id | TokenReferenceKinds.Secret;

    public static TokenCapabilities Value { get; } = new(
    [
        OperationCapability.Unsupported(
            TokenOperation.List, "VMware Cloud Services has no public operation that lists API tokens; its console shows them.",
            "Read each token by its secret: GetAsync(TokenReference.BySecret(secret))."),
        OperationCapability.Native(
            TokenOperation.Get, "By its value only. Unexpired, organization-scoped tokens are found, others are not.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },
        OperationCapability.Native(
            TokenOperation.Create,
            "For user accounts. The vendor requires the user's identity token, which only its authorization-code flow gives. A token " +
            "lives at most 60 months. The vendor responds with the value only, so the record is looked up by it; where that fails, the " +
            "token is handed out all the same, with a record made of what was asked for, without Id and Raw."),
        OperationCapability.Unsupported(
            TokenOperation.Update, "VMware Cloud Services has no operation that changes a token's name, scopes or lifetime.",
            "Create another token, move to it, then deactivate this one."),
        OperationCapability.Unsupported(TokenOperation.Regenerate, "Only the vendor's console can give a token another value.",
            "Create another token, move to it, then deactivate this one; or regenerate it in the console."),
        OperationCapability.Emulated(
            TokenOperation.Validate,
            "The token's record is looked up by its value. If there is none, the vendor doesn't show whether the token is " +
            "wrong, revoked, expired or not organization-scoped.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
        },
        OperationCapability.Emulated(
            TokenOperation.Revoke,
            "The token is deactivated, which an owner of its organization does and can take back; only the vendor's console ends it for " +
            "good.") with
        {
            SafeToRetry = true,
            References = Others | TokenReferenceKinds.Self,
        },
        OperationCapability.Native(
            TokenOperation.Suspend, "For owners of the token's organization. Up to 15 tokens go into a request.") with
        {
            SafeToRetry = true,
            References = Others | TokenReferenceKinds.Self,
        },
        OperationCapability.Native(
            TokenOperation.Resume,
            "For owners of the token's organization. Up to 15 tokens go into a request. A connection whose own token is deactivated " +
            "can't sign in any more, so another one must activate it.") with
        {
            SafeToRetry = true,
            References = Others,
        },
    ])
    {
        Limits = new()
        {
            TokensPerOwner = 50,
            MinLifetime = ShortestLife,
            MaxLifetime = LongestLife,
            MaxNameLength = LongestName,

            // In many languages, a part of a letter is a separate mark.
            NamePattern = $@"^[\p{{L}}\p{{Nd}}\p{{Mn}}\p{{Mc}}{VMwareCloudRequests.MarksInNames}]*\z",
        },
        RequiresIdToken = true,
        CreationRecovery = CreationRecovery.BoundedByExpiry,

        // According to the documents, an access token lives 30 minutes. The vendor's console ends it with the token. Whether deactivating
        // does is not documented, so this is the longest time that it can take.
        ExchangedCredentialLifetime = TimeSpan.FromMinutes(30),

        // No source says whether a deactivated token counts against the quota, or whether a name may be used twice.
        RevokedTokensCountAgainstQuota = null,
    };
}
