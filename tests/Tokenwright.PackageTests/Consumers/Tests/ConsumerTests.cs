using NUnit.Framework;
using Tokenwright;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

public sealed class ConsumerTests
{
    [Test]
    public async Task A_token_is_issued_and_revoked_at_the_emulator()
    {
        using var emulator = new SailPointEmulator();
        using var tokens = new SailPointTokenClient("identity", new SailPointOptions
        {
            BaseAddress = new Uri(emulator.ConnectionSettings["BaseAddress"]),
            ClientId = emulator.ConnectionSettings["ClientId"],
            ClientSecret = new TokenSecret(emulator.ConnectionSettings["ClientSecret"]),
        });

        var issued = await tokens.CreateAsync(new CreateTokenRequest
            { Name = "consumer", Scopes = [new("sp:scopes:default")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) });
        await tokens.RevokeAsync(TokenReference.ById(issued.Token.Id!));

        Assert.That(emulator.Tokens.Select(token => token.Name), Has.None.EqualTo("consumer"));
    }
}
