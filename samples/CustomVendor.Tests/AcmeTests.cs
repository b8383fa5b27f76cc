using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Acme.Tokens.Tests;

/// <summary>Runs the conformance suite, and tests what is specific to Acme.</summary>
internal sealed class AcmeTests
{
    private static IEnumerable<ConformanceCase> Cases => ConformanceSuite.CasesOf(new AcmeSubject());

    [TestCaseSource(nameof(Cases))]
    public Task It_conforms(ConformanceCase one) => one.RunAsync();

    [Test]
    public async Task A_create_whose_response_is_lost_leaves_no_token_behind()
    {
        using var emulator = new AcmeEmulator();
        emulator.Faults.Inject(Fault.Cut(afterBytes: 120), method: "POST");
        using var tokens = Open(emulator);

        var issued = await tokens.CreateAsync(new CreateTokenRequest
            { Name = "build", Expiry = TokenExpiry.Never, IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });

        Assert.That(emulator.Tokens.Select(token => token.Secret), Is.EqualTo(new[] { issued.Secret }));
    }

    [Test]
    public void An_error_contains_the_vendor_s_message()
    {
        using var emulator = new AcmeEmulator();
        using var tokens = Open(emulator);

        var failure = Assert.ThrowsAsync<TokenNotFoundException>(() => tokens.GetAsync(TokenReference.ById("tok_none")))!;

        Assert.That((failure.VendorErrorCode, failure.VendorMessage, failure.VendorRequestId),
            Is.EqualTo(("no_such_token", "There is no such token.", "req_1")));
    }

    [TestCase("<html>welcome</html>", "text/html")]
    [TestCase("{\"tokens\":[", "application/json")]
    [TestCase("[\"welcome\"]", "application/json")]
    public void An_unreadable_success_is_reported_without_its_content(string body, string type)
    {
        using var emulator = new AcmeEmulator();
        emulator.Faults.Inject(Fault.Respond(VendorResponse.Bytes(200, System.Text.Encoding.UTF8.GetBytes(body), type)), path: "/tokens");
        using var tokens = Open(emulator);

        Assert.That(async () => await tokens.ListAsync().CountAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Not.Contains(body));
    }

    [Test]
    public async Task Acme_is_registered_like_any_other_vendor()
    {
        using var emulator = new AcmeEmulator();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(emulator.ConnectionSettings!).Build();
        await using var provider = new ServiceCollection().AddTokenwright().AddAcme("acme", configuration).Services.BuildServiceProvider();

        Assert.That(
            (await provider.GetRequiredKeyedService<ITokenClient>("acme").GetAsync(TokenReference.Self)).Name, Is.EqualTo("emulator"));
    }

    private static AcmeTokenClient Open(AcmeEmulator emulator)
        => new("test", new AcmeOptions
        {
            BaseAddress = emulator.BaseAddress,
            ApiKey = new TokenSecret(emulator.ConnectionSettings[nameof(AcmeOptions.ApiKey)]),
            RetryDelay = TimeSpan.FromMilliseconds(1),
            CreationSettleTime = TimeSpan.Zero, // the emulator lists a new token immediately
        });
}
