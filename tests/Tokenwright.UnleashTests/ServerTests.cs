using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tokenwright.Testing.Conformance;
using Tokenwright.UnitTests;
using Unleash.Tokens;
using Unleash.Tokens.Api;
using Unleash.Tokens.Tests;

namespace Tokenwright.UnleashTests;

/// <summary>Runs the conformance suite against the real server, and checks what the spec says about it.</summary>
internal sealed class ServerTests
{
    // The server refuses a deleted or expired token when it has read its tokens again, once a minute.
    private static readonly TimeSpan Cached = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = Cached + TimeSpan.FromSeconds(30);

    // The records of these cases have members and values that this server doesn't send.
    private static readonly string[] Foreign =
    [
        "Unknown members are kept", "A value that cannot be read is null and kept", "An expiry that cannot be read makes the state unknown",
        "A time that is zero is no last use",
    ];

    private static readonly UnleashSubject Subject = new(clock => new ServerStage(UnleashServer.Running, clock));

    private UnleashTokenClient _tokens = null!;

    private static IEnumerable<ConformanceCase> Cases
        => ConformanceSuite.CasesOf(Subject).Where(one => !Foreign.Any(name => one.Name.StartsWith(name, StringComparison.Ordinal)));

    [SetUp]
    public void Open()
    {
        new ServerStage(UnleashServer.Running, TimeProvider.System).Clear();
        _tokens = UnleashServer.Running.Open();
    }

    [TearDown]
    public void Close() => _tokens.Dispose();

    [TestCaseSource(nameof(Cases))]
    public Task It_conforms(ConformanceCase one) => one.RunAsync();

    [Test]
    public void The_server_is_the_version_that_the_spec_describes() => Assert.That(UnleashServer.Running.Version, Is.EqualTo("6.10.1"));

    // The vendor's own description of the server, and what it sends, know every member of the sample's spec.
    [Test]
    public async Task The_members_of_the_spec_are_the_vendors_own()
    {
        using var http = new HttpClient { BaseAddress = _tokens.Metadata.BaseAddress };
        var described = await http.GetFromJsonAsync<JsonElement>("docs/openapi.json");
        var paths = described.GetProperty("paths");

        string[] Members(Type model) => [.. model.GetProperties().Select(
            property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name).OfType<string>()];
        var theirs = described.GetProperty("components").GetProperty("schemas").GetProperty("apiTokenSchema").GetProperty("properties");
        Assert.That(Members(typeof(Token)), Is.SubsetOf(theirs.EnumerateObject().Select(member => member.Name)).And.Length.EqualTo(11));
        Assert.That(Methods("/api/admin/api-tokens"), Is.SupersetOf(new[] { "get", "post" }));
        Assert.That(Methods("/api/admin/api-tokens/{token}"), Is.SupersetOf(new[] { "put", "delete" }));
        Assert.That(Methods("/api/admin/user"), Does.Contain("get"));

        IEnumerable<string> Methods(string path) => paths.GetProperty(path).EnumerateObject().Select(method => method.Name);
    }

    [Test]
    public async Task Two_tokens_may_have_one_name()
    {
        var first = await CreateAsync();
        var second = await CreateAsync();

        Assert.That((await _tokens.ListAsync().ToListAsync()).Select(token => (token.Name, token.Id)),
            Is.EquivalentTo(new[] { ("build", first.Token.Id), ("build", second.Token.Id) }));
    }

