namespace Tokenwright.Fimidara;

/// <summary>Specifies a kind of fimidara's tokens.</summary>
public enum FimidaraTokenKind
{
    /// <summary>Agent tokens, the vendor's only kind since March 2023 (<c>/v1/agentTokens</c>).</summary>
    AgentToken,

    /// <summary>Client-assigned tokens of the 2022 generation (<c>/clientAssignedTokens</c>), for servers that still run it.</summary>
    ClientAssignedToken,

    /// <summary>Program access tokens of the 2022 generation (<c>/programAccessTokens</c>), for servers that still run it.</summary>
    ProgramAccessToken,

    /// <summary>
    /// Client-assigned tokens of the 2023 generation (<c>/v1/clientAssignedTokens</c>), for servers that still run it. Their lists are
    /// paged.
    /// </summary>
    ClientAssignedToken2023,

    /// <summary>
    /// Program access tokens of the 2023 generation (<c>/v1/programAccessTokens</c>), for servers that still run it. Their lists are
    /// paged.
    /// </summary>
    ProgramAccessToken2023,
}
