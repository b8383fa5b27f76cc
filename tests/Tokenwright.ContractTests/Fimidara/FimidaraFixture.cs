using Tokenwright.Fimidara;

namespace Tokenwright.ContractTests;

/// <summary>The base of the contract tests of the fimidara adapter.</summary>
internal abstract class FimidaraFixture : ContractFixture<FimidaraTokenClient, FimidaraOptions>
{
    protected const string AgentTokens = "/v1/agentTokens";
    protected const string ClientAssignedTokens = "/clientAssignedTokens";
    protected const string ProgramAccessTokens = "/programAccessTokens";
    protected const string ClientAssignedTokens2023 = "/v1/clientAssignedTokens";
    protected const string ProgramAccessTokens2023 = "/v1/programAccessTokens";

    protected static readonly (string, string) Bearer = ("Authorization", "Bearer jwt-1");

    protected override (string Vendor, string Connection) Names => ("Fimidara", "prod");

    public static string Path(FimidaraTokenKind kind) => kind switch
    {
        FimidaraTokenKind.ClientAssignedToken => ClientAssignedTokens,
        FimidaraTokenKind.ProgramAccessToken => ProgramAccessTokens,
        FimidaraTokenKind.ClientAssignedToken2023 => ClientAssignedTokens2023,
        FimidaraTokenKind.ProgramAccessToken2023 => ProgramAccessTokens2023,
        _ => AgentTokens,
    };

    protected override FimidaraOptions NewOptions() => new()
    {
        BaseAddress = _vendor.BaseAddress,
        MaxRetries = 0,
        CreationSettleTime = TimeSpan.Zero,
        Token = new TokenSecret("jwt-1"),
    };

    protected override FimidaraTokenClient Open(FimidaraOptions options) => new("prod", options, new() { TimeProvider = _clock });

    /// <summary>Creates a client for one kind of token in a workspace.</summary>
    protected FimidaraTokenClient Client(FimidaraTokenKind kind)
        => Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "000000000000000000001"));

    protected void Respond(string path, string json, int status = 200) => Respond("POST", path, json, status);
}
