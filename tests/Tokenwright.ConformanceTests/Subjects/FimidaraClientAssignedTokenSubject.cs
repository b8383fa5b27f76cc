using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class FimidaraClientAssignedTokenSubject() : FimidaraSubject(FimidaraEmulator.ClientAssignedToken)
{
    public override string Name => "fimidara client-assigned tokens (2022)";
}
