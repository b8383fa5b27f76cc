using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>A program reports that it uses a new secret after its first successful call with it.</summary>
internal sealed class AcknowledgementTests
{
    private const string List = "/v2025/personal-access-tokens";

    private FakeTimeProvider _clock = null!;
    private LineLog _log = null!;
    private string _folder = null!;
    private string _path = null!;
    private VendorServer _vendor = null!;
    private VendorResponse _response = null!;

    [SetUp]
    public void Start()
    {
        _clock = new(new DateTimeOffset(2026, 11, 30, 20, 5, 0, TimeSpan.Zero));
        _log = new();
        _folder = Directory.CreateTempSubdirectory().FullName;
        _path = Path.Combine(_folder, "sailpoint.json");
        Rotate(1);
        _response = VendorResponse.Json(200, "[]");
        _vendor = new VendorServer();
        _vendor.On("POST", "/oauth/token", request => VendorResponse.Json(200, $$"""{"access_token":"{{request.Form()["client_id"]}}"}"""));
        _vendor.On("GET", List, _ => _response);
    }

    [TearDown]
    public void Stop()
    {
        _vendor.Dispose();
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
    }

    [Test]
    public async Task The_first_successful_call_with_a_generation_writes_a_file_beside_the_secret()
    {
        using var client = Client();
        Assert.That(Acknowledged(), Is.Null);

        await CallAsync(client);

        Assert.That(File.ReadAllText(_path + ".ack.billing"),
            Is.EqualTo("""{"consumer":"billing","generation":1,"time":"2026-11-30T20:05:00.0000000Z"}""" + "\n"));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(2), "A temporary file was left.");

        Rotate(2);
        Assert.That(Acknowledged(), Is.EqualTo(1), "The new generation isn't used yet.");
        await CallAsync(client);
        Assert.That(Acknowledged(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_generation_is_acknowledged_once()
    {
        using var client = Client();
        await CallAsync(client);
        File.Delete(_path + ".ack.billing");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => CallAsync(client)));

        Assert.That(Acknowledged(), Is.Null);
    }

