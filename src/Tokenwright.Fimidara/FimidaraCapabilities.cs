using Tokenwright.Fimidara.Api;

namespace Tokenwright.Fimidara;

/// <summary>What fimidara's tokens can do: one card per kind.</summary>
internal static class FimidaraCapabilities
{
    public const int LargestPage = 1000;

    public static TokenCapabilities Card(FimidaraTokenKind kind)
    {
        var isAgentToken = kind == FimidaraTokenKind.AgentToken;
        return new(
        [
            OperationCapability.Native(TokenOperation.List, isAgentToken
                ? "All tokens of the workspace. A credential that may read none gets an empty list, not an error. Pages have no order of their own: what is created or deleted meanwhile may be missed or come twice."
                : "All tokens of the workspace in one answer, which carries their secrets; they are dropped here.") with
            {
                SafeToResend = true,
            },
            OperationCapability.Native(TokenOperation.Get, isAgentToken
                ? "A user's session finds a token by key only with the option WorkspaceId. A key with blanks around it is never found."
                : "By id or as the connection's own token; the server refuses the caller's own key here.") with
            {
                SafeToResend = true,
                References = TokenReferenceKinds.Id | TokenReferenceKinds.Self | (isAgentToken ? TokenReferenceKinds.Key : 0),
            },
            NotYetSupported.Entry(TokenOperation.Create, typeof(IFimidaraApiClient)),
            NotYetSupported.Entry(TokenOperation.Update, typeof(IFimidaraApiClient)),
            OperationCapability.Unsupported(
                TokenOperation.Regenerate,
                isAgentToken ? "fimidara can show a token's secret again, but never ends the old one." : "fimidara shows a token's secret in every read and never replaces it.",
                "Create another token, move to it, then delete this one."),
            OperationCapability.Emulated(TokenOperation.Validate, "The token reads its own record. A refused JWT doesn't tell wrong, deleted and expired apart.") with
            {
                SafeToResend = true,
                References = TokenReferenceKinds.Secret | TokenReferenceKinds.Self,
            },
            NotYetSupported.Entry(TokenOperation.Revoke, typeof(IFimidaraApiClient)),
            OperationCapability.Unsupported(TokenOperation.Suspend, "fimidara's tokens can't be switched off for a while."),
            OperationCapability.Unsupported(TokenOperation.Resume, "fimidara's tokens can't be switched off for a while."),
        ])
        {
            Filters = isAgentToken ? TokenQueryFilters.PageSize : TokenQueryFilters.None,
            Limits = new() { MaxPageSize = isAgentToken ? LargestPage : null },
            // A program access token takes no key of the caller's own; its name is unique in the workspace.
            CreationRecovery = kind == FimidaraTokenKind.ProgramAccessToken ? CreationRecovery.FindAndRevoke : CreationRecovery.Recoverable,
        };
    }
}
