namespace Tokenwright.Fimidara;

/// <summary>Provides the capabilities of fimidara's tokens, one entry for each kind.</summary>
internal static class FimidaraCapabilities
{
    public const int LargestPage = 1000;
    public const int LongestName = 150;
    public const int LongestKey = 50;

    public const int LongestKeyOf2022 = 300;

    // The server removes blanks around a text, or doesn't find a token by it.
    private const string WithoutOuterBlanks = @"^\S(.*\S)?\z";

    // The server uses the name of an agent token as a regular expression: some names are refused because of it, others are taken for
    // the name of another token.
    private const string WithoutOperators = @"^(?!\s)[^\\^$.|?*+()\[\]{}\r\n]+(?<!\s)\z";

    private const string Unordered =
        "Pages have no order of their own: what is created or deleted meanwhile may be missed or come twice.";

    public static TokenCapabilities Value(FimidaraTokenKind kind)
    {
        var isAgentToken = kind == FimidaraTokenKind.AgentToken;
        var isClientAssigned = kind is FimidaraTokenKind.ClientAssignedToken or FimidaraTokenKind.ClientAssignedToken2023;
        var isProgramAccess = kind is FimidaraTokenKind.ProgramAccessToken or FimidaraTokenKind.ProgramAccessToken2023;
        var isPaged = isAgentToken || kind is FimidaraTokenKind.ClientAssignedToken2023 or FimidaraTokenKind.ProgramAccessToken2023;
        return new(
        [
            OperationCapability.Native(TokenOperation.List, isAgentToken
                ? $"All tokens of the workspace. A credential that may read none gets an empty list, not an error. {Unordered}"
                : isPaged
                ? $"All tokens of the workspace. The responses carry their secrets; they are dropped here. {Unordered}"
                : "All tokens of the workspace in one response, which carries their secrets; they are dropped here.") with
            {
                SafeToRetry = true,
            },
            OperationCapability.Native(TokenOperation.Get, isAgentToken
                ? "A user's session finds a token by key only with the option WorkspaceId. A key with blanks around it is never found."
                : "By id or as the connection's own token; the server refuses the caller's own key here.") with
            {
                SafeToRetry = true,
                References = TokenReferenceKinds.Id | TokenReferenceKinds.Self | (isAgentToken ? TokenReferenceKinds.Key : 0),
            },
            OperationCapability.Native(TokenOperation.Create, CreateRemark(isClientAssigned, isProgramAccess)),
            OperationCapability.Native(TokenOperation.Update, isClientAssigned
                ? "Name, description, expiry and key; through Raw, the permission groups, which replace those that are there. A new key " +
                    "isn't checked: two tokens can end up with one."
                : isProgramAccess
                ? "Name and description; through Raw, the permission groups, which replace those that are there."
                : "Name, description, expiry and key. A user's session finds a token by key only with the option WorkspaceId. A new key " +
                    "isn't checked: two tokens can end up with one.") with
            {
                SafeToRetry = true,
                References = TokenReferenceKinds.Id | TokenReferenceKinds.Self
                    | (isProgramAccess ? 0 : TokenReferenceKinds.Key),
            },
            OperationCapability.Unsupported(
                TokenOperation.Regenerate,
                isAgentToken
                    ? "fimidara can show a token's secret again (encodeAgentToken of the typed client), but never invalidates the old one."
                    : "fimidara shows a token's secret in every read and never replaces it.",
                "Create another token, move to it, then delete this one."),
            OperationCapability.Emulated(TokenOperation.Validate,
                "The token reads its own record. A rejected JWT doesn't show whether it is wrong, deleted or expired.") with
            {
                SafeToRetry = true,
                References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
            },
            OperationCapability.Native(TokenOperation.Revoke, isAgentToken
                ? "The token is deleted at once; a job of the vendor's clears away what belonged to it. Deleting frees the name and the " +
                    "key."
                : "The token is deleted.") with
            {
                // A second deletion doesn't find the token.
                SafeToRetry = true,
                References = TokenReferenceKinds.Id | TokenReferenceKinds.Self | (isAgentToken ? TokenReferenceKinds.Key : 0),
            },
            OperationCapability.Unsupported(TokenOperation.Suspend, "fimidara's tokens can't be suspended."),
            OperationCapability.Unsupported(TokenOperation.Resume, "fimidara's tokens can't be suspended."),
        ])
        {
            Filters = isPaged ? TokenQueryFilters.PageSize : TokenQueryFilters.None,
            Limits = new()
            {
                MaxPageSize = isPaged ? LargestPage : null,
                MaxNameLength = LongestName,
                NamePattern = isAgentToken ? WithoutOperators : WithoutOuterBlanks,
                MaxKeyLength = isProgramAccess ? null
                    : kind == FimidaraTokenKind.ClientAssignedToken ? LongestKeyOf2022 : LongestKey,
                KeyPattern = isProgramAccess ? null : WithoutOuterBlanks,
            },
            TokensCanExpire = !isProgramAccess,
            ExpiryCanBeChanged = !isProgramAccess,

            // The token's JWT is sent with each request, and a deleted token's JWT is refused at once.
            ExchangedCredentialLifetime = TimeSpan.Zero,
            NamesAreUnique = true,

            // A deleted token leaves no record that the API shows, and the server has no quota.
            RevokedTokensCountAgainstQuota = false,

            // A program access token has no key that the caller can choose. Its name is unique in the workspace.
            CreationRecovery = isProgramAccess ? CreationRecovery.FindAndRevoke : CreationRecovery.Recoverable,

            // Reconstructed: no source says how soon a new token appears in the list.
            CreationSettleTime = TimeSpan.FromSeconds(30),
        };
    }

    private static string CreateRemark(bool isClientAssigned, bool isProgramAccess)
        => isClientAssigned
            ? "A key that a token of the workspace has already makes no new one: the vendor changes that token and gives its secret; its " +
                "CreatedAt then lies before its UpdatedAt. Names are unique in the workspace."
            : isProgramAccess
            ? "The name is required and unique in the workspace. The token never expires, and Expiry must say so."
            : "Name and key are unique in the workspace. Where Raw asks for a refreshing token, its refresh token isn't handed out: " +
                "encodeAgentToken of the typed client gives a pair.";
}
