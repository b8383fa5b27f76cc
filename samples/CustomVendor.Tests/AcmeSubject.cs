using Tokenwright;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Acme.Tokens.Tests;

/// <summary>Describes Acme to the conformance suite: what it can't know from the capabilities.</summary>
internal sealed class AcmeSubject : ConformanceSubject
{
    public override string Name => "Acme";

    public override Type ClientType => typeof(AcmeTokenClient);

    public override TokenMembers Shown
        => TokenMembers.Id | TokenMembers.Name | TokenMembers.OwnerId | TokenMembers.CreatedAt | TokenMembers.ExpiresAt;

    public override TokenMembers Changeable => TokenMembers.Name;

    public override (string Name, string Json)? Unreadable => ("created_at", "\"6 months ago\"");

    public override (CreateTokenRequest Request, string[] Fields) Wrong
        => (new() { Description = "no place for it", Expiry = TokenExpiry.After(TimeSpan.FromDays(1000)) },
            [nameof(CreateTokenRequest.Name), nameof(CreateTokenRequest.Description), nameof(CreateTokenRequest.Expiry)]);

    // Acme accepts a valid key, and refuses all others in the same way.
    public override TokenVerdict VerdictOf(TokenFate fate) => fate == TokenFate.Active ? TokenVerdict.Active : TokenVerdict.Unknown;

    public override CreateTokenRequest Request(string name, TokenExpiry expiry) => new() { Name = name, Expiry = expiry };

    public override ConformanceStage Start(TimeProvider clock)
    {
        var emulator = new AcmeEmulator(new EmulatorOptions { TimeProvider = clock });
        return new EmulatorStage(
            emulator, (own, transport) => new AcmeTokenClient(
                "conformance", OptionsFor(emulator, own), new() { Transport = transport, TimeProvider = clock }));
    }

    private static AcmeOptions OptionsFor(AcmeEmulator emulator, EmulatedToken? own) => new()
    {
        BaseAddress = emulator.BaseAddress,
        ApiKey = own?.Secret ?? new TokenSecret(emulator.ConnectionSettings[nameof(AcmeOptions.ApiKey)]),

        // The clock of the suite stands still, so a retry would wait for ever.
        MaxRetries = 0,
    };
}
