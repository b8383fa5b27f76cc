using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class FimidaraClientAssignedToken2023Subject() : FimidaraSubject(FimidaraEmulator.ClientAssignedToken2023)
{
    public override string Name => "fimidara client-assigned tokens (2023)";
}
