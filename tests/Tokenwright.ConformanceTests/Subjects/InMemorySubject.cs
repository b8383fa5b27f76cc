using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class InMemorySubject : ShippedSubject
{
    public override string Name => "In memory";

    public override Type ClientType => typeof(InMemoryTokenClient);

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Key | TokenMembers.Name | TokenMembers.Description
            | TokenMembers.OwnerId | TokenMembers.Scopes | TokenMembers.Roles
        | TokenMembers.CreatedAt | TokenMembers.ExpiresAt | TokenMembers.LastUsedAt;

    public override TokenMembers Changeable
        => TokenMembers.Key | TokenMembers.Name | TokenMembers.Description | TokenMembers.Scopes | TokenMembers.ExpiresAt;

    public override TokenVerdict VerdictOf(TokenFate fate) => fate switch
    {
        TokenFate.Active => TokenVerdict.Active,
        TokenFate.Expired => TokenVerdict.Expired,
        TokenFate.Deactivated => TokenVerdict.Deactivated,
        TokenFate.Revoked => TokenVerdict.Revoked,
        _ => TokenVerdict.Unknown,
    };

    public override CreateTokenRequest Request(string name, TokenExpiry expiry) => new()
    {
        Name = name,
        Description = "made by a test",
        Key = NextKey(),
        Scopes = [new("read"), new("write")],
        Roles = [new("auditor")],
        Expiry = expiry,
    };

    public override (CreateTokenRequest Request, string[] Fields) Wrong
        => (new() { Name = " ", Raw = new object() },
            [nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Raw), nameof(CreateTokenRequest.Expiry)]);

    public override ConformanceStage Start(TimeProvider clock) => new InMemoryStage(clock);
}
