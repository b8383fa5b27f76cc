using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace Tokenwright.Http;

/// <summary>
/// The HTTP side of one connection. It builds the clients that adapters give to typed clients; all of them share one transport and the
/// same way: total timeout, credential, attempt timeout with a bounded buffer for the body, socket.
/// </summary>
public sealed class VendorConnection : IDisposable
{
    private readonly HttpMessageHandler? _ownTransport;
    private readonly HttpMessageHandler _transport;
    private readonly HttpMessageHandler _attempts;
    private readonly Func<ConnectionOptions> _presentOptions;
    private readonly ConnectionOptions _options;
    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _resilience;

    private VendorConnection(
        string vendor, string name, Func<ConnectionOptions> options, HttpMessageHandler? transport, TimeProvider? timeProvider, ILoggerFactory? loggerFactory)
    {
        Vendor = vendor;
        Name = name;
        TimeProvider = timeProvider ?? TimeProvider.System;
        Events = new ConnectionEvents(vendor, name, loggerFactory);
        _presentOptions = options;
        _options = options();
        BaseAddress = WithTrailingSlash(_options.BaseAddress!);
        ServerClock = new ServerClock(TimeProvider);
        RequireNoRedirects(transport);
        _ownTransport = transport is null ? CreateTransport(BaseAddress) : null;
        _transport = transport ?? _ownTransport!;
        _resilience = new(() => ResilienceHandler.CreatePipeline(_options, TimeProvider, Events));
        _attempts = new PacingHandler(
            _options,
            () => options().RateLimitScope,
            scope => CallPace.Of(Vendor, BaseAddress, scope, TimeProvider),
            Events,
            new AttemptHandler(_options, TimeProvider, ServerClock, Events, _transport));
    }

    /// <summary>Opens a connection; nothing is sent.</summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor's name as this SDK writes it.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="options">Gives its present options; their address, times and limits are those of this moment.</param>
    /// <param name="validator">Checks the options.</param>
    /// <param name="transport">What sends requests; null for the SDK's own, which is then disposed with the connection.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="loggerFactory">Takes the connection's log; null for none.</param>
    /// <exception cref="OptionsValidationException">The options are wrong; the message lists every problem.</exception>
    /// <exception cref="ArgumentException">The transport follows redirects.</exception>
    public static VendorConnection Open<TOptions>(
        string vendor,
        string name,
        Func<TOptions> options,
        IValidateOptions<TOptions> validator,
        HttpMessageHandler? transport = null,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null)
        where TOptions : ConnectionOptions
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(vendor);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(validator);
        var present = options();
        ArgumentNullException.ThrowIfNull(present, nameof(options));
        if (Check(vendor, name, present, validator) is { Failed: true } check)
            throw new OptionsValidationException(name, typeof(TOptions), check.Failures);
        return new VendorConnection(vendor, name, options, transport, timeProvider, loggerFactory);
    }

    /// <summary>The vendor's name.</summary>
    public string Vendor { get; }

    /// <summary>The connection's name.</summary>
    public string Name { get; }

    /// <summary>The address that relative paths are resolved against; it ends with a slash.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>How many times a request is sent again at most.</summary>
    internal int MaxRetries => _options.MaxRetries;

    /// <summary>How long the first retry waits on average.</summary>
    internal TimeSpan RetryDelay => _options.RetryDelay;

    /// <summary>How long a request may take in all.</summary>
    public TimeSpan TotalTimeout => _options.TotalTimeout;

    internal ServerClock ServerClock { get; }

    internal ConnectionEvents Events { get; }

    /// <summary>The connection's own secrets as they were read last, and those of its proxies, to be redacted where somebody repeats them.</summary>
    internal IEnumerable<TokenSecret> SeenSecrets => _presentOptions().Secrets.SelectMany(secret => secret.Value?.Seen ?? []).Concat(ProxySecrets.Of(_transport, BaseAddress));

    /// <summary>
    /// The transport that the SDK uses: no redirects (a credential must not follow one to another origin), no cookies, compressed bodies asked for and read unless the vendor is on this
    /// machine, connections renewed so that changes of DNS are seen.
    /// </summary>
    /// <param name="baseAddress">Where the vendor's API is; null if that is not known yet.</param>
    public static HttpMessageHandler CreateTransport(Uri? baseAddress = null) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = baseAddress?.IsLoopback == true ? DecompressionMethods.None : DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>Makes an HTTP client on the connection's transport. It is cheap, and need not be disposed.</summary>
    /// <param name="credential">What authenticates its requests; null for anonymous ones.</param>
    public HttpClient CreateHttpClient(RequestCredential? credential = null)
    {
        var authenticated = credential is null ? _attempts : new CredentialHandler(credential, _attempts);
        return new HttpClient(new ResilienceHandler(_resilience, _options, () => SeenSecrets, TimeProvider, authenticated), disposeHandler: false)
        {
            BaseAddress = BaseAddress,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    internal static ValidateOptionsResult Check<TOptions>(string vendor, string name, TOptions options, IValidateOptions<TOptions> validator)
        where TOptions : ConnectionOptions
        => validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options) is { Failed: true } check
            ? ValidateOptionsResult.Fail(check.Failures.Select(problem => $"{vendor} connection '{name}': {problem}"))
            : ValidateOptionsResult.Success;

    /// <summary>Closes the SDK's own transport. One that the caller gave stays the caller's.</summary>
    public void Dispose() => _ownTransport?.Dispose();

    // A redirect that the transport follows by itself would carry the credential to wherever it points: the framework takes away one header only.
    private static void RequireNoRedirects(HttpMessageHandler? transport)
    {
        var innermost = transport;
        while (innermost is DelegatingHandler { InnerHandler: { } inner })
            innermost = inner;
        if (innermost is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true })
            throw new ArgumentException("The transport follows redirects, which would carry the credential to other servers; set its AllowAutoRedirect to false.", nameof(transport));
    }

    private static Uri WithTrailingSlash(Uri address)
        => address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;
}