    [Test]
    public async Task A_deleted_token_works_until_the_server_reads_its_tokens_again()
    {
        var (token, other) = (await CreateAsync(), await CreateAsync());
        await _tokens.RevokeAsync(TokenReference.ById(token.Token.Id!));
        var since = Stopwatch.GetTimestamp();
        if (!await WorksAsync(token))
        {
            // The server has just read its tokens, and will not do so again within this second.
            await _tokens.RevokeAsync(TokenReference.ById(other.Token.Id!));
            (token, since) = (other, Stopwatch.GetTimestamp());
            Assert.That(await WorksAsync(token));
        }

        await EventuallyAsync(async () => !await WorksAsync(token));
        var alive = Stopwatch.GetElapsedTime(since);
        TestContext.Out.WriteLine($"The deleted token worked for {alive.TotalSeconds:F1} s.");
        Assert.That(alive, Is.LessThan(Cached + TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task An_expired_token_works_until_the_server_reads_its_tokens_again_and_can_be_extended()
    {
        var lifetime = TimeSpan.FromSeconds(2);
        var token = await CreateAsync(TokenExpiry.After(lifetime));
        var reference = TokenReference.ById(token.Token.Id!);
        await EventuallyAsync(async () => (await _tokens.GetAsync(reference)).State == TokenState.Expired);

        await EventuallyAsync(async () =>
        {
            await UnleashServer.Running.RunAsync("fetchActiveTokens");
            return !await WorksAsync(token);
        });
        var extended = await _tokens.UpdateAsync(reference, new UpdateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) });
        await UnleashServer.Running.RunAsync("fetchActiveTokens");

        Assert.That((extended.State, await WorksAsync(token)), Is.EqualTo((TokenState.Active, true)));
    }

    [Test]
    public async Task A_use_is_written_later_with_the_time_of_writing()
    {
        var token = await CreateAsync();
        await WorksAsync(token);
        await UnleashServer.Running.RunAsync("updateLastSeen");

        var lastUsed = (await _tokens.GetAsync(TokenReference.BySecret(token.Secret))).LastUsedAt;
        Assert.That(lastUsed - token.Token.CreatedAt, Is.GreaterThanOrEqualTo(TimeSpan.Zero).And.LessThan(Patience));
    }

    [Test]
    public async Task The_limit_of_tokens_is_reported()
    {
        var stage = new ServerStage(UnleashServer.Running, TimeProvider.System);
        for (var number = 0; number < 2000; number++)
            stage.Add(new() { Name = "one of many", ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(-1) });

        var refusal = Assert.ThrowsAsync<TokenInvalidRequestException>(() => CreateAsync())!;
        Assert.That(refusal.VendorErrorCode, Is.EqualTo("ExceedsLimitError"));
        await _tokens.RevokeAsync(TokenReference.ById(stage.Tokens[0].Id!));
        Assert.That(await WorksAsync(await CreateAsync()));
    }

    // The token was created, and nobody received its secret.
    [Test]
    public async Task A_create_whose_response_is_lost_leaves_no_token_behind()
    {
        var left = 1;
        using var transport = new ServerTransport(() => { }, method => method == HttpMethod.Post && Interlocked.Decrement(ref left) == 0
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded) : Task.CompletedTask);
        using var tokens = UnleashServer.Running.Open(
            environment: new ConnectionEnvironment { Transport = transport }, settleTime: TimeSpan.FromSeconds(1));

        var issued = await tokens.CreateAsync(new CreateTokenRequest(Subject.Request("build", TokenExpiry.Never))
            { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });

        Assert.That((await tokens.ListAsync().ToListAsync()).Select(token => token.Id), Is.EqualTo(new[] { issued.Token.Id }));
        Assert.That(await WorksAsync(issued));
    }

    // To a person's token, an environment that doesn't exist is one without permission.
    [TestCase("admin", "development", "OperationDeniedError")]
    [TestCase("client", "nowhere", "PermissionError")]
    public void A_refused_create_has_the_vendors_code(string role, string environment, string code)
    {
        var refusal = Assert.ThrowsAsync<TokenPermissionException>(() => _tokens.CreateAsync(new CreateTokenRequest
            { Name = "build", Expiry = TokenExpiry.Never, Roles = [new(role)], Scopes = [new($"*:{environment}")] }))!;

        Assert.That((refusal.Status, refusal.VendorErrorCode), Is.EqualTo((HttpStatusCode.Forbidden, code)), refusal.VendorMessage);
    }

    // The server wants the secret in the path, also of a token that the caller names by its id.
    [Test]
    public async Task The_secret_in_the_path_is_in_no_log()
    {
        using var log = new LineLog();
        using var tokens = UnleashServer.Running.Open(environment: new ConnectionEnvironment { LoggerFactory = log });
        var token = await CreateAsync();
        var reference = TokenReference.ById(token.Token.Id!);

        await tokens.UpdateAsync(reference, new UpdateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) });
        await tokens.RevokeAsync(reference);

        Assert.That(log.Lines, Has.Some.Contains("PUT /api/admin/api-tokens/").And.Some.Contains("DELETE /api/admin/api-tokens/"));
        Assert.That(log.Lines, Has.None.Contains(token.Secret.Reveal()[^56..]));
    }

    private Task<IssuedToken> CreateAsync(TokenExpiry? expiry = null)
        => _tokens.CreateAsync(Subject.Request("build", expiry ?? TokenExpiry.Never));

    private async Task<bool> WorksAsync(IssuedToken token)
        => (await _tokens.ValidateAsync(TokenReference.BySecret(token.Secret))).IsActive;

    // The server is another process with a clock of its own.
    private static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        for (var since = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System))
            Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(Patience));
    }
}
