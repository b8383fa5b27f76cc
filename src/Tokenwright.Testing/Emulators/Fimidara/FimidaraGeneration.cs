namespace Tokenwright.Testing;

/// <summary>Specifies a generation of fimidara's servers. Each accepts only the tokens of its own generation.</summary>
internal enum FimidaraGeneration
{
    Of2022,
    Of2023,
    AgentTokens,
}
