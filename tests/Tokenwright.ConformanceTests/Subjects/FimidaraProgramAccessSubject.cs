using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Subjects;

/// <summary>What the program access tokens of both generations have in common.</summary>
internal abstract class FimidaraProgramAccessSubject(TokenKind kind) : FimidaraSubject(kind)
{
    public override TokenMembers Shown => base.Shown & ~(TokenMembers.Key | TokenMembers.ExpiresAt);

    public override TokenMembers Changeable => TokenMembers.Name | TokenMembers.Description;

    // These tokens have neither a key nor an expiry, so this ignores what the suite asks of other vendors.
    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Description = "made by a test", Expiry = TokenExpiry.Never };
}
