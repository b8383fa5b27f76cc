namespace Tokenwright.SailPoint;

/// <summary>Provides the capabilities of SailPoint's personal access tokens.</summary>
internal static class SailPointCapabilities
{
    /// <summary>The vendor's limit on the ids of a bulk update.</summary>
    public const int BulkUpdateSize = 25;

    private static readonly OperationCapability NoBulkUpdate = OperationCapability.Unsupported(
        TokenOperation.BulkUpdate, "Only SailPoint's per-service API has a bulk update.",
        "Set ApiVersion to v1, or update the tokens one by one.");

    private static readonly TokenCapabilities UpTo2024 = Of(NoBulkUpdate, expiryCanBeChanged: false);

    private static readonly TokenCapabilities From2025 = Of(NoBulkUpdate, expiryCanBeChanged: true);

    private static readonly TokenCapabilities PerService = Of(OperationCapability.Native(
        TokenOperation.BulkUpdate,
        "The expiry only. For org admins, also for tokens of others; a credential that is an API client is refused. What becomes of the " +
            "other tokens of a request if one id is wrong is not documented.") with
    {
        SafeToRetry = true,
        References = TokenReferenceKinds.Id | TokenReferenceKinds.Self,
    }, expiryCanBeChanged: true);

    /// <summary>Gets the capabilities of the version of the API in the options.</summary>
    public static TokenCapabilities Value(SailPointOptions options)
        => options.IsPerService ? PerService : options.IsFrom2025 ? From2025 : UpTo2024;

    private static TokenCapabilities Of(OperationCapability bulkUpdate, bool expiryCanBeChanged) => new(
    [
        OperationCapability.Native(
            TokenOperation.List,
            "One owner's tokens or the whole tenant's, as the connection's scopes allow. Managed tokens need a right of their own. " +
                "Paging is not documented; after a response with 250 tokens or more, the client asks for the next ones.") with
            { SafeToRetry = true },
        OperationCapability.Emulated(
            TokenOperation.Get, "The API reads lists only: the caller's own tokens are searched first, then the tenant's.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Id | TokenReferenceKinds.Self,
        },
        OperationCapability.Native(
            TokenOperation.Create,
            "The token is the caller's. Set an expiry, or TokenExpiry.Never. Up to v2024 a token without one expires after six months, " +
                "and Never is rejected. Without scopes it gets sp:scopes:all."),
        OperationCapability.Native(
            TokenOperation.Update,
            "Name and scopes, and the expiry from v2025 on. UpdateTokenRequest.Raw takes a list of JsonPatchOperation, which are sent " +
                "after the others. New scopes can take 20 minutes to be in force.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Id | TokenReferenceKinds.Self,
        },
        OperationCapability.Unsupported(TokenOperation.Regenerate, "SailPoint shows a secret once and never replaces it.",
            "Create another token, move to it, then delete this one."),
        OperationCapability.Emulated(
            TokenOperation.Validate,
            "Id and secret are exchanged for an access token, which is thrown away. A rejection doesn't show whether it is wrong, " +
                "deleted or expired.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.IdAndSecret | TokenReferenceKinds.Self,
        },
        OperationCapability.Native(
            TokenOperation.Revoke, "The token is deleted. What becomes of access tokens that it was exchanged for is not documented.") with
        {
            SafeToRetry = true,
            References = TokenReferenceKinds.Id | TokenReferenceKinds.Self,
        },
        OperationCapability.Unsupported(TokenOperation.Suspend, "SailPoint's tokens can't be suspended."),
        OperationCapability.Unsupported(TokenOperation.Resume, "SailPoint's tokens can't be suspended."),
        bulkUpdate,
    ])
    {
        Filters = TokenQueryFilters.OwnerId | TokenQueryFilters.OwnOnly | TokenQueryFilters.UnusedSince,
        Limits = new()
        {
            TokensPerOwner = 10, CallsPerWindow = 100, CallWindow = TimeSpan.FromSeconds(10),
            MaxBulkUpdateSize = bulkUpdate.Support == OperationSupport.Unsupported ? null : BulkUpdateSize,
        },
        LastUsedGranularity = TimeSpan.FromDays(1),
        CreationRecovery = CreationRecovery.FindAndRevoke,
        ExpiryCanBeChanged = expiryCanBeChanged,

        // The maximum of accessTokenValiditySeconds, which is also its default. What becomes of access tokens when their personal access
        // token is deleted is not documented, so this is the longest time that they can outlive it.
        ExchangedCredentialLifetime = TimeSpan.FromHours(12),

        // Documented for the tokens of one owner. No source has a length or an alphabet.
        NamesAreUnique = true,

        // The documented DELETE removes the record.
        RevokedTokensCountAgainstQuota = false,

        // Reconstructed: no source says how soon a new token appears in the list.
        CreationSettleTime = TimeSpan.FromSeconds(30),
    };
}
