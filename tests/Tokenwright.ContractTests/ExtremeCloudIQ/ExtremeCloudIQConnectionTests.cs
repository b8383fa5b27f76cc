using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The options and capabilities of a connection to ExtremeCloud IQ.</summary>
internal sealed class ExtremeCloudIQConnectionTests : ExtremeCloudIQFixture
{
    private static readonly TestCaseData[] Unsupported =
    [
        Case(client => client.ListAsync().ToListAsync(), TokenOperation.List, "no list", "by its secret"),
        Case(client => client.GetAsync(TokenReference.ById("1")), TokenOperation.Get, "named by Id", "Secret, Self"),
        Case(client => client.ValidateAsync(TokenReference.ByIdAndSecret("1", new TokenSecret("s"))), TokenOperation.Validate,
            "named by IdAndSecret", "Secret, Self"),
        Case(client => client.UpdateAsync(TokenReference.Self, new UpdateTokenRequest()), TokenOperation.Update, "can't be changed",
            "Create another"),
        Case(client => client.RegenerateAsync(TokenReference.Self), TokenOperation.Regenerate, "never replaces", "Create another"),
        Case(client => client.RevokeAsync(TokenReference.ById("1")), TokenOperation.Revoke, "named by Id", "Secret, Self"),
    ];

    [TestCaseSource(nameof(Unsupported))]
    public void An_unsupported_operation_is_refused_before_anything_is_sent_with_a_reason(
        Func<ITokenClient, Task> call, TokenOperation operation, string reason, string alternative)
    {
        var exception = Assert.CatchAsync<TokenOperationNotSupportedException>(async () => await call(_client))!;

        Assert.That(exception.Operation, Is.EqualTo(operation));
        Assert.That(exception.Reason, Does.Contain(reason));
        Assert.That(exception.Alternative, Does.Contain(alternative));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void The_capabilities_have_the_vendors_limits()
    {
        var capabilities = _client.Metadata.Capabilities;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((capabilities.Limits.CallsPerWindow, capabilities.Limits.CallWindow),
                Is.EqualTo(((int?)7500, (TimeSpan?)TimeSpan.FromHours(1))));
            Assert.That(capabilities.Limits.MinLifetime, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(capabilities.CreationRecovery, Is.EqualTo(CreationRecovery.BoundedByExpiry));
            Assert.That(capabilities[TokenOperation.Suspend].Support, Is.EqualTo(OperationSupport.Unsupported));
            Assert.That(_client.GetService(typeof(ITokenSuspension)), Is.Null);
        }
    }

    [TestCase(null, null, null, "The credential is missing: give ApiToken, or Username and Password.")]
    [TestCase("t", "u", "p", "ApiToken is set together with Username or Password")]
    [TestCase("t", "u", null, "ApiToken is set together with Username or Password")]
    [TestCase("t", null, "p", "ApiToken is set together with Username or Password")]
    [TestCase(null, "u", null, "Password is missing")]
    [TestCase(null, " ", "p", "Username is missing")]
    public void Exactly_one_kind_of_credential_is_required(string? token, string? username, string? password, string problem)
    {
        var options = new ExtremeCloudIQOptions
        {
            ApiToken = token is null ? null : new TokenSecret(token),
            Username = username,
            Password = password is null ? null : new TokenSecret(password),
        };

        Assert.That(() => new ExtremeCloudIQTokenClient("prod", options),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(problem).And.Message.Contains("'prod'"));
    }

    [Test]
    public void The_address_has_a_default()
    {
        using var client = new ExtremeCloudIQTokenClient("prod", new ExtremeCloudIQOptions { ApiToken = new TokenSecret("t") });

        Assert.That(client.Metadata.BaseAddress, Is.EqualTo(new Uri("https://api.extremecloudiq.com/")));
    }

    [Test]
    public async Task The_gateways_address_keeps_its_path()
    {
        Respond("GET", "/xiq/v1/auth/apitoken/info", Info);
        _vendor.On("POST", "/xiq/v1/auth/apitoken/:validate", VendorResponse.Empty(200));
        using var client = Client(options => options.BaseAddress = new Uri(_vendor.BaseAddress, "xiq/v1"));

        await client.GetAsync(TokenReference.Self);
        await client.ValidateAsync(TokenReference.Self);

        Assert.That(_vendor.Requests.Select(request => request.PathAndQuery),
            Is.EqualTo(new[] { "/xiq/v1/auth/apitoken/info", "/xiq/v1/auth/apitoken/:validate" }));
    }

    [Test]
    public async Task The_emulator_serves_a_connection_of_a_container()
    {
        using var emulator = new ExtremeCloudIQEmulator(new() { TimeProvider = _clock });
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            emulator.ConnectionSettings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
        var services = new ServiceCollection();
        services.AddTokenwright().AddExtremeCloudIQ("emulated", configuration);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("emulated");

        var token = await client.GetAsync(TokenReference.Self);

        Assert.That((token.Connection, token.Owner!.Name, token.CreatedAt, token.ExpiresAt),
            Is.EqualTo(("emulated", "api@example.net", (DateTimeOffset?)_clock.GetUtcNow(), (DateTimeOffset?)null)));
        Assert.That((await client.GetAsync(TokenReference.BySecret(emulator.Tokens[0].Secret!))).ExpiresAt,
            Is.EqualTo(_clock.GetUtcNow().AddDays(7)));
        Assert.That(token.UnknownFields, Is.Empty);
        Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Active));
        Assert.That(
            (await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("wrong")))).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(async () => await client.GetAsync(TokenReference.BySecret(new TokenSecret("wrong"))),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("doesn't show"));
        Assert.That(async () => await client.GetAsync(TokenReference.BySecret(ExtremeCloudIQEmulator.RevokedToken)),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("was revoked"));
    }

    [Test]
    public async Task The_emulator_lets_its_user_sign_in()
    {
        using var emulator = new ExtremeCloudIQEmulator();
        var services = new ServiceCollection();
        services.AddTokenwright()
            .AddExtremeCloudIQ("user", options => (options.BaseAddress, options.Username, options.Password) = (
                emulator.BaseAddress, ExtremeCloudIQEmulator.Username, ExtremeCloudIQEmulator.Password));
        services.AddTokenwright()
            .AddExtremeCloudIQ("stranger", options => (options.BaseAddress, options.Username, options.Password) = (
                emulator.BaseAddress, "stranger", ExtremeCloudIQEmulator.Password));
        await using var provider = services.BuildServiceProvider();

        Assert.That((await provider.GetRequiredKeyedService<ITokenClient>("user").GetAsync(TokenReference.Self)).Roles.Single().Value,
            Is.EqualTo("ADMINISTRATOR"));
        Assert.That((await provider.GetRequiredKeyedService<ITokenClient>("user").ValidateAsync(TokenReference.Self)).IsActive, Is.True);
        Assert.That(async () => await provider.GetRequiredKeyedService<ITokenClient>("stranger").GetAsync(TokenReference.Self),
            Throws.TypeOf<TokenAuthenticationException>());
    }

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IExtremeCloudIQApiClient)), Is.InstanceOf<ExtremeCloudIQApiClient>());

    private static TestCaseData Case(Func<ITokenClient, Task> call, TokenOperation operation, string reason, string alternative)
        => new(call, operation, reason, alternative) { TestName = $"{operation}: {reason}" };
}
