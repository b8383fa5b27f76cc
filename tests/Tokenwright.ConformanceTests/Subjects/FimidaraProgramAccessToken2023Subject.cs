using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class FimidaraProgramAccessToken2023Subject() : FimidaraProgramAccessSubject(FimidaraEmulator.ProgramAccessToken2023)
{
    public override string Name => "fimidara program access tokens (2023)";
}
