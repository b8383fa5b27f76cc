using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>Ids and secrets that are read as one value, and that a rotation replaces together.</summary>
internal sealed class SecretPairTests
{
    private string _folder = null!;

    [SetUp]
    public void Start() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Stop() => Directory.Delete(_folder, recursive: true);

    [TestCase("""{"generation": 3, "id": "a", "secret": "s"}""", "a", "s", 3)]
    [TestCase("\ufeff \n{ \"secret\" : \"s\\n\", \"id\": \"a\" }\n", "a", "s", null)]
    [TestCase("""{"secret":"s","id":null,"generation":null,"expires":"2027-01-01"}""", null, "s", null)]
    [TestCase("s", null, "s", null)]
    [TestCase("{not-json", null, "{not-json", null)]
    [TestCase("{{}}", null, "{{}}", null)]
    public async Task A_file_gives_a_secret_alone_or_with_its_id(string content, string? id, string secret, int? generation)
    {
        var source = new SecretSource { File = Write(content) };

        var pair = await source.ReadPairAsync();

        Assert.That((pair.Id, pair.Secret.Reveal(), pair.Generation), Is.EqualTo((id, secret, generation)));
        Assert.That((await source.ReadAsync()).Reveal(), Is.EqualTo(secret));
        Assert.That(pair.ToString(), Is.EqualTo(id is null ? "***" : "a ***"));
    }

    [TestCase("""{"id":"a","s3cret":"hush-hush"}""", "\"secret\" is missing")]
    [TestCase("""{"id":"a","secret":"hush-hush""", "malformed in line 1 at byte")]
    [TestCase("""{"id":"a","secret":hush-hush}""", "malformed in line 1 at byte")]
    [TestCase("""{"id":"a","secret":"hush-hush"} hush""", "malformed in line 1 at byte")]
    [TestCase("{", "malformed in line 1 at byte")]
    [TestCase("{}", "\"secret\" is missing")]
    [TestCase("""{"id":"a","secret":["hush-hush"]}""", "\"secret\" is not a text")]
    [TestCase("""{"id":"a","secret":""}""", "its \"secret\" is empty")]
    [TestCase("""{"id":"a","secret":"hush\u0001hush"}""", "position 4")]
    [TestCase("""{"id":7,"secret":"hush-hush"}""", "\"id\" is not a text")]
    [TestCase("""{"id":"","secret":"hush-hush"}""", "\"id\" is empty")]
    [TestCase("""{"id":"a\n","secret":"hush-hush"}""", "\"id\" is empty, or contains")]
    [TestCase("""{"generation":0,"secret":"hush-hush"}""", "\"generation\" is not a whole number")]
    [TestCase("""{"generation":"3","secret":"hush-hush"}""", "\"generation\" is not a whole number")]
    [TestCase("""{"generation":1.5,"secret":"hush-hush"}""", "\"generation\" is not a whole number")]
    public void A_JSON_file_of_another_form_is_reported_without_its_content(string content, string why)
    {
        var path = Write(content);

        var failure = Assert.CatchAsync<SecretSourceException>(
            async () => await new SecretSource { File = path }.ReadAsync())!;

        Assert.That(failure.Message, Does.Contain(path).And.Contain(why));
        Assert.That(failure.ToString(), Does.Not.Contain("hush"));
    }