    // The exchange works, and a page of a proxy says 200.
    [TestCase(401, "application/json")]
    [TestCase(403, "application/json")]
    [TestCase(500, "application/json")]
    [TestCase(200, "text/html")]
    public async Task A_call_that_fails_acknowledges_nothing(int status, string type)
    {
        using var client = Client();
        _response = type == "text/html" ? VendorResponse.Html(status, "<p>Sign in</p>") : VendorResponse.Json(status, "{}");
        Assert.That(() => CallAsync(client), Throws.InstanceOf<TokenClientException>());
        Assert.That(Acknowledged(), Is.Null);

        _response = VendorResponse.Json(200, "[]");
        await CallAsync(client);

        Assert.That(Acknowledged(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_old_generation_is_not_acknowledged_in_the_name_of_a_new_one()
    {
        using var client = Client();
        _vendor.On("GET", List, _ =>
        {
            Rotate(2); // after the exchange for the first generation, and while its call is in progress
            return VendorResponse.Json(200, "[]");
        });
        await CallAsync(client);
        Assert.That(Acknowledged(), Is.EqualTo(1));
        await CallAsync(client);
        Assert.That(Acknowledged(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_call_that_is_repeated_with_the_new_pair_acknowledges_it()
    {
        using var client = Client();
        _vendor.On("GET", List, request =>
        {
            Rotate(2);
            return request.Header("Authorization") == "Bearer id-1" ? VendorResponse.Json(401, "{}") : VendorResponse.Json(200, "[]");
        });

        await CallAsync(client);

        Assert.That(Acknowledged(), Is.EqualTo(2));
    }

    [Test]
    public async Task An_acknowledgement_that_can_t_be_written_fails_no_call_and_is_tried_again_after_a_minute()
    {
        Directory.CreateDirectory(_path + ".ack.billing");
        using var client = Client();

        await CallAsync(client);
        await CallAsync(client);
        Assert.That(Warnings(), Has.One.Items);
        Assert.That(Warnings().Single(), Does.StartWith("SailPoint connection 'prod': the secret of generation 1 works, but it can't be"));
        Assert.That(Directory.GetFiles(_folder), Has.One.Items, "A temporary file was left.");

        Directory.Delete(_path + ".ack.billing");
        _clock.Advance(TimeSpan.FromSeconds(59));
        await CallAsync(client);
        Assert.That(Acknowledged(), Is.Null);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await CallAsync(client);

        Assert.That(Acknowledged(), Is.EqualTo(1));
        Assert.That(Warnings(), Has.One.Items);
    }

    [Test]
    public async Task A_delegate_s_pair_is_acknowledged_to_a_delegate()
    {
        var generations = new List<int>();
        var pair = new SecretPair("id-1", new TokenSecret("secret-1"), 1);
        using var client = Client(SecretSource.FromPair(_ => new(pair), generation =>
        {
            generations.Add(generation);
            return generations.Count == 2 ? throw new InvalidOperationException("no store") : default;
        }));

        await CallAsync(client);
        pair = new SecretPair("id-2", new TokenSecret("secret-2"), 2);
        await CallAsync(client);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await CallAsync(client);
        await CallAsync(client);

        Assert.That(generations, Is.EqualTo(new[] { 1, 2, 2 }));
        Assert.That(Warnings().Single(), Does.Contain("no store"));
    }

    [Test]
    public async Task A_call_waits_5_seconds_for_an_acknowledgement_that_hangs()
    {
        var isCalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        using var client = Client(SecretSource.FromPair(_ => new(new SecretPair("id-1", new TokenSecret("secret-1"), 1)), _ =>
        {
            isCalled.SetResult();
            return new(never.Task);
        }));

        var call = CallAsync(client);
        await isCalled.Task;
        Assert.That(call.IsCompleted, Is.False);
        while (!call.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.That(await call, Is.Empty);
        Assert.That(Warnings(), Has.One.Items);
    }

    [Test]
    public async Task A_secret_that_is_sent_itself_is_acknowledged_too()
    {
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, """{"access_token":{"id":7}}"""));
        using var client = new XmsTokenClient("lab", new XmsOptions
        {
            BaseAddress = new Uri(_vendor.BaseAddress, "v1"), AccessToken = new SecretSource { File = _path, Consumer = "billing" },
        });

        await client.GetAsync(TokenReference.ById("7"));

        Assert.That(Acknowledged(), Is.EqualTo(1));
    }

    [TestCase("secret-alone")]
    [TestCase("""{"id":"id-1","secret":"secret-1"}""")]
    public async Task A_file_without_a_generation_acknowledges_nothing(string content)
    {
        SecretPairTests.Replace(_path, content);
        using var client = Client();

        await CallAsync(client);

        Assert.That(Acknowledged(), Is.Null);
        Assert.That(Warnings(), Is.Empty);
    }

    [TestCase("", "1 to 64 ASCII letters")]
    [TestCase("a/b", "1 to 64 ASCII letters")]
    [TestCase("ä", "1 to 64 ASCII letters")]
    public void The_name_of_a_consumer_is_a_part_of_a_file_name(string consumer, string why)
        => Assert.That(() => Client(new SecretSource { File = _path, Consumer = consumer }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(why));

    [Test]
    public void Only_a_file_has_a_consumer()
        => Assert.That(() => Client(new SecretSource { EnvironmentVariable = "X", Consumer = "billing" }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("acknowledges secrets from a File only"));

    [Test]
    public async Task The_consumer_is_read_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            { ["ClientSecret:File"] = _path, ["ClientSecret:Consumer"] = "billing" }).Build();
        using var client = Client(SecretSource.FromConfiguration(configuration.GetSection("ClientSecret")));

        await CallAsync(client);

        Assert.That(Acknowledged(), Is.EqualTo(1));
    }

    private void Rotate(int generation)
        => SecretPairTests.Replace(_path, $$"""{"generation":{{generation}},"id":"id-{{generation}}","secret":"secret-{{generation}}"}""");

    private int? Acknowledged()
        => File.Exists(_path + ".ack.billing") ? (int?)JsonNode.Parse(File.ReadAllText(_path + ".ack.billing"))!["generation"] : null;

    private IEnumerable<string> Warnings() => _log.Lines.Where(line => line.Contains("acknowledged", StringComparison.Ordinal));

    private static Task<IReadOnlyList<ApiToken>> CallAsync(SailPointTokenClient client) => client.ListAsync().ToListAsync();

    private SailPointTokenClient Client(SecretSource? source = null) => new(
        "prod",
        new SailPointOptions
        {
            BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ClientId = "id-of-options",
            ClientSecret = source ?? new SecretSource { File = _path, Consumer = "billing" },
        },
        new() { TimeProvider = _clock, LoggerFactory = _log });
}
