using System.Net;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Subjects;

internal sealed class ExtremeCloudIQSubject : ShippedSubject
{
    public override string Name => "ExtremeCloud IQ";

    public override TokenVendor Vendor => ExtremeCloudIQVendor.Instance;

    public override Type ClientType => typeof(ExtremeCloudIQTokenClient);

    public override TokenMembers Shown
        => TokenMembers.OwnerId | TokenMembers.Scopes | TokenMembers.Roles | TokenMembers.CreatedAt | TokenMembers.ExpiresAt;

    public override TokenMembers ShownByCreate => (Shown & ~TokenMembers.Roles) | TokenMembers.Description;

    public override RevocationOutcome Revocation => RevocationOutcome.SessionEnded;

    public override (string Name, string Json)? Unreadable => ("issued_at", "\"6 months ago\"");

    public override string? ExpiryMember => "expiration_time";

    public override string OtherOwner => "42";

    // The validation's error has no body, so it doesn't show the cause.
    public override TokenVerdict VerdictOf(TokenFate fate) => fate == TokenFate.Active ? TokenVerdict.Active : TokenVerdict.Unknown;

    // Tokens have no name here.
    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Description = name, Scopes = [new("auth:r"), new("logout")], Expiry = expiry };

    public override (CreateTokenRequest Request, string[] Fields) Wrong =>
    (
        new() { Name = "no place for it", Key = "nor for this", Roles = [new("nor for that")] },
        [nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Key), nameof(CreateTokenRequest.Roles),
            nameof(CreateTokenRequest.Scopes), nameof(CreateTokenRequest.Expiry)]
    );

    // The permissions that a token needs to be read and revoked.
    public override void Prepare(EmulatedToken token)
    {
        if (token.Scopes.Count == 0)
            token.Scopes = ["auth:r", "logout"];
    }

    public override (string Method, string Path)? Exchange => ("POST", "/login");

    public override IReadOnlyList<VendorException> FaultExceptions { get; } =
    [
        VendorException.Throws<TokenNotFoundException>(
            "A token is read and ended with its own value, so it is that token that is refused.",
            situation => situation is { Operation: TokenOperation.Get or TokenOperation.Revoke, KnowsSecret: true },
            HttpStatusCode.Unauthorized),
        new(
            "The vendor says with it that the token doesn't work, unless it refuses the connection's own token, too.",
            situation => IsRefusedValidation(situation) && !(situation.KnowsSecret && situation.IsAlways),
            promise => promise with { Exception = null, Verdict = TokenVerdict.Unknown }),
        new(
            "It can be about the connection's own token, which is then validated as well.",
            situation => IsRefusedValidation(situation) && situation.KnowsSecret,
            promise => promise with { Requests = 2, MainRequests = 2 }),
        new(
            "The same status with somebody else's page says nothing of the token.",
            situation => situation is { Operation: TokenOperation.Validate, Fault: { Status: HttpStatusCode.Unauthorized, IsPage: true } },
            promise => promise with { Exception = null, Verdict = TokenVerdict.Undetermined }),
    ];

    private static bool IsRefusedValidation(Situation situation)
        => situation is { Operation: TokenOperation.Validate, Target: Target.Main }
        && VendorException.IsRefused(situation, HttpStatusCode.Unauthorized);

    public override ConformanceStage Start(TimeProvider clock) => new ProgramStage<ExtremeCloudIQOptions>(
        new ExtremeCloudIQEmulator(new EmulatorOptions { TimeProvider = clock }),
        clock,
        (options, own) => options.ApiToken = own.Secret,
        ExtremeCloudIQVendor.Instance,
        user: new Dictionary<string, string> { [nameof(ExtremeCloudIQOptions.Username)] = ExtremeCloudIQEmulator.Username,
            [nameof(ExtremeCloudIQOptions.Password)] = ExtremeCloudIQEmulator.Password.Reveal() });
}