    // Every rotation replaces the file as a rotation's sink does: a temporary file beside it, and a rename.
    [Test]
    public async Task A_pair_is_never_torn_over_1000_rotations()
    {
        var path = Write(Json(1));
        var source = new SecretSource { File = path };
        var isOver = false;
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var (reads, newest) = (0, 0);
            while (!Volatile.Read(ref isOver) || newest < 1000)
            {
                var pair = await source.ReadPairAsync();
                Assert.That((pair.Id, pair.Secret.Reveal()), Is.EqualTo(($"id-{pair.Generation}", $"secret-{pair.Generation}")));
                Assert.That(pair.Generation, Is.GreaterThanOrEqualTo(newest), "An older pair came back.");
                newest = pair.Generation!.Value;
                reads++;
            }

            return reads;
        })).ToList();

        for (var generation = 2; generation <= 1000; generation++)
            Replace(path, Json(generation));
        Volatile.Write(ref isOver, true);

        Assert.That(await Task.WhenAll(readers), Has.All.Positive);

        static string Json(int generation)
            => $$"""{"generation":{{generation}},"id":"id-{{generation}}","secret":"secret-{{generation}}"}""";
    }

    // The path of a call reads it before each request.
    [Test]
    public void A_fixed_secret_is_read_at_once_and_without_an_allocation()
    {
        var source = SecretSource.FromTokenSecret(new TokenSecret("s"));
        Assert.That(IsReadAtOnce(), "Warm up.");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var isReadAtOnce = IsReadAtOnce();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That((isReadAtOnce, allocated), Is.EqualTo((true, 0L)));

        bool IsReadAtOnce()
        {
            var isSo = true;
            for (var i = 0; i < 1000; i++)
                isSo &= IsDone(source.ReadAsync()) && IsDone(source.ReadPairAsync());

            return isSo;
        }

        static bool IsDone<T>(ValueTask<T> reading) => reading.IsCompletedSuccessfully;
    }

    [Test]
    public async Task The_next_call_after_a_switch_uses_the_new_pair()
    {
        using var vendor = Exchanging();
        var path = Write("""{"id":"one","secret":"secret-one"}""");
        using var client = Client(vendor, new SecretSource { File = path });

        await client.ListAsync().ToListAsync();
        Replace(path, """{"id":"two","secret":"secret-two"}""");
        await client.ListAsync().ToListAsync();
        await client.ListAsync().ToListAsync();

        Assert.That(vendor.Requests.Select(request => request.Header("Authorization")),
            Is.EqualTo(new[] { null, "Bearer for one secret-one", null, "Bearer for two secret-two", "Bearer for two secret-two" }));
    }

    [Test]
    public async Task A_delegate_gives_a_pair()
    {
        using var vendor = Exchanging();
        var pair = new SecretPair("one", new TokenSecret("secret-one\n".Trim()));
        using var client = Client(vendor, SecretSource.FromPair(_ => new(pair)));

        await client.ListAsync().ToListAsync();
        pair = new SecretPair("two", new TokenSecret("secret-two"));
        await client.ListAsync().ToListAsync();

        Assert.That(vendor.Requests.Select(request => request.Header("Authorization")).OfType<string>(),
            Is.EqualTo(new[] { "Bearer for one secret-one", "Bearer for two secret-two" }));
    }

    // The options keep an id from the time before the file had one.
    [TestCase("""{"id":"two","secret":"s"}""", "Bearer for two s")]
    [TestCase("""{"secret":"s"}""", "Bearer for one s")]
    [TestCase("s", "Bearer for one s")]
    public async Task The_id_in_the_file_belongs_to_the_secret_and_comes_before_that_of_the_options(string content, string expected)
    {
        using var vendor = Exchanging();
        using var client = Client(vendor, new SecretSource { File = Write(content) }, id: "one");

        await client.ListAsync().ToListAsync();

        Assert.That(vendor.Requests[^1].Header("Authorization"), Is.EqualTo(expected));
    }

    [Test]
    public void A_missing_id_is_reported_and_nothing_is_sent()
    {
        using var vendor = Exchanging();
        var path = Write("only-a-secret");
        using var client = Client(vendor, new SecretSource { File = path });

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>()
            .With.Message.Contains("ClientId is missing").And.Message.Contains(path).And.Message.Not.Contains("only-a-secret"));
        Assert.That(vendor.Requests, Is.Empty);
        Assert.That(() => Client(vendor, new TokenSecret("s")), Throws.Exception.With.Message.Contains("ClientId is missing"));
    }

    [Test]
    public async Task After_a_401_with_the_old_pair_the_new_one_is_used_once()
    {
        using var emulator = new SailPointEmulator();
        var (old, next) = (emulator.Add(new() { Name = "old" }), emulator.Add(new() { Name = "new" }));
        var path = Write(JsonOf(old, 1));
        using var client = Client(emulator, new SecretSource { File = path });
        await client.ListAsync(new TokenQuery { OwnOnly = true }).ToListAsync();
        var before = emulator.Requests.Count;

        Replace(path, JsonOf(next, 2));
        emulator.Remove(old);
        var tokens = await client.ListAsync(new TokenQuery { OwnOnly = true }).ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Does.Contain(next.Id).And.Not.Contain(old.Id));
        Assert.That(emulator.Requests.Skip(before).Select(request => request.Path),
            Is.EqualTo(new[] { "/oauth/token", "/v2025/personal-access-tokens" }));
    }

    // The vendor revokes the old token during the call, and the file has the new pair only then.
    [Test]
    public async Task A_pair_that_changes_during_a_refused_call_is_read_again()
    {
        using var vendor = Exchanging();
        var path = Write("""{"id":"one","secret":"secret-one"}""");
        vendor.On("GET", "/v2025/personal-access-tokens", request =>
        {
            if (request.Header("Authorization") != "Bearer for one secret-one")
                return VendorResponse.Json(200, "[]");
            Replace(path, """{"id":"two","secret":"secret-two"}""");
            return VendorResponse.Json(401, """{"error":"revoked"}""");
        });
        using var client = Client(vendor, new SecretSource { File = path });

        await client.ListAsync().ToListAsync();

        Assert.That(vendor.Requests.Select(request => request.Header("Authorization")),
            Is.EqualTo(new[] { null, "Bearer for one secret-one", null, "Bearer for two secret-two" }));
    }

    [Test]
    public void A_refused_pair_that_does_not_change_is_sent_once()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(401, """{"error":"invalid_client"}"""));
        using var client = Client(vendor, new SecretSource { File = Write("""{"id":"one","secret":"secret-one"}""") });

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());

        Assert.That(vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_new_secret_that_an_error_repeats_is_redacted()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(400, """{"error":"bad","error_description":"not with secret-two"}"""));
        var path = Write("""{"id":"one","secret":"secret-one"}""");
        using var client = Client(vendor, new SecretSource { File = path });

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.InstanceOf<TokenClientException>());
        Replace(path, """{"id":"two","secret":"secret-two"}""");
        var failure = Assert.CatchAsync<TokenClientException>(async () => await client.ListAsync().ToListAsync())!;

        Assert.That(failure.ToString(), Does.Contain("not with ***").And.Not.Contain("secret-two"));
    }

    [Test]
    public async Task The_connection_s_own_token_is_the_one_in_the_file()
    {
        using var emulator = new SailPointEmulator();
        var (old, next) = (emulator.Add(new() { Name = "old" }), emulator.Add(new() { Name = "new" }));
        var path = Write(JsonOf(old, 1));
        using var client = Client(emulator, new SecretSource { File = path });

        Assert.That((await client.GetAsync(TokenReference.Self)).Id, Is.EqualTo(old.Id));
        Replace(path, JsonOf(next, 2));
        Assert.That((await client.GetAsync(TokenReference.Self)).Id, Is.EqualTo(next.Id));
        Assert.That((await client.ValidateAsync(TokenReference.Self)).IsActive);
        Assert.That((await client.RevokeAsync(TokenReference.Self)).Remark, Does.Contain("own credential"));

        Assert.That(emulator.Tokens, Does.Contain(old).And.Not.Contain(next));
    }

    // The vendor counts the calls of each id.
    [Test]
    public async Task Calls_count_for_the_id_in_the_file()
    {
        using var vendor = Exchanging();
        var path = Write("""{"id":"rate-one","secret":"s"}""");
        var options = new SailPointOptions
        {
            BaseAddress = vendor.BaseAddress, ClientSecret = new SecretSource { File = path }, CallsPerWindow = 2,
            CallWindow = TimeSpan.FromHours(1), MaxRetries = 0, TotalTimeout = TimeSpan.FromSeconds(20),
        };
        using var client = new SailPointTokenClient("prod", options);
        await client.ListAsync().ToListAsync();
        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenRateLimitedException>());

        Replace(path, """{"id":"rate-two","secret":"s"}""");

        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);
    }

    internal static string JsonOf(EmulatedToken token, int generation)
        => $$"""{"generation":{{generation}},"id":"{{token.Id}}","secret":"{{token.Secret!.Reveal()}}"}""";

    internal static void Replace(string path, string content)
    {
        File.WriteAllText(path + ".new", content);
        File.Move(path + ".new", path, overwrite: true);
    }

    private string Write(string content)
    {
        var path = Path.Combine(_folder, "sailpoint.json");
        File.WriteAllText(path, content);
        return path;
    }

    // Each access token shows for which pair it was exchanged.
    private static VendorServer Exchanging()
    {
        var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", request => VendorResponse.Json(200,
            $$"""{"access_token":"for {{request.Form()["client_id"]}} {{request.Form()["client_secret"]}}"}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, "[]"));
        return vendor;
    }

    private static SailPointTokenClient Client(VendorServer vendor, SecretSource source, string? id = null)
        => new("prod", new SailPointOptions
            { BaseAddress = vendor.BaseAddress, MaxRetries = 0, ClientId = id, ClientSecret = source });
}
