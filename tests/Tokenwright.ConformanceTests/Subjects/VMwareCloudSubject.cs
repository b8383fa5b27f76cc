using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class VMwareCloudSubject : ConformanceSubject
{
    public override string Name => "VMware Cloud Services";

    public override Type ClientType => typeof(VMwareCloudTokenClient);

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Name | TokenMembers.OwnerId | TokenMembers.Scopes | TokenMembers.Roles | TokenMembers.CreatedAt | TokenMembers.ExpiresAt
        | TokenMembers.LastUsedAt;

    public override RevocationOutcome Revocation => RevocationOutcome.Deactivated;

    public override (string Name, string Json)? Unreadable => ("createdAt", "\"6 months ago\"");

    // Said within a success, per id, in words for people only: an unknown id can't be told from others that the vendor fails to change.
    public override Type MissingOf(TokenOperation operation, TokenReferenceKinds kind)
        => operation == TokenOperation.Revoke && kind == TokenReferenceKinds.Id ? typeof(TokenClientException) : base.MissingOf(operation, kind);

    public override TokenVerdict VerdictOf(TokenFate fate) => fate switch
    {
        TokenFate.Active => TokenVerdict.Active,
        TokenFate.Deactivated or TokenFate.Revoked => TokenVerdict.Deactivated,
        _ => TokenVerdict.Unknown,
    };

    // The vendor demands the user's identity token, for which the facade has no word.
    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Scopes = [new("openid")], Expiry = expiry, Raw = new GenerateApiTokenRequestV2 { IdToken = VMwareCloudEmulator.IdToken.Reveal() } };

    public override (CreateTokenRequest Request, string[] Fields) Wrong =>
    (
        new() { Name = "/", Description = "no place for it", Key = "nor for this" },
        [
            nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Description), nameof(CreateTokenRequest.Key), nameof(CreateTokenRequest.Expiry),
            nameof(CreateTokenRequest.Scopes), nameof(CreateTokenRequest.Raw),
        ]
    );

    public override Stage Start(FakeTimeProvider clock) => new EmulatorStage<VMwareCloudOptions>(
        new VMwareCloudEmulator(new EmulatorOptions { TimeProvider = clock }),
        clock,
        (options, own) => options.ApiToken = own.Secret,
        (options, transport, time) => new VMwareCloudTokenClient("conformance", options, transport, time));
}
