using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Tokenwright;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace TestingYourCode;

/// <summary>
/// Two ways to test code that uses tokens: the in-memory client for its logic, and an emulator for the HTTP calls.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RotationTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<TokenSecret> _stored = [];

    [TestCase(31, false)]
    [TestCase(30, true)]
    public async Task A_token_is_replaced_when_it_expires_soon(int daysLeft, bool isReplaced)
    {
        using var tokens = new InMemoryTokenClient(new() { TimeProvider = _clock });
        var old = tokens.Add(new EmulatedToken { Name = "build", Scopes = ["read"], ExpiresAt = _clock.GetUtcNow().AddDays(daysLeft) });

        var replacement = await new Rotation(tokens, _clock).RotateAsync(old.Id!, TimeSpan.FromDays(30), StoreAsync);

        Assert.That((replacement is not null, old.IsRevoked), Is.EqualTo((isReplaced, isReplaced)));
        Assert.That(_stored, Is.EqualTo(tokens.Tokens.Except([old]).Select(token => token.Secret)));
    }

    [Test]
    public void The_old_token_stays_when_the_new_secret_can_t_be_stored()
    {
        using var tokens = new InMemoryTokenClient(new() { TimeProvider = _clock });
        var old = tokens.Add(new EmulatedToken { Name = "build", ExpiresAt = _clock.GetUtcNow().AddDays(1) });

        Assert.That(() => new Rotation(tokens, _clock).RotateAsync(
            old.Id!, TimeSpan.FromDays(30), _ => throw new IOException("vault is sealed")), Throws.InstanceOf<IOException>());
        Assert.That(old.IsRevoked, Is.False);
    }

    [Test]
    public async Task A_create_whose_response_is_lost_leaves_no_token_behind()
    {
        using var emulator = new SailPointEmulator(new() { TimeProvider = _clock });
        var old = emulator.Add(
            new EmulatedToken { Name = "build", Scopes = ["sp:scopes:default"], ExpiresAt = _clock.GetUtcNow().AddDays(1) });
        emulator.Faults.Inject(Fault.Cut(afterBytes: 120), method: "POST", path: "/v2025/personal-access-tokens");

        // The clock stands still, so the SDK looks for the lost token once.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(emulator.ConnectionSettings!)
            .AddInMemoryCollection([new(nameof(SailPointOptions.CreationSettleTime), "00:00:00")]).Build();
        await using var provider = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddTokenwright()
            .AddSailPoint("identity", configuration).Services.BuildServiceProvider();

        var replacement = await new Rotation(provider.GetRequiredKeyedService<ITokenClient>("identity"), _clock)
            .RotateAsync(old.Id!, TimeSpan.FromDays(30), StoreAsync);

        Assert.That(emulator.Tokens.Where(token => token.Name!.StartsWith("build", StringComparison.Ordinal)).Select(
            token => (token.Id, token.Secret)), Is.EqualTo(new[] { (replacement!.Id, _stored.Single()) }));
    }

    private Task StoreAsync(TokenSecret secret)
    {
        _stored.Add(secret);
        return Task.CompletedTask;
    }
}
