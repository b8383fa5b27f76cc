using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class FimidaraAgentTokenSubject() : FimidaraSubject(FimidaraEmulator.AgentToken)
{
    public override string Name => "fimidara agent tokens";
}
