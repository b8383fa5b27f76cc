using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>The sources of secrets, and that each request uses the current secret.</summary>
internal sealed class SecretSourceTests
{
    private const string Variable = "TOKENWRIGHT_TEST_SECRET";
    private const string Header = "Xms-Auth-Token";
    private const string Record = """{"access_token":{"id":7}}""";

    private static readonly TokenReference Seven = TokenReference.ById("7");

    private string _folder = null!;
    private VendorServer _vendor = null!;

    [SetUp]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory().FullName;
        _vendor = new VendorServer();
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, Record));
    }

    [TearDown]
    public void Stop()
    {
        _vendor.Dispose();
        Directory.Delete(_folder, recursive: true);
        Environment.SetEnvironmentVariable(Variable, null);
    }

    [Test]
    public async Task A_file_is_read_for_each_request()
    {
        var path = Write("token", "one\n");
        using var client = Client(new SecretSource { File = path });

        await client.GetAsync(Seven);
        Write("token", "  two\r\n\r\n");
        await client.GetAsync(Seven);

        Assert.That(Sent(), Is.EqualTo(new[] { "one", "two" }));
    }

    // A mounted Kubernetes secret: token -> ..data/token, and ..data -> a folder that is replaced as a whole.
    [Test]
    public async Task A_mounted_secret_is_read_through_its_symbolic_links()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "..1"));
        Directory.CreateDirectory(Path.Combine(_folder, "..2"));
        Write("..1/token", "one");
        Write("..2/token", "two");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        File.CreateSymbolicLink(Path.Combine(_folder, "token"), "..data/token");
        using var client = Client(new SecretSource { File = Path.Combine(_folder, "token") });

        await client.GetAsync(Seven);
        Directory.Delete(Path.Combine(_folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..2");
        await client.GetAsync(Seven);

        Assert.That(Sent(), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task A_file_that_is_just_being_written_does_not_fail_the_call()
    {
        var path = Write("token", "one");
        using var client = Client(new SecretSource { File = path });

        await client.GetAsync(Seven);
        Write("token", "");
        await client.GetAsync(Seven);

        Assert.That(Sent(), Is.EqualTo(new[] { "one", "one" }));
    }

    [TestCase(null, "there is no such file")]
    [TestCase("", "it is empty")]
    [TestCase("tw\u0001o", "position 2", TestName = "{m}(a control character)")]
    public void An_unreadable_secret_is_reported_with_its_path_and_nothing_is_sent(string? content, string why)
    {
        var path = content is null ? Path.Combine(_folder, "absent") : Write("token", content);
        using var client = Client(new SecretSource { File = path });

        var exception = Assert.CatchAsync<TokenAuthenticationException>(() => client.GetAsync(Seven))!;

        Assert.That(exception.Message, Does.StartWith("Xms connection 'lab', get: ").And.Contain(path).And.Contain(why));
        Assert.That(exception.ToString(), Does.Not.Contain("tw\u0001o"));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void A_file_that_is_too_large_is_not_accepted_as_a_secret()
    {
        using var client = Client(new SecretSource { File = Write("token", new string('x', 64 * 1024 + 1)) });

        Assert.That(() => client.GetAsync(Seven), Throws.TypeOf<TokenAuthenticationException>().With.Message.Contains("65537 bytes"));
    }

    [Test]
    public async Task An_environment_variable_is_read_for_each_request()
    {
        using var client = Client(new SecretSource { EnvironmentVariable = Variable });

        Assert.That(() => client.GetAsync(Seven), Throws.TypeOf<TokenAuthenticationException>().With.Message.Contains(Variable));
        Environment.SetEnvironmentVariable(Variable, "one");
        await client.GetAsync(Seven);
        Environment.SetEnvironmentVariable(Variable, "two");
        await client.GetAsync(Seven);

        Assert.That(Sent(), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task A_delegate_is_called_for_each_request()
    {
        var asked = 0;
        using var client = Client(SecretSource.From(_ => new(new TokenSecret($"secret-{++asked}"))));

        await client.GetAsync(Seven);
        await client.GetAsync(Seven);

        Assert.That(Sent(), Is.EqualTo(new[] { "secret-1", "secret-2" }));
    }

    [Test]
    public void A_delegate_that_throws_is_an_authentication_error()
    {
        using var client = Client(SecretSource.From(_ => throw new InvalidOperationException("the vault is sealed")));

        var exception = Assert.CatchAsync<TokenAuthenticationException>(() => client.GetAsync(Seven))!;

        Assert.That(exception.Message, Does.Contain("a delegate").And.Contain("the vault is sealed"));
    }

    [Test]
    public async Task A_delegates_innermost_exception_is_reported_without_the_secret()
    {
        var asked = 0;
        using var client = Client(SecretSource.From(_ => asked++ == 0
            ? new(new TokenSecret("hush-hush-1"))
            : throw new AggregateException(
                "one or more", new InvalidOperationException("wrapped", new TimeoutException("lease of hush-hush-1 ran out")))));
        await client.GetAsync(Seven);

        var exception = Assert.CatchAsync<TokenAuthenticationException>(() => client.GetAsync(Seven))!;

        Assert.That(exception.Message,
            Does.Contain("TimeoutException: lease of").And.Contain("ran out").And.Not.Contain("hush-hush").And.Not.Contain("one or more"));
    }

    [TestCase("tok-0001\r\n")]
    [TestCase(" tok-0001 ")]
    [TestCase("\ufefftok-0001\n")]
    [TestCase("\u00a0\ttok-0001\n\n")]
    public async Task White_space_around_a_secret_is_removed_for_every_source(string text)
    {
        Environment.SetEnvironmentVariable(Variable, text);
        var section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["AccessToken"] = text }).Build()
            .GetSection("AccessToken");
        foreach (var source in new[] { new SecretSource { EnvironmentVariable = Variable },
            new SecretSource { File = Write("token", text) }, SecretSource.FromConfiguration(section)! })
        {
            using var client = Client(source);
            await client.GetAsync(Seven);
        }

        Assert.That(Sent(), Is.EqualTo(Enumerable.Repeat("tok-0001", 3)));
    }

    [TestCase(" tok-0001 ")]
    [TestCase("\ufefftok-0001")]
    public async Task The_result_of_a_delegate_is_trimmed_too(string text)
    {
        using var client = Client(SecretSource.From(_ => new(new TokenSecret(text))));

        await client.GetAsync(Seven);

        Assert.That(Sent(), Is.EqualTo(new[] { "tok-0001" }));
    }

    // A FIFO: what a shell passes for (…), and what /dev/stdin is in a pipeline.
    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_pipe_is_read_once_and_its_secret_is_shared_with_concurrent_calls()
    {
        var path = Path.Combine(_folder, "pipe");
        using (var make = System.Diagnostics.Process.Start("mkfifo", path))
            await make.WaitForExitAsync();
        var source = new SecretSource { File = path };
        using var given = new CancellationTokenSource();
        var impatient = source.ReadAsync(given.Token).AsTask();
        var patient = source.ReadAsync().AsTask();
        await given.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());

        await using (var writer = new StreamWriter(path))
            await writer.WriteAsync("tok-0001\n");

        Assert.That((await patient).Reveal(), Is.EqualTo("tok-0001"));
        File.Delete(path);
        Assert.That((await source.ReadAsync()).Reveal(), Is.EqualTo("tok-0001"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_device_without_an_end_is_not_accepted_as_a_secret()
    {
        using var client = Client(new SecretSource { File = "/dev/zero" });

        Assert.That(() => client.GetAsync(Seven), Throws.TypeOf<TokenAuthenticationException>().With.Message.Contains("right file?"));
    }

    [Test]
    public async Task A_delegate_that_hangs_is_stopped_by_the_total_timeout()
    {
        var asked = new TaskCompletionSource();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var client = Client(SecretSource.From(_ =>
        {
            asked.SetResult();
            return new(new TaskCompletionSource<TokenSecret>().Task);
        }), clock);

        var call = client.GetAsync(Seven);
        await asked.Task;
        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That(async () => await call, Throws.TypeOf<TokenServiceUnavailableException>().With.Message.Contains("30 s"));
    }

    [Test]
    public async Task If_a_secret_is_replaced_during_a_call_the_call_is_retried_once_after_a_401()
    {
        var path = Write("token", "old");
        _vendor.On("GET", "/v1/access-tokens/7", request =>
        {
            Write("token", "new");
            return request.Header(Header) == "new" ? VendorResponse.Json(200, Record) : VendorResponse.Empty(401);
        });
        using var client = Client(new SecretSource { File = path });

        Assert.That((await client.GetAsync(Seven)).Id, Is.EqualTo("7"));

        Assert.That(Sent(), Is.EqualTo(new[] { "old", "new" }));
    }

    [Test]
    public void A_secret_that_was_replaced_is_still_redacted()
    {
        var path = Write("token", "old-secret");
        _vendor.On("GET", "/v1/access-tokens/7", _ =>
        {
            Write("token", "new-secret");
            return VendorResponse.Json(400, """{"message":"neither old-secret nor new-secret"}""");
        });
        using var client = Client(new SecretSource { File = path });

        Assert.That(() => client.GetAsync(Seven), Throws.TypeOf<TokenInvalidRequestException>().With.Message.Not.Contains("old-secret"));
    }

    [Test]
    public async Task Configuration_names_a_value_a_file_or_a_variable()
    {
        Environment.SetEnvironmentVariable(Variable, "of the variable");
        Write("token", "of the file");
        _vendor.On("POST", "/oauth/token",
            request => VendorResponse.Json(200, $$"""{"access_token":"{{request.Form()["client_secret"]}}"}"""));
        _vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, "[]"));

        foreach (var (key, value) in new[] { ("ClientSecret", "of the text"), ("ClientSecret:File", Path.Combine(_folder, "token")),
            ("ClientSecret:EnvironmentVariable", Variable) })
        {
            await using var provider = Provider(new() { [key] = value });
            await provider.GetRequiredKeyedService<ITokenClient>("prod").ListAsync().ToListAsync();
        }

        Assert.That(
            _vendor.Requests.Where(request => request.Method == "GET").Select(request => request.Header("Authorization")), Is.EqualTo(new[]
        {
            "Bearer of the text", "Bearer of the file", "Bearer of the variable",
        }));
    }

    [TestCase("ClientSecret:Fiel", "/run/secrets/x", "Fiel")]
    [TestCase("ClientSecret:File", " ", "ClientSecret has an empty File")]
    [TestCase("ClientSecret:EnvironmentVariable", "", "ClientSecret has an empty EnvironmentVariable")]
    public async Task An_unknown_source_is_named_in_the_error(string key, string value, string told)
    {
        await using var provider = Provider(new() { [key] = value });

        Assert.That(() => provider.GetRequiredKeyedService<ITokenClient>("prod"), Throws.Exception.With.Message.Contains(told));
    }

    // The framework's binder would show a value that it can't convert.
    [TestCase("hush\u0007hush", "control character (U+0007) at position 4")]
    [TestCase("hush\nhush", "position 4")]
    [TestCase(" \r\n", "is empty")]
    [TestCase("", "is empty")]
    public async Task An_invalid_secret_is_refused_without_showing_it(string text, string why)
    {
        await using var provider = Provider(new() { ["ClientSecret"] = text });

        var exception = Assert.Catch(() => provider.GetRequiredKeyedService<ITokenClient>("prod"))!;

        Assert.That(exception.ToString(), Does.Contain("ClientSecret").And.Contain(why).And.Not.Contain("hush"));
    }

    [Test]
    public void A_secret_has_exactly_one_source()
    {
        var options = new XmsOptions
            { BaseAddress = new Uri("https://xms.example/v1"), AccessToken = new SecretSource { File = "a", EnvironmentVariable = "B" } };
        Assert.That(() => new XmsTokenClient("lab", options),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("AccessToken has more than one source"));

        options.AccessToken = new SecretSource();
        Assert.That(() => new XmsTokenClient("lab", options),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("AccessToken has neither"));
    }

    [Test]
    public async Task A_source_prints_its_place_and_never_the_secret()
    {
        var file = new SecretSource { File = Write("token", "hush") };
        await file.ReadAsync();
        SecretSource value = new TokenSecret("hush");
        SecretSource asked = SecretSource.From(_ => new(new TokenSecret("hush")));

        Assert.That(new[] { file.ToString(), value.ToString(), asked.ToString(),
            new SecretSource { EnvironmentVariable = "V" }.ToString() }, Is.EqualTo(new[]
        {
            $"the file '{file.File}'", "a value", "a delegate", "the environment variable V",
        }));
        foreach (var source in new[] { file, value, asked })
        {
            Assert.That(Newtonsoft.Json.JsonConvert.SerializeObject(source), Does.Not.Contain("hush"));
            Assert.That(System.Text.Json.JsonSerializer.Serialize(source), Does.Not.Contain("hush"));
        }
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    private IEnumerable<string?> Sent() => _vendor.Requests.Select(request => request.Header(Header));

    private XmsTokenClient Client(SecretSource accessToken, TimeProvider? clock = null)
        => new("lab", new XmsOptions { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), MaxRetries = 0, AccessToken = accessToken },
            new() { TimeProvider = clock ?? TimeProvider.System });

    private ServiceProvider Provider(Dictionary<string, string?> settings)
    {
        settings["BaseAddress"] = _vendor.BaseAddress.ToString();
        settings["ClientId"] = "id";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().AddTokenwright().AddSailPoint("prod", configuration).Services.BuildServiceProvider();
    }
}
