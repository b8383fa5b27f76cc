using System.Net;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Subjects;

internal class SailPointSubject : ShippedSubject
{
    public override string Name => "SailPoint";

    public override TokenVendor Vendor => SailPointVendor.Instance;

    public override Type ClientType => typeof(SailPointTokenClient);

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Name | TokenMembers.OwnerId | TokenMembers.Scopes
            | TokenMembers.CreatedAt | TokenMembers.ExpiresAt | TokenMembers.LastUsedAt;

    public override TokenMembers Changeable => TokenMembers.Name | TokenMembers.Scopes | TokenMembers.ExpiresAt;

    public override (string Name, string Json)? Unreadable => ("created", "\"6 months ago\"");

    public override string? ExpiryMember => "expirationDate";

    public override string? LastUseMember => "lastUsed";

    public override string OtherOwner => "2c9180a46faadee4016fb4e018c20640";

    // The token endpoint refuses every credential in the same way, whatever the cause.
    public override TokenVerdict VerdictOf(TokenFate fate) => fate == TokenFate.Active ? TokenVerdict.Active : TokenVerdict.Unknown;

    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Scopes = [new("sp:scopes:default")], Expiry = expiry };

    public override (CreateTokenRequest Request, string[] Fields) Wrong
        => (new() { Description = "no place for it", Key = "nor for this" }, [nameof(CreateTokenRequest.Name),
            nameof(CreateTokenRequest.Description), nameof(CreateTokenRequest.Key), nameof(CreateTokenRequest.Expiry)]);

    public override (string Method, string Path)? Exchange => ("POST", "/oauth/token");

    public override IReadOnlyList<VendorException> FaultExceptions { get; } =
    [
        VendorException.Verdict("The token endpoint says with either that the token doesn't work.", TokenVerdict.Unknown,
            HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized),
    ];

    /// <summary>Gets the version in the connection's settings; null for the default.</summary>
    protected virtual string? Version => null;

    public override ConformanceStage Start(TimeProvider clock)
    {
        var emulator = new SailPointEmulator(new EmulatorOptions { TimeProvider = clock });
        var settings = new Dictionary<string, string>(emulator.ConnectionSettings);
        if (Version is { } version)
            settings[nameof(SailPointOptions.ApiVersion)] = version;
        return new ProgramStage<SailPointOptions>(
            emulator,
            clock,
            (options, own) => (options.ClientId, options.ClientSecret) = (own.Id, own.Secret),
            SailPointVendor.Instance,
            settings);
    }
}
