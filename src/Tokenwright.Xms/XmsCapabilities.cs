namespace Tokenwright.Xms;

/// <summary>Provides the capabilities of XMS's access tokens.</summary>
internal static class XmsCapabilities
{
    /// <summary>
    /// The maximum page size. No document states one. Known clients request 500 or 1000 elements of the API's other collections.
    /// </summary>
    public const int MaxPageSize = 1000;

    // A connection with a password uses a session, which isn't an access token. So it has no token of its own.
    public static TokenCapabilities Value(XmsOptions options)
    {
        var isSession = options is { AccessToken: null, Password: not null };
        var references = TokenReferenceKinds.Secret | (isSession ? TokenReferenceKinds.None : TokenReferenceKinds.Self);
        return new(
        [
            OperationCapability.Native(TokenOperation.List,
                "All users' tokens as far as the credential may see them; the caller's own on request.") with { SafeToRetry = true },
            OperationCapability.Native(
                TokenOperation.Get,
                "By secret it is the vendor's validation, which takes the secret in the URL, where servers and proxies may log it. " +
                $"{SelfRemark}") with
            {
                SafeToRetry = true,
                References = TokenReferenceKinds.Id | references,
            },
            OperationCapability.Native(
                TokenOperation.Create,
                "A token needs a name and at least one role. It never expires. That a name must be unique is reconstructed: the " +
                    "documents declare 409 for a create, and don't say why."),
            OperationCapability.Native(TokenOperation.Update, $"The name only. {LookUpRemark} {SelfRemark}") with
            {
                SafeToRetry = true,
                References = TokenReferenceKinds.Id | references,
            },
            OperationCapability.Native(
                TokenOperation.Regenerate,
                $"{LookUpRemark} A connection that regenerates its own token needs the new secret in its options afterwards. " +
                    $"{SelfRemark}") with
            {
                References = TokenReferenceKinds.Id | references,
            },
            OperationCapability.Native(
                TokenOperation.Validate, $"The vendor takes the secret in the URL, where servers and proxies may log it. {SelfRemark}") with
            {
                SafeToRetry = true,
                References = references,
            },
            OperationCapability.Native(TokenOperation.Revoke, $"The token and its record are deleted. {LookUpRemark} {SelfRemark}") with
            {
                // A second deletion doesn't find the token, because ids aren't known to be reused.
                SafeToRetry = true,
                References = TokenReferenceKinds.Id | references,
            },
            OperationCapability.Unsupported(TokenOperation.Suspend, "XMS's tokens can't be suspended."),
            OperationCapability.Unsupported(TokenOperation.Resume, "XMS's tokens can't be suspended."),
        ])
        {
            Filters = TokenQueryFilters.OwnerId | TokenQueryFilters.OwnOnly | TokenQueryFilters.Role | TokenQueryFilters.PageSize,
            Limits = new() { MaxPageSize = MaxPageSize },
            TokensCanExpire = false,
            CreationRecovery = CreationRecovery.FindAndRevoke,

            // The access token itself is sent with each request.
            ExchangedCredentialLifetime = TimeSpan.Zero,

            // Reconstructed: the documents declare 409 for a create, and don't say why. No source has a limit of a name.
            NamesAreUnique = true,

            // The documented DELETE removes the record, so it can't count. Whether there is a quota isn't known.
            RevokedTokensCountAgainstQuota = false,

            // Reconstructed: no source says how soon a new token appears in the list.
            CreationSettleTime = TimeSpan.FromSeconds(30),
        };
    }

    private const string LookUpRemark =
        "The vendor does it by id; by secret or self the id is looked up first, with the vendor's validation, which takes the secret in " +
        "the URL.";
    private const string SelfRemark = "A connection that logs in with a password works with a session, so it has no token of its own.";
}
