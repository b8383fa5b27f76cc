using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tokenwright.Testing;
using Tokenwright.Xms;
using Tokenwright.Xms.Api;

namespace Tokenwright.ContractTests;

/// <summary>The options and capabilities of a connection to XMS.</summary>
internal sealed class XmsConnectionTests : XmsFixture
{
    [Test]
    public void An_unsupported_call_is_refused_with_a_reason_before_anything_is_sent()
    {
        var calls = new Dictionary<TokenOperation, Func<Task>>
        {
            [TokenOperation.Validate] = () => _client.ValidateAsync(TokenReference.ById("7")),
            [TokenOperation.Get] = () => _client.GetAsync(TokenReference.ByKey("key")),
            [TokenOperation.Update] = () => _client.UpdateAsync(TokenReference.ByKey("key"), new UpdateTokenRequest()),
            [TokenOperation.Regenerate] = () => _client.RegenerateAsync(TokenReference.ByIdAndSecret("7", new TokenSecret("secret"))),
            [TokenOperation.Revoke] = () => _client.RevokeAsync(TokenReference.ByKey("key")),
        };

        using (Assert.EnterMultipleScope())
        {
            foreach (var (operation, call) in calls)
            {
                var exception = Assert.CatchAsync<TokenOperationNotSupportedException>(async () => await call(), operation.ToString())!;
                Assert.That(exception.Operation, Is.EqualTo(operation));
                Assert.That(exception.Reason, Is.Not.Empty);
                Assert.That(exception.Alternative, Is.Not.Empty);
            }

            foreach (var operation in new[] { TokenOperation.Suspend, TokenOperation.Resume })
                Assert.That(_client.Metadata.Capabilities[operation].Support, Is.EqualTo(OperationSupport.Unsupported));
            Assert.That(_client.Metadata.Capabilities.CreationRecovery, Is.EqualTo(CreationRecovery.FindAndRevoke));
            Assert.That(_vendor.Requests, Is.Empty);
        }
    }

    // X6: the base path is part of the address, with and without a slash at its end.
    [TestCase("v1", "/v1/access-tokens/7")]
    [TestCase("v1/", "/v1/access-tokens/7")]
    [TestCase("api/v1", "/api/v1/access-tokens/7")]
    public async Task The_base_path_is_part_of_the_address(string path, string sent)
    {
        Respond("GET", sent, """{"access_token":{"id":7}}""");
        using var client = Client(options => options.BaseAddress = new Uri(_vendor.BaseAddress, path));

        Assert.That((await client.GetAsync(TokenReference.ById("7"))).Id, Is.EqualTo("7"));

        Sent.Exactly(_vendor.Requests.Single(), "GET", sent, null, AcceptJson, Credential);
    }

    private static readonly TestCaseData[] WrongOptions =
    [
        Wrong(options => options.BaseAddress = null, "BaseAddress is missing"),
        Wrong(options => options.BaseAddress = new Uri("https://xms.example:8056"),
            "must end in the API's base path, /v1 or through the web console /api/v1, not in '/'"),
        Wrong(options => options.BaseAddress = new Uri("https://xms.example:8056/api/v12/"), "not in '/api/v12/'"),
        Wrong(options => options.BaseAddress = new Uri("v1", UriKind.Relative), "not an absolute address"),
        Wrong(options => options.AccessToken = null, "AccessToken is missing"),
        Wrong(options => options.Username = "admin", "AccessToken is set, and Username or Password too"),
        Wrong(options => options.Password = new TokenSecret("password"), "AccessToken is set, and Username or Password"),
        Wrong(options => (options.AccessToken, options.Username) = (null, "admin"), "Password is missing"),
        Wrong(options => (options.AccessToken, options.Password) = (null, new TokenSecret("password")), "Username is missing"),
    ];

    [TestCaseSource(nameof(WrongOptions))]
    public void Wrong_options_are_named(Action<XmsOptions> change, string problem)
        => Assert.That(
            () => Client(change), Throws.TypeOf<OptionsValidationException>().With.Property("Failures").Exactly(1).Contains(problem));

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IXmsApiClient)), Is.InstanceOf<XmsApiClient>());

    [Test]
    public async Task The_emulator_works_with_a_connection_from_its_settings()
    {
        using var emulator = new XmsEmulator();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            emulator.ConnectionSettings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddTokenwright().AddXms("lab", configuration);
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await NamesAsync(client, new TokenQuery()), Is.EqualTo("name zabbix"));
            Assert.That(await NamesAsync(client, new TokenQuery { PageSize = 1 }), Is.EqualTo("name zabbix"));
            Assert.That(await NamesAsync(client, new TokenQuery { OwnOnly = true }), Is.EqualTo("zabbix"));
            Assert.That(await NamesAsync(client, new TokenQuery { OwnerId = "6" }), Is.EqualTo("name"));
            Assert.That(await NamesAsync(client, new TokenQuery { Role = new TokenRole("admin") }), Is.EqualTo("zabbix"));
            Assert.That((await client.GetAsync(TokenReference.ById("0"))).Name, Is.EqualTo("name"));
            Assert.That((await client.GetAsync(TokenReference.Self)).Id, Is.EqualTo(XmsEmulator.AccessTokenId));
            Assert.That((await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("another")))).Verdict,
                Is.EqualTo(TokenVerdict.Unknown));
            Assert.That(async () => await client.GetAsync(TokenReference.ById("8")), Throws.TypeOf<TokenNotFoundException>());
        }
    }

    [Test]
    public async Task The_emulator_accepts_the_right_password_and_refuses_others()
    {
        using var emulator = new XmsEmulator(new() { TimeProvider = _clock });
        var options = new XmsOptions { BaseAddress = new Uri(emulator.BaseAddress, "v1"), MaxRetries = 0,
            CreationSettleTime = TimeSpan.Zero, Username = XmsEmulator.Username, Password = XmsEmulator.Password };
        using var client = new XmsTokenClient("lab", options, new() { TimeProvider = _clock });

        Assert.That(await NamesAsync(client, new TokenQuery()), Is.EqualTo("name zabbix"));
        options.Password = new TokenSecret("another");
        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());
        (options.AccessToken, options.Username, options.Password) = (new TokenSecret("another"), null, null);
        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());
    }

    private static TestCaseData Wrong(Action<XmsOptions> change, string problem)
        => new TestCaseData(change, problem).SetArgDisplayNames(problem);

    private static async Task<string> NamesAsync(ITokenClient client, TokenQuery query)
        => string.Join(" ", await client.ListAsync(query).Select(token => token.Name).ToListAsync());
}
