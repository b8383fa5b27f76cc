using System.Net;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;
using Tokenwright.VMwareCloud;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class VMwareCloudSubject : ShippedSubject
{
    public override string Name => "VMware Cloud Services";

    public override TokenVendor Vendor => VMwareCloudVendor.Instance;

    public override Type ClientType => typeof(VMwareCloudTokenClient);

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Name | TokenMembers.OwnerId | TokenMembers.Scopes
            | TokenMembers.Roles | TokenMembers.CreatedAt | TokenMembers.ExpiresAt
        | TokenMembers.LastUsedAt;

    public override RevocationOutcome Revocation => RevocationOutcome.Deactivated;

    public override (string Name, string Json)? Unreadable => ("createdAt", "\"6 months ago\"");

    public override string? ExpiryMember => "expiresAt";

    public override string? LastUseMember => "lastUsedAt";

    // The vendor reports failures within a success, as text for people. An unknown id looks like any other failure.
    public override Type MissingOf(TokenOperation operation, TokenReferenceKinds kind)
        => operation == TokenOperation.Revoke && kind == TokenReferenceKinds.Id
            ? typeof(TokenClientException) : base.MissingOf(operation, kind);

    public override TokenVerdict VerdictOf(TokenFate fate) => fate switch
    {
        TokenFate.Active => TokenVerdict.Active,
        TokenFate.Deactivated or TokenFate.Revoked => TokenVerdict.Deactivated,
        _ => TokenVerdict.Unknown,
    };

    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Scopes = [new("openid")], Expiry = expiry, IdToken = VMwareCloudEmulator.IdToken };

    public override (CreateTokenRequest Request, string[] Fields) Wrong =>
    (
        new() { Name = "/", Description = "no place for it", Key = "nor for this" },
        [
            nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Description), nameof(CreateTokenRequest.Key),
            nameof(CreateTokenRequest.Expiry),
            nameof(CreateTokenRequest.Scopes), nameof(CreateTokenRequest.IdToken),
        ]
    );

    public override (string Method, string Path)? Exchange => ("POST", "/csp/gateway/am/api/auth/api-tokens/authorize");

    public override (string Method, string Path)? LookUp => ("POST", "/csp/gateway/am/api/auth/api-tokens/details");

    public override IReadOnlyList<VendorException> FaultExceptions { get; } =
    [
        VendorException.Throws<TokenNotFoundException>(
            "With which of the two the vendor refuses an unknown value isn't settled.",
            situation => situation is { Operation: TokenOperation.Get }
                or { Operation: TokenOperation.Revoke, Target: Target.LookUpBefore, KnowsSecret: true },
            HttpStatusCode.BadRequest,
            HttpStatusCode.NotFound),
        VendorException.Throws<TokenAuthenticationException>(
            "By an id, what is looked up is the connection's own token, for its organization.",
            situation => situation is { Target: Target.LookUpBefore, KnowsSecret: false },
            HttpStatusCode.BadRequest,
            HttpStatusCode.NotFound),
        VendorException.Throws<TokenClientException>(
            "It is the organization that isn't there; tokens that aren't are told within a success.",
            situation =>
                situation is { Operation: TokenOperation.Revoke or TokenOperation.Suspend or TokenOperation.Resume, Target: Target.Main },
            HttpStatusCode.NotFound),
        new(
            "One of several tokens that isn't found is no failure of the call.",
            situation =>
                situation is { Operation: TokenOperation.Suspend or TokenOperation.Resume, Target: Target.LookUpBefore, KnowsSecret: true }
                && VendorException.IsRefused(situation, HttpStatusCode.BadRequest, HttpStatusCode.NotFound),
            promise => promise with { Exception = null, Succeeds = false }),
        VendorException.Verdict(
            "The vendor finds no such token.", TokenVerdict.Unknown, HttpStatusCode.BadRequest, HttpStatusCode.NotFound),
    ];

    public override ConformanceStage Start(TimeProvider clock) => new ProgramStage<VMwareCloudOptions>(
        new VMwareCloudEmulator(new EmulatorOptions { TimeProvider = clock }),
        clock,
        (options, own) => options.ApiToken = own.Secret,
        VMwareCloudVendor.Instance);
}
