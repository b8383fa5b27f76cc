using Tokenwright;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Unleash.Tokens.Tests;

/// <summary>Describes Unleash to the conformance suite: what it can't know from the capabilities.</summary>
/// <param name="server">Starts another server than the emulator.</param>
internal sealed class UnleashSubject(Func<TimeProvider, ConformanceStage>? server = null) : ConformanceSubject
{
    public override string Name => "Unleash";

    public override Type ClientType => typeof(UnleashTokenClient);

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Name | TokenMembers.Roles | TokenMembers.Scopes | TokenMembers.CreatedAt | TokenMembers.ExpiresAt
            | TokenMembers.LastUsedAt;

    public override TokenMembers Changeable => TokenMembers.ExpiresAt;

    public override bool CanRemoveExpiry => false;

    public override (string Name, string Json)? Unreadable => ("createdAt", "\"6 months ago\"");

    public override string? ExpiryMember => "expiresAt";

    public override string? LastUseMember => "seenAt";

    public override (CreateTokenRequest Request, string[] Fields) Wrong
        => (new() { Description = "no place for it", Scopes = [new("default:development"), new("default:production")] },
            [nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Description), nameof(CreateTokenRequest.Expiry),
                nameof(CreateTokenRequest.Roles), nameof(CreateTokenRequest.Scopes)]);

    // Unleash accepts a valid token, and refuses all others in the same way.
    public override TokenVerdict VerdictOf(TokenFate fate) => fate == TokenFate.Active ? TokenVerdict.Active : TokenVerdict.Unknown;

    public override CreateTokenRequest Request(string name, TokenExpiry expiry)
        => new() { Name = name, Expiry = expiry, Roles = [new("client")], Scopes = [new("default:development")] };

    public override ConformanceStage Start(TimeProvider clock)
    {
        if (server is not null)
            return server(clock);
        var emulator = new UnleashEmulator(new EmulatorOptions { TimeProvider = clock });
        return new EmulatorStage(
            emulator, (own, transport) => new UnleashTokenClient(
                "conformance", OptionsFor(emulator, own), new() { Transport = transport, TimeProvider = clock }));
    }

    private static UnleashOptions OptionsFor(UnleashEmulator emulator, EmulatedToken? own) => new()
    {
        BaseAddress = emulator.BaseAddress,
        AccessToken = own?.Secret ?? new TokenSecret(emulator.ConnectionSettings[nameof(UnleashOptions.AccessToken)]),

        // The clock of the suite stands still, so a retry would wait for ever.
        MaxRetries = 0,
    };
}
