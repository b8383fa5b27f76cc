using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright;
using Tokenwright.Testing;
using Tokenwright.Testing.Conformance;

namespace Unleash.Tokens.Tests;

/// <summary>Runs the conformance suite, and tests what is specific to Unleash.</summary>
internal sealed class UnleashTests
{
    private static IEnumerable<ConformanceCase> Cases => ConformanceSuite.CasesOf(new UnleashSubject());

    [TestCaseSource(nameof(Cases))]
    public Task It_conforms(ConformanceCase one) => one.RunAsync();

    private static CreateTokenRequest Request => new UnleashSubject().Request("build", TokenExpiry.Never);

    [Test]
    public async Task A_create_whose_response_is_lost_leaves_no_token_behind()
    {
        using var emulator = new UnleashEmulator();
        emulator.Faults.Inject(Fault.Cut(afterBytes: 120), method: "POST");
        using var tokens = Open(emulator);

        var issued = await tokens.CreateAsync(
            new CreateTokenRequest(Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });

        Assert.That(emulator.Tokens.Select(token => token.Secret), Is.EqualTo(new[] { issued.Secret }));
    }

    [Test]
    public async Task The_secret_in_the_path_and_in_the_list_is_shown_nowhere()
    {
        using var emulator = new UnleashEmulator();
        using var tokens = Open(emulator);
        var issued = await tokens.CreateAsync(Request);
        var (digits, echo) = (issued.Secret.Reveal()[^56..], $$"""{"name":"Error","message":"no {{issued.Secret.Reveal()}}"}""");
        emulator.Faults.Inject(Fault.Respond(VendorResponse.Json(400, echo)), method: "DELETE");

        var failure = Assert.CatchAsync(() => tokens.RevokeAsync(TokenReference.ById(issued.Token.Id!)))!;

        Assert.That(failure.ToString(), Does.Contain("no ").And.Not.Contains(digits));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(await tokens.GetAsync(TokenReference.BySecret(issued.Secret))),
            Does.Contain(issued.Token.Id).And.Not.Contains(digits));
    }

    [TestCase("<html>welcome</html>", "text/html")]
    [TestCase("{\"tokens\":[", "application/json")]
    [TestCase("[\"welcome\"]", "application/json")]
    public void An_unreadable_success_is_reported_without_its_content(string body, string type)
    {
        using var emulator = new UnleashEmulator();
        emulator.Faults.Inject(Fault.Respond(VendorResponse.Bytes(200, System.Text.Encoding.UTF8.GetBytes(body), type)));
        using var tokens = Open(emulator);

        Assert.That(async () => await tokens.ListAsync().CountAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Not.Contains(body));
    }

    [Test]
    public async Task Unleash_is_registered_like_any_other_vendor()
    {
        using var emulator = new UnleashEmulator();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(emulator.ConnectionSettings!).Build();
        var services = new ServiceCollection().AddTokenwright().AddUnleash("flags", configuration).Services;
        await using var provider = services.BuildServiceProvider();

        Assert.That((await provider.GetRequiredKeyedService<ITokenClient>("flags").ValidateAsync(TokenReference.Self)).IsActive);
    }

    // The emulator lists a new token immediately.
    private static UnleashTokenClient Open(UnleashEmulator emulator) => new("test", new UnleashOptions
    {
        BaseAddress = emulator.BaseAddress,
        AccessToken = new TokenSecret(emulator.ConnectionSettings[nameof(UnleashOptions.AccessToken)]),
        RetryDelay = TimeSpan.FromMilliseconds(1),
        CreationSettleTime = TimeSpan.Zero,
    });
}
