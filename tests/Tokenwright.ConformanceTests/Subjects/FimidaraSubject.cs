using System.Net;
using Tokenwright.ConformanceTests.Faults;
using Tokenwright.Fimidara;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Tokenwright.ConformanceTests.Subjects;

/// <summary>What the kinds of fimidara's tokens have in common.</summary>
internal abstract class FimidaraSubject(TokenKind kind) : ShippedSubject
{
    private static readonly VendorException[] AgentTokens =
    [
        new(
            "A lost token is looked for by its key, and 404 says that it isn't there yet: it is looked for again.",
            situation => situation is { Target: Target.Search, IsAlways: false }
                && VendorException.IsRefused(situation, HttpStatusCode.NotFound),
            promise => promise with { Exception = null, Requests = 2, MostRequests = 2, Unknown = null }),
        new(
            "Until the settle time has passed.",
            situation => situation is { Target: Target.Search, IsAlways: true }
                && VendorException.IsRefused(situation, HttpStatusCode.NotFound),
            promise => promise with { Requests = 7, MostRequests = 7 }),
        new(
            "What is there before a create is looked for by its key too, and 404 says that nothing is.",
            situation => situation.Target == Target.LookForKnown && VendorException.IsRefused(situation, HttpStatusCode.NotFound),
            promise => promise with { Exception = null, MainRequests = 1, IsDone = true }),
        new(
            "That 404 counts although its body breaks off.",
            situation => situation is { Target: Target.LookForKnown, Fault: { IsInBody: true, Holds: false } },
            promise => promise with { Exception = null, Requests = 1, MainRequests = 1, IsDone = true }),
    ];

    private static readonly VendorException[] OlderTokens =
    [
        new(
            "These servers refuse a token with a page.",
            situation => situation is { Operation: TokenOperation.Validate, Fault.Status: HttpStatusCode.Unauthorized, Fault.IsPage: true },
            promise => promise with { Exception = null, Verdict = TokenVerdict.Unknown }),
    ];

    private static readonly VendorException[] PagedLists =
    [
        new(
            "A lost token is looked for in a list of pages, which ends with an empty one: each look takes two requests.",
            situation => situation is { Target: Target.Search or Target.LookForKnown, IsAlways: false },
            promise => promise with { Requests = (2 * promise.Requests) - 1, MostRequests = (2 * promise.MostRequests) - 1 }),
    ];

    public override TokenVendor Vendor => FimidaraVendor.Instance;

    public override Type ClientType => typeof(FimidaraTokenClient);

    // The descriptor and the emulator name the kinds with the same words: ClientAssignedToken2023, client-assigned token 2023.
    public override TokenCapabilities ReadCapabilities()
    {
        var name = string.Concat(kind.ToString().Where(char.IsLetterOrDigit));
        var options = Vendor.Kinds.Single(option => string.Equals(option.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
        return Vendor.GetCapabilities(options);
    }

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Key | TokenMembers.Name | TokenMembers.Description
            | TokenMembers.OwnerId | TokenMembers.CreatedAt | TokenMembers.ExpiresAt;

    public override TokenMembers Changeable => TokenMembers.Key | TokenMembers.Name | TokenMembers.Description | TokenMembers.ExpiresAt;

    public override (string Name, string Json)? Unreadable => ("createdAt", "\"6 months ago\"");

    public override string? ExpiryMember => kind == FimidaraEmulator.AgentToken ? "expiresAt" : "expires";

    // fimidara refuses every JWT in the same way, whatever the cause. Only the older servers report a deleted token.
    public override TokenVerdict VerdictOf(TokenFate fate) => fate switch
    {
        TokenFate.Active => TokenVerdict.Active,
        TokenFate.Revoked when kind != FimidaraEmulator.AgentToken => TokenVerdict.Revoked,
        _ => TokenVerdict.Unknown,
    };

    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Description = "made by a test", Key = NextKey(), Expiry = expiry };

    public override (CreateTokenRequest Request, string[] Fields) Wrong =>
    (
        new() { Name = new string('n', 151), Description = new string('d', 701), Scopes = [new("no place for it")],
            Roles = [new("nor for this")] },
        [nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Description), nameof(CreateTokenRequest.Scopes),
            nameof(CreateTokenRequest.Roles), nameof(CreateTokenRequest.Expiry)]
    );

    public override void Prepare(EmulatedToken token) => token.Kind = kind;

    public override IReadOnlyList<VendorException> FaultExceptions =>
    [
        new(
            "A second deletion finds nothing any more, which its status tells although its body breaks off too.",
            situation => situation is { IsAlways: true, Fault: { IsInBody: true, Holds: false } }
                && (situation.Operation == TokenOperation.Revoke
                    || situation is { Target: Target.Settlement, Action: UnknownOutcomeAction.RevokeOrphan }),
            promise => promise.Unknown is { } unknown
                ? promise with { Requests = 2, IsTransient = true, Unknown = unknown with { IsOrphanRevoked = true } }
                : promise with { Exception = null, Requests = 2, MainRequests = 2 }),
        new(
            "A deletion needs nothing of its response: a success without a body says that it is done.",
            situation => situation is { Operation: TokenOperation.Revoke, Target: Target.Main, Fault.IsEmptySuccess: true },
            promise => promise with { Exception = null }),
        .. kind == FimidaraEmulator.AgentToken ? AgentTokens : OlderTokens,
        .. kind == FimidaraEmulator.ClientAssignedToken2023 || kind == FimidaraEmulator.ProgramAccessToken2023 ? PagedLists : [],
    ];

    public override ConformanceStage Start(TimeProvider clock)
    {
        var emulator = new FimidaraEmulator(new EmulatorOptions { TimeProvider = clock });
        return new ProgramStage<FimidaraOptions>(
            emulator,
            clock,
            (options, own) => options.Token = own.Secret,
            FimidaraVendor.Instance,
            emulator.SettingsFor(kind));
    }
}
