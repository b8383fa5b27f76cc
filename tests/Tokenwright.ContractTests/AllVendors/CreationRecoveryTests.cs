using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;

namespace Tokenwright.ContractTests;

/// <summary>Which tokens count as created by a create whose response is lost, and which don't.</summary>
internal sealed class CreationRecoveryTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, 900, TimeSpan.Zero));
    private readonly List<IDisposable> _opened = [];

    [TearDown]
    public void Close()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            opened.Dispose();
        _opened.Clear();
    }

    [Test]
    public async Task A_key_is_found_although_the_vendor_trims_it()
    {
        var (emulator, client) = Fimidara(FimidaraEmulator.ClientAssignedToken);
        emulator.Faults.Inject(Fault.Cut(), "POST", "*/addToken");

        var issued = await client.CreateAsync(new() { Key = " build server ", Expiry = TokenExpiry.Never });

        Assert.That(emulator.Tokens.Single().Key, Is.EqualTo("build server"));
        Assert.That(issued.Secret, Is.EqualTo(emulator.Tokens.Single().Secret));
    }

    [Test]
    public void A_name_is_found_although_the_vendor_trims_it()
    {
        var (emulator, client) = Fimidara(FimidaraEmulator.ProgramAccessToken);
        emulator.Faults.Inject(Fault.Cut(), "POST", "*/addToken");

        var unknown = Assert.ThrowsAsync<TokenOutcomeUnknownException>(() => client.CreateAsync(
            new() { Name = " build server ", Expiry = TokenExpiry.Never, IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }));

        Assert.That(unknown!.IsOrphanRevoked, Is.True);
        Assert.That(emulator.Tokens, Is.Empty);
    }

    [Test]
    public async Task A_token_with_another_key_is_not_taken_for_that_of_a_create_without_a_key()
    {
        var (emulator, client) = Fimidara(FimidaraEmulator.ClientAssignedToken);
        var startedAt = _clock.GetUtcNow();
        var request = new CreateTokenRequest { Name = "build server", Expiry = TokenExpiry.Never };
        emulator.Add(new EmulatedToken { Kind = FimidaraEmulator.ClientAssignedToken, Name = "build server", Key = "theirs" });

        var before = await client.GetService<ITokenCreationRecovery>()!.RecoverCreateAsync(request, startedAt);
        emulator.Clear();
        emulator.Faults.Inject(Fault.Cut(), "POST", "*/addToken");
        Assert.ThrowsAsync<TokenOutcomeUnknownException>(
            () => client.CreateAsync(new(request) { IfOutcomeUnknown = UnknownOutcomeAction.Throw }));
        var after = await client.GetService<ITokenCreationRecovery>()!.RecoverCreateAsync(request, startedAt);

        Assert.That((before.Issued, before.Orphans.Count), Is.EqualTo(((IssuedToken?)null, 0)));
        Assert.That(after.Issued?.Secret, Is.EqualTo(emulator.Tokens.Single().Secret));
    }

    [Test]
    public async Task A_token_that_already_had_the_key_is_the_result_and_no_orphan()
    {
        var (emulator, client) = Fimidara(FimidaraEmulator.ClientAssignedToken);
        var old = emulator.Add(new EmulatedToken
            { Kind = FimidaraEmulator.ClientAssignedToken, Name = "old", Key = "k", CreatedAt = _clock.GetUtcNow().AddDays(-1) });
        emulator.Faults.Inject(Fault.Cut(), "POST", "*/addToken", times: 2);

        var unknown = Assert.ThrowsAsync<TokenOutcomeUnknownException>(() => client.CreateAsync(
            new() { Name = "new", Key = "k", Expiry = TokenExpiry.Never, IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }));
        var issued = await client.CreateAsync(new() { Name = "newer", Key = "k", Expiry = TokenExpiry.Never });

        Assert.That((unknown!.IsOrphanRevoked, unknown.Orphans.Count), Is.EqualTo((false, 0)));
        Assert.That((emulator.Tokens.Single(), old.Name), Is.EqualTo((old, "newer")));
        Assert.That((issued.Token.Id, issued.Secret), Is.EqualTo((old.Id, old.Secret)));
    }

    [TestCase("tokenwright-build-server")]
    [TestCase("build server")]
    public async Task A_token_that_already_had_the_callers_key_is_not_revoked(string key)
    {
        var (emulator, client) = Fimidara(FimidaraEmulator.AgentToken);
        var old = emulator.Add(new EmulatedToken { Key = key, CreatedAt = _clock.GetUtcNow().AddDays(-1) });

        var resolution = await client.GetService<ITokenCreationRecovery>()!.RecoverCreateAsync(
            new() { Key = key, Expiry = TokenExpiry.Never, IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }, _clock.GetUtcNow());

        Assert.That((resolution.IsOrphanRevoked, resolution.Orphans.Single().Id), Is.EqualTo((false, old.Id)));
        Assert.That(resolution.Remark, Does.Contain("created before the call"));
        Assert.That(emulator.Tokens, Is.EqualTo(new[] { old }));
    }

    [Test]
    public async Task An_orphan_of_ExtremeCloud_IQ_expires_no_later_than_reported()
    {
        var emulator = Opened(new ExtremeCloudIQEmulator(new() { TimeProvider = _clock }));
        var client =
            Opened(new ExtremeCloudIQTokenClient(
                "c", Options<ExtremeCloudIQOptions>(emulator.ConnectionSettings), new() { TimeProvider = _clock }));

        await AssertLivesUntil(client, emulator, new() { Scopes = [new("auth:r")], Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) });
    }

    [Test]
    public async Task An_orphan_of_VMware_expires_no_later_than_reported()
    {
        var emulator = Opened(new VMwareCloudEmulator(new() { TimeProvider = _clock }));
        var client =
            Opened(new VMwareCloudTokenClient(
                "c", Options<VMwareCloudOptions>(emulator.ConnectionSettings), new() { TimeProvider = _clock }));

        await AssertLivesUntil(
            client, emulator, new() { Scopes = [new("openid")], Expiry = TokenExpiry.After(TimeSpan.FromHours(1)),
                IdToken = VMwareCloudEmulator.IdToken });
    }

    // The time passes between the client's note of it and the request.
    private async Task AssertLivesUntil(ITokenClient client, VendorEmulator emulator, CreateTokenRequest request)
    {
        var startedAt = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        await client.CreateAsync(request);

        var resolution = await client.GetService<ITokenCreationRecovery>()!.RecoverCreateAsync(request, startedAt);

        Assert.That(resolution.OrphanExpiresAt,
            Is.InRange(emulator.Tokens[^1].ExpiresAt!.Value, emulator.Tokens[^1].ExpiresAt!.Value.AddSeconds(31)));
    }

    [Test]
    public void An_emulator_on_a_reused_port_does_not_reuse_ids([Values("Fimidara", "SailPoint", "Xms")] string vendor)
    {
        var first = Opened(VendorEmulators.Start(vendor, new() { TimeProvider = _clock }));
        var before = first.Add(new() { Name = "before" }).Id;
        first.Dispose();

        var second = Opened(VendorEmulators.Start(vendor, new() { TimeProvider = _clock, Port = first.BaseAddress.Port }));

        Assert.That(second.Tokens.Append(second.Add(new() { Name = "after" })).Select(token => token.Id), Has.None.EqualTo(before));
    }

    [Test]
    public async Task Tokens_of_an_earlier_emulator_on_the_port_hide_no_orphan([Values] bool hasOwnClock)
    {
        var request = new CreateTokenRequest { Key = "build server", Expiry = TokenExpiry.Never };
        var (first, before) = Fimidara(FimidaraEmulator.ClientAssignedToken);
        await before.CreateAsync(request);
        first.Dispose();
        var (second, after) = Fimidara(FimidaraEmulator.ClientAssignedToken, first.BaseAddress.Port,
            hasOwnClock ? new FakeTimeProvider(_clock.GetUtcNow()) : null);
        second.Faults.Inject(Fault.Cut(), "POST", "*/addToken");

        var issued = await after.CreateAsync(request);

        Assert.That(issued.Secret, Is.EqualTo(second.Tokens.Single().Secret));
    }

    private (FimidaraEmulator Emulator, FimidaraTokenClient Client) Fimidara(TokenKind kind, int port = 0, TimeProvider? vendorClock = null)
    {
        var emulator = Opened(new FimidaraEmulator(new() { TimeProvider = vendorClock ?? _clock, Port = port }));
        emulator.Clear();
        return (emulator,
            Opened(new FimidaraTokenClient("c", Options<FimidaraOptions>(emulator.SettingsFor(kind)), new() { TimeProvider = _clock })));
    }

    // The clock stands still, so a second search would wait for ever.
    private static TOptions Options<TOptions>(IReadOnlyDictionary<string, string> settings)
        where TOptions : ConnectionOptions
    {
        var options = new ConfigurationBuilder().AddInMemoryCollection(settings!).Build().Get<TOptions>()!;
        options.MaxRetries = 0;
        options.CreationSettleTime = TimeSpan.Zero;
        return options;
    }

    private T Opened<T>(T opened)
        where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}
