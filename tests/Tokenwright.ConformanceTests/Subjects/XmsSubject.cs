using System.Net;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;
using Tokenwright.Xms;

namespace Tokenwright.ConformanceTests.Subjects;

internal class XmsSubject : ShippedSubject
{
    public override string Name => "XMS";

    public override TokenVendor Vendor => XmsVendor.Instance;

    /// <summary>Gets whether the server's lists have the member <c>paging</c>.</summary>
    protected virtual bool HasPaging => true;

    public override Type ClientType => typeof(XmsTokenClient);

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Name | TokenMembers.Description
            | TokenMembers.OwnerId | TokenMembers.Roles | TokenMembers.CreatedAt;

    public override TokenMembers Changeable => TokenMembers.Name;

    public override (string Name, string Json)? Unreadable => ("create", "\"6 months ago\"");

    public override string OtherOwner => "42";

    // A secret that the vendor knows is valid. The vendor refuses all others in the same way.
    public override TokenVerdict VerdictOf(TokenFate fate) => fate == TokenFate.Active ? TokenVerdict.Active : TokenVerdict.Unknown;

    // These tokens never expire, whatever the suite asks of other vendors.
    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Description = "made by a test", Roles = [new("auditor")], Expiry = TokenExpiry.Never };

    public override (CreateTokenRequest Request, string[] Fields) Wrong =>
    (
        new() { Key = "no place for it", Scopes = [new("nor for this")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) },
        [nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Key), nameof(CreateTokenRequest.Scopes),
            nameof(CreateTokenRequest.Roles), nameof(CreateTokenRequest.Expiry)]
    );

    public override (string Method, string Path)? Exchange => ("POST", "/v1/auth/tokens:login");

    public override (string Method, string Path)? LookUp => ("POST", "/v1/access-tokens:validate");

    public override IReadOnlyList<VendorException> FaultExceptions { get; } =
    [
        VendorException.Throws<TokenNotFoundException>(
            "With which of the two the vendor refuses an unknown secret isn't known.",
            situation => situation.Target == Target.LookUpBefore,
            HttpStatusCode.BadRequest,
            HttpStatusCode.NotFound),
        VendorException.Verdict(
            "The vendor refuses the secret with either.", TokenVerdict.Unknown, HttpStatusCode.BadRequest, HttpStatusCode.NotFound),
        VendorException.Verdict("Whether it speaks of the token or of the connection's right to ask isn't documented.",
            TokenVerdict.Undetermined, HttpStatusCode.Forbidden),
    ];

    public override ConformanceStage Start(TimeProvider clock) => new ProgramStage<XmsOptions>(
        new XmsEmulator(new EmulatorOptions { TimeProvider = clock }) { ListsWithPaging = HasPaging },
        clock,
        (options, own) => options.AccessToken = own.Secret,
        XmsVendor.Instance,
        user: new Dictionary<string, string>
            { [nameof(XmsOptions.Username)] = XmsEmulator.Username, [nameof(XmsOptions.Password)] = XmsEmulator.Password.Reveal() });
}
