using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class FimidaraProgramAccessTokenSubject() : FimidaraProgramAccessSubject(FimidaraEmulator.ProgramAccessToken)
{
    public override string Name => "fimidara program access tokens (2022)";
}
