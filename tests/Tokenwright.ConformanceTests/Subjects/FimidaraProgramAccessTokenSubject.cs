using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class FimidaraProgramAccessTokenSubject() : FimidaraSubject(FimidaraEmulator.ProgramAccessToken)
{
    public override string Name => "fimidara program access tokens (2022)";

    public override TokenMembers Shown => base.Shown & ~(TokenMembers.Key | TokenMembers.ExpiresAt);

    public override TokenMembers Changeable => TokenMembers.Name | TokenMembers.Description;

    // These tokens have neither a key nor an expiry, so this ignores what the suite asks of other vendors.
    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Description = "made by a test", Expiry = TokenExpiry.Never };
}
