using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>
/// Configuration that is reloaded while connections are open: the last valid options stay in use, and the log gives the reason.
/// </summary>
internal sealed class OptionsReloadTests
{
    private const string Connection = "Tokenwright.Connection";
    private const string Header = "Xms-Auth-Token";

    private VendorServer _vendor = null!;
    private Log _log = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(200, """{"access_token":{"id":7}}"""));
        _log = new Log();
    }

    [TearDown]
    public void Stop()
    {
        _vendor.Dispose();
        _log.Dispose();
    }

    [TestCase("AccessToken", "", "AccessToken")]
    [TestCase("AccessToken", "a\nb", "AccessToken")]
    [TestCase("MaxRetries", "many", "MaxRetries")]
    [TestCase("MaxRetries", "11", "MaxRetries")]
    [TestCase("AttemptTimeout", "soon", "AttemptTimeout")]
    [TestCase("TotalTimeout", "hush-hush-hush", "TotalTimeout")]
    [TestCase("AccessTokn", "hush-hush-hush", "AccessTokn")]
    [TestCase("BaseAddress", "http://xms.example/v1", "BaseAddress")]
    [TestCase("BaseAddress", "::", "BaseAddress")]
    [TestCase("Username", "me", "AccessToken is set, and Username")]
    [TestCase("AccessToken:File", "", "AccessToken")]
    public async Task Invalid_options_are_reported_once_and_the_last_valid_ones_stay(string key, string value, string named)
    {
        var configuration = Configuration();
        await using var provider = Provider(services => services.AddTokenwright().AddXms("lab", configuration));
        var client = provider.GetRequiredKeyedService<ITokenClient>("lab");
        await client.GetAsync(TokenReference.ById("7"));
        var before = configuration[key];

        if (key == "AccessToken:File")
            configuration["AccessToken"] = null;
        configuration[key] = value;
        Assert.That(configuration.Reload, Throws.Nothing);
        for (var call = 0; call < 3; call++)
            await client.GetAsync(TokenReference.ById("7"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync(TokenReference.ById("7"))));

        var said = _log.Of(Connection, LogLevel.Warning).Single();
        Assert.That(said, Does.Contain("Xms connection 'lab'").And.Contain(
            "last good ones stay in force").And.Contain(named).And.Not.Contain("hush").And.Not.Contain("good-token"));
        Assert.That(_vendor.Requests.Select(request => request.Header(Header)), Has.All.EqualTo("good-token"));

        configuration.Reload();
        Assert.That(_log.Of(Connection, LogLevel.Warning).Count(), Is.EqualTo(2), "A further reload to the same is a further reload.");

        configuration[key] = before;
        configuration["AccessToken"] = "next-token";
        configuration.Reload();
        await client.GetAsync(TokenReference.ById("7"));
        Assert.That(_vendor.Requests[^1].Header(Header), Is.EqualTo("next-token"));
        Assert.That(_log.Of(Connection, LogLevel.Warning).Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Other_readers_of_the_options_get_the_last_valid_ones_too()
    {
        var configuration = Configuration();
        await using var provider = Provider(services => services.AddTokenwright().AddXms("lab", configuration));
        var monitor = provider.GetRequiredService<IOptionsMonitor<XmsOptions>>();
        var good = monitor.Get("lab");

        configuration["AccessToken"] = string.Empty;
        configuration.Reload();
        await using var scope = provider.CreateAsyncScope();

        Assert.That(monitor.Get("lab"), Is.SameAs(good));
        Assert.That(scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<XmsOptions>>().Get("lab"), Is.SameAs(good));
        Assert.That(_log.Of(Connection, LogLevel.Warning).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Options_that_a_program_binds_itself_are_treated_in_the_same_way()
    {
        var configuration = Configuration();
        await using var provider = Provider(services =>
        {
            services.AddSingleton<IConfiguration>(configuration);
            services.AddTokenwright().AddXms("lab", _ => { });
            services.AddOptions<XmsOptions>("lab")
                .Configure(options => options.AccessToken = SecretSource.FromConfiguration(configuration.GetSection("AccessToken")))
                .Configure(options => options.BaseAddress = new Uri(configuration["BaseAddress"]!));
            services.AddSingleton<IOptionsChangeTokenSource<XmsOptions>>(
                new ConfigurationChangeTokenSource<XmsOptions>("lab", configuration));
        });
        var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        configuration["AccessToken"] = string.Empty;
        Assert.That(configuration.Reload, Throws.Nothing);
        await client.GetAsync(TokenReference.ById("7"));

        Assert.That(_vendor.Requests.Single().Header(Header), Is.EqualTo("good-token"));
        Assert.That(_log.Of(Connection, LogLevel.Warning).Single(), Does.Contain("AccessToken"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_file_that_is_no_longer_valid_JSON_changes_nothing(bool isIgnored)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var path = Path.Combine(folder, "appsettings.json");
            await File.WriteAllTextAsync(
                path, $$"""{ "Lab": { "BaseAddress": "{{_vendor.BaseAddress}}v1", "AccessToken": "good-token" } }""");
            using var files = new Files(folder);
            var configuration = new ConfigurationBuilder().AddJsonFile(source =>
            {
                (source.FileProvider, source.Path, source.ReloadOnChange, source.ReloadDelay) = (files, "appsettings.json", true, 0);
                source.OnLoadException = failed => failed.Ignore = isIgnored;
            }).Build();
            await using var provider = Provider(services => services.AddTokenwright().AddXms("lab", configuration.GetSection("Lab")));
            var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

            await File.WriteAllTextAsync(path, """{"Lab":{"BaseAddress":""");
            if (isIgnored)
                files.Change();
            else
                Assert.That(files.Change, Throws.InnerException.TypeOf<InvalidDataException>(),
                    "That is the file's own report, and the options hear nothing of it.");
            await client.GetAsync(TokenReference.ById("7"));

            Assert.That(_vendor.Requests.Single().Header(Header), Is.EqualTo("good-token"));
            Assert.That(_log.Of(Connection, LogLevel.Warning).Count(), Is.EqualTo(isIgnored ? 1 : 0));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_changed_option_that_is_read_only_once_is_reported_once()
    {
        var configuration = Configuration();
        await using var provider = Provider(services => services.AddTokenwright().AddXms("lab", configuration));
        var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        configuration["BaseAddress"] = "https://elsewhere.example/v1";
        configuration["TotalTimeout"] = "00:00:59";
        configuration.Reload();
        configuration.Reload();
        configuration["AccessToken"] = "next-token";
        configuration.Reload();
        await client.GetAsync(TokenReference.ById("7"));

        Assert.That(_log.Of(Connection, LogLevel.Warning).Single(), Does.Contain("BaseAddress, TotalTimeout").And.Contain("read once"));
        Assert.That(_vendor.Requests.Single().Header(Header), Is.EqualTo("next-token"));

        configuration["BaseAddress"] = _vendor.BaseAddress + "v1";
        configuration["TotalTimeout"] = null;
        configuration.Reload();
        Assert.That(_log.Of(Connection, LogLevel.Warning).Count(), Is.EqualTo(1), "It is what is in force.");
    }

    [Test]
    public void Every_option_of_all_connections_is_listed_as_read_once()
        => Assert.That(
            new XmsOptions().ReadOnce.Select(option => option.Key),
            Is.EquivalentTo(typeof(ConnectionOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod?.IsPublic == true).Select(property => property.Name)),
            "An option that is read at each request is left out of the list, and named here.");

    [Test]
    public void A_vendors_own_option_that_is_read_once_is_listed_too()
        => Assert.That(new FimidaraOptions().ReadOnce.Select(option => option.Key), Has.Member(nameof(FimidaraOptions.TokenKind)));

    [Test]
    public void Invalid_options_fail_the_start_of_the_program()
    {
        var configuration = Configuration();
        configuration["AccessToken"] = string.Empty;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTokenwright().AddXms("lab", configuration);
        using var host = builder.Build();

        Assert.CatchAsync<OptionsValidationException>(async () => await host.StartAsync());
    }

    [Test]
    public void A_value_that_can_t_be_read_is_not_shown_at_the_start_either()
    {
        var configuration = Configuration();
        configuration["TotalTimeout"] = "hush-hush-hush";
        using var provider = Provider(services => services.AddTokenwright().AddXms("lab", configuration));

        var exception = Assert.Catch<InvalidOperationException>(() => provider.GetRequiredKeyedService<ITokenClient>("lab"))!;

        Assert.That(exception.ToString(), Does.Contain("Xms connection 'lab'").And.Contain("TotalTimeout").And.Not.Contain("hush"));
    }

    [Test]
    public async Task A_log_that_throws_does_not_prevent_the_reload()
    {
        var configuration = Configuration();
        await using var provider = new ServiceCollection().AddLogging(logging => logging.AddProvider(new Log { Throws = true }))
            .AddTokenwright().AddXms("lab", configuration).Services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        configuration["AccessToken"] = string.Empty;
        Assert.That(configuration.Reload, Throws.Nothing);
        configuration["AccessToken"] = "next-token";
        configuration["BaseAddress"] = "https://elsewhere.example/v1";
        Assert.That(configuration.Reload, Throws.Nothing);
        Assert.That(client.Metadata.BaseAddress, Is.EqualTo(new Uri(_vendor.BaseAddress, "v1/")));
    }

    private static IEnumerable<TestCaseData> TakenAway()
    {
        yield return Case(new SailPointOptions { ClientId = "id", ClientSecret = new TokenSecret("secret") },
            options => options.ClientId = null, "ClientId", (options, address) => new SailPointTokenClient("lab", options));
        yield return Case(new SailPointOptions { ClientId = "id", ClientSecret = new TokenSecret("secret") },
            options => options.ClientSecret = null, "ClientSecret", (options, address) => new SailPointTokenClient("lab", options));
        yield return Case(new XmsOptions { AccessToken = new TokenSecret("secret") }, options => options.AccessToken = null, "AccessToken",
            (options, address) => new XmsTokenClient("lab", options));
        yield return Case(new XmsOptions { Username = "me", Password = new TokenSecret("secret") }, options => options.Password = null,
            "Password", (options, address) => new XmsTokenClient("lab", options));
        yield return Case(new FimidaraOptions { Token = new TokenSecret("secret") }, options => options.Token = null, "Token",
            (options, address) => new FimidaraTokenClient("lab", options));

        static TestCaseData Case<TOptions>(TOptions options, Action<TOptions> take, string option, Func<TOptions, Uri, ITokenClient> open)
            where TOptions : ConnectionOptions
            => new TestCaseData(new Func<Uri, (ITokenClient, Action)>(address =>
            {
                options.BaseAddress = address;
                return (open(options, address), () => take(options));
            }), option).SetArgDisplayNames(typeof(TOptions).Name, option);
    }

    [TestCaseSource(nameof(TakenAway))]
    public void A_required_option_that_a_program_removes_is_named(
        Func<Uri, (ITokenClient Client, Action Take)> open, string option)
    {
        var (client, take) = open(new Uri(_vendor.BaseAddress, "v1"));
        using (client)
        {
            take();

            Assert.That(async () => await client.ListAsync().ToListAsync(),
                Throws.TypeOf<TokenAuthenticationException>().With.Message.Contains($"{option} is missing"));
            Assert.That(_vendor.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task Options_that_are_read_once_do_not_change_with_a_programs_own_options()
    {
        var options = new XmsOptions { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), AccessToken = new TokenSecret("good-token") };
        using var client = new XmsTokenClient("lab", options);
        (options.BaseAddress, options.TotalTimeout, options.AttemptTimeout, options.MaxRetries, options.MaxResponseBytes) =
            (null, TimeSpan.Zero, -TimeSpan.FromDays(1), -1, 0);

        Assert.That((await client.GetAsync(TokenReference.ById("7"))).Id, Is.EqualTo("7"));
    }

    [TestCase(".")]
    [TestCase("..")]
    [TestCase("a/b")]
    [TestCase("a\u0001", TestName = "{m}(a control character)")]
    [TestCase("a\nb")]
    [TestCase("half of a pair")]
    public void Ids_in_options_are_checked_like_ids_in_calls(string id)
    {
        // No attribute can contain a lone surrogate.
        if (id == "half of a pair")
            id = "a\ud800";
        var address = new Uri("https://vendor.example/v1");
        Assert.That(
            () => new SailPointTokenClient(
                "lab", new SailPointOptions { BaseAddress = address, ClientId = id, ClientSecret = new TokenSecret("secret") }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(
                "ClientId").And.Message.Not.Contains(id == "a/b" ? id : "\u0001"));
        Assert.That(
            () => new FimidaraTokenClient(
                "lab", new FimidaraOptions { BaseAddress = address, WorkspaceId = id, Token = new TokenSecret("secret") }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("WorkspaceId"));
    }

    private IConfigurationRoot Configuration()
    {
        var settings = new Settings { ["BaseAddress"] = _vendor.BaseAddress + "v1", ["AccessToken"] = "good-token" };
        return new ConfigurationBuilder().Add(settings).Build();
    }

    private ServiceProvider Provider(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug));
        add(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>Settings in memory. Setting one to null removes it.</summary>
    private sealed class Settings : ConfigurationProvider, IConfigurationSource
    {
        public string? this[string key]
        {
            set => Set(key, value);
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Set(string key, string? value)
        {
            if (value is null)
                Data.Remove(key);
            else
                Data[key] = value;
        }
    }

    /// <summary>Files whose change notifications the test triggers.</summary>
    private sealed class Files(string folder) : IFileProvider, IDisposable
    {
        private readonly PhysicalFileProvider _files = new(folder);
        private CancellationTokenSource _changed = new();

        public void Change()
        {
            using var changed = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
            changed.Cancel();
        }

        public IDirectoryContents GetDirectoryContents(string subpath) => _files.GetDirectoryContents(subpath);

        public IFileInfo GetFileInfo(string subpath) => _files.GetFileInfo(subpath);

        public IChangeToken Watch(string filter) => new CancellationChangeToken(_changed.Token);

        public void Dispose()
        {
            _changed.Dispose();
            _files.Dispose();
        }
    }

    private sealed class Log : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> _all = new();

        public bool Throws { get; init; }

        public IEnumerable<string> Of(string category, LogLevel level)
            => _all.Where(entry => entry.Category == category && entry.Level == level).Select(entry => entry.Text);

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Log log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
                => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (log.Throws)
                    throw new IOException("the log's disk is full");
                log._all.Enqueue((category, logLevel, formatter(state, exception) + exception));
            }
        }
    }
}
