using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Polly;
using Tokenwright.Http;

namespace Tokenwright.Adapters;

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
    private readonly string _userAgent;
    // A set: clients that nobody uses any more leave it by themselves.
    private readonly ConditionalWeakTable<HttpClient, VendorConnection> _clients = [];
    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _resilience;
    private IReadOnlyList<KeyValuePair<string, object?>> _lastReadOnce;

    private VendorConnection(string vendor, string name, Func<ConnectionOptions> options, ConnectionEnvironment environment)
    {
        Vendor = vendor;
        Name = name;
        TimeProvider = environment.TimeProvider;
        Events = new ConnectionEvents(vendor, name, environment.LoggerFactory);
        var transport = environment.Transport;
        _presentOptions = options;

        // A copy: what is read once stays as it was, also where the program changes its options while the connection is open.
        _options = options().Copy();
        _lastReadOnce = _options.ReadOnce;
        BaseAddress = WithTrailingSlash(_options.BaseAddress!);
        ServerClock = new ServerClock(TimeProvider);
        Creations = CreationLedger.Of(vendor, BaseAddress, TimeProvider);
        _userAgent = UserAgentOf(_options.GetType().Assembly, _options.UserAgent);
        _ownTransport = transport is null ? CreateTransport(_options) : environment.OwnsTransport ? transport : null;
        var isGuarded = SendGuardHandler.Guard(transport is null ? _ownTransport! : Checked(transport, BaseAddress), out var guarded);
        _transport = guarded;
        _resilience = new(() => ResilienceHandler.CreatePipeline(_options, TimeProvider, Events));
        _attempts = new RateLimitHandler(
            _options,
            () => options().RateLimitScope,
            scope => VendorRateLimiters.Shared.Get(Vendor, BaseAddress, scope, TimeProvider),
            Events,
            new AttemptHandler(_options, TimeProvider, ServerClock, Events, guarded, isGuarded));
    }

    /// <summary>Opens a connection; nothing is sent.</summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="options">Gives its present options; their address, times and limits are those of this moment.</param>
    /// <param name="environment">Its transport, clock and logs; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">The options are wrong; the message lists every problem.</exception>
    /// <exception cref="ArgumentException">The transport follows redirects, or one of its handlers can't be guarded against sending a
    /// request twice.</exception>
    public static VendorConnection Open<TOptions>(
        TokenVendor<TOptions> vendor, string name, Func<TOptions> options, ConnectionEnvironment? environment = null)
        where TOptions : ConnectionOptions, new()
    {
        ArgumentNullException.ThrowIfNull(vendor);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        var present = options();
        ArgumentNullException.ThrowIfNull(present, nameof(options));
        if (Check(vendor, name, present) is { Failed: true } check)
            throw new OptionsValidationException(name, typeof(TOptions), check.Failures);
        return new VendorConnection(vendor.Name, name, options, environment ?? new ConnectionEnvironment());
    }

    /// <summary>Gets the vendor's name.</summary>
    public string Vendor { get; }

    /// <summary>Gets the connection's name.</summary>
    public string Name { get; }

    /// <summary>Gets the address that relative paths are resolved against; it ends with a slash.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Gets how many times a request is retried at most.</summary>
    internal int MaxRetries => _options.MaxRetries;

    /// <summary>Gets how long the first retry waits on average.</summary>
    internal TimeSpan RetryDelay => _options.RetryDelay;

    /// <summary>Gets the longest wait that a response can ask for.</summary>
    internal TimeSpan MaxRetryAfter => _options.MaxRetryAfter;

    /// <summary>Gets how long a request may take in all.</summary>
    public TimeSpan TotalTimeout => _options.TotalTimeout;

    /// <summary>Gets how long the token of a lost create may take to show; null for what the vendor's capabilities say.</summary>
    internal TimeSpan? CreationSettleTime => _options.CreationSettleTime;

    internal ServerClock ServerClock { get; }

    /// <summary>Gets what this process knows of the creates at the vendor's address.</summary>
    internal CreationLedger Creations { get; }

    internal ConnectionEvents Events { get; }

    /// <summary>
    /// Gets the connection's own secrets as they were read last, and those of its proxies, to be redacted where somebody repeats them.
    /// </summary>
    internal IEnumerable<TokenSecret> SeenSecrets
        => _presentOptions().Secrets.SelectMany(secret => secret.Value?.Seen ?? []).Concat(ProxySecrets.Of(_transport, BaseAddress));

    /// <summary>
    /// Gets the transport that the SDK uses: no redirects (a credential must not follow one to another origin), no cookies, compressed
    /// bodies asked for and read unless the vendor is on this machine, connections renewed so that changes of DNS are seen, and no more of
    /// them at a time than <see cref="ConnectionOptions.MaxConnections"/>. A vendor on this machine is never reached through a proxy.
    /// </summary>
    /// <param name="options">The connection's options, which need not have been checked yet; null for the defaults.</param>
    public static HttpMessageHandler CreateTransport(ConnectionOptions? options = null) => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !IsLoopback(options),
        AutomaticDecompression = IsLoopback(options) ? DecompressionMethods.None : DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = Math.Max(1, options?.MaxConnections ?? ConnectionOptions.DefaultMaxConnections),
    };

    /// <summary>Reads a secret that a response must contain. Line ends around it are removed.</summary>
    /// <param name="value">The member's value.</param>
    /// <param name="member">The member's name, for the message.</param>
    /// <exception cref="ApiException">The value is missing, or can't be sent in a header.</exception>
    public static TokenSecret ReadSecret(string? value, string member)
    {
        try
        {
            return new TokenSecret(value?.Trim('\r', '\n')!);
        }
        catch (ArgumentException)
        {
            throw ApiException.WithoutMember(member);
        }
    }

    /// <summary>Creates an HTTP client on the connection's transport. It is cheap, and need not be disposed.</summary>
    /// <param name="credential">What authenticates its requests; null for anonymous ones.</param>
    public HttpClient CreateHttpClient(RequestCredential? credential = null)
    {
        var authenticated = credential is null ? _attempts : new CredentialHandler(credential, this, _attempts);
        var client = new HttpClient(
            new ResilienceHandler(_resilience, _options, _userAgent, () => SeenSecrets, TimeProvider, authenticated), disposeHandler: false)
        {
            BaseAddress = BaseAddress,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _clients.Add(client, this);
        return client;
    }

    /// <summary>
    /// Creates the result of a call that issued a token. Whatever goes wrong with the record, the secret is handed out: it may never be
    /// shown again.
    /// </summary>
    /// <param name="secret">The secret.</param>
    /// <param name="toToken">Maps the record.</param>
    public IssuedToken Issue(TokenSecret secret, Func<ApiToken> toToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(toToken);
        ApiToken token;
        try
        {
            token = toToken();
        }
        catch (Exception failure)
        {
            Events.RecordUnread(failure);
            token = new ApiToken { Vendor = Vendor, Connection = Name };
        }

        return new IssuedToken { Token = token, Secret = secret };
    }

    /// <summary>
    /// Gets an option that requests can't do without. It was there when the connection was opened; a program can have taken it away since,
    /// from options that it holds itself.
    /// </summary>
    /// <typeparam name="T">The type of the option.</typeparam>
    /// <param name="value">The option's present value.</param>
    /// <param name="option">The option's name.</param>
    /// <exception cref="SecretSourceException">There is no value; the message names the option, and what the options lack.</exception>
    public T Required<T>(T? value, string option)
        where T : class
        => value is not null && (value is not string text || !string.IsNullOrWhiteSpace(text)) ? value : throw new SecretSourceException(
            $"{option} was taken out of the connection's options while it is open. {string.Join(" ", _presentOptions().FindProblems())}"
                .TrimEnd());

    /// <summary>
    /// Sends a secret of the connection's options within a request. If the vendor refuses it, the options are read again, and it is sent
    /// once more if it has changed: its file may have been read while it was being written.
    /// </summary>
    /// <typeparam name="TSecret">The secret, or a tuple of an id and a secret.</typeparam>
    /// <typeparam name="TResult">What the request gives.</typeparam>
    /// <param name="read">Reads the secret.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="context">The operation.</param>
    /// <exception cref="ApiException">The vendor refused it; or it failed in another way.</exception>
    public async Task<TResult> SendOwnSecretAsync<TSecret, TResult>(
        Func<CancellationToken, ValueTask<TSecret>> read, Func<TSecret, OperationContext, Task<TResult>> send, OperationContext context)
        where TSecret : IEquatable<TSecret>
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(send);
        ArgumentNullException.ThrowIfNull(context);
        var cancellationToken = context.CancellationToken;
        var secret = await read(cancellationToken).ConfigureAwait(false);
        try
        {
            return await send(secret, context).ConfigureAwait(false);
        }
        catch (ApiException refusal) when (refusal.RefusesSecret)
        {
            var present = await read(cancellationToken).ConfigureAwait(false);
            if (present.Equals(secret) && await AwaitSecretFilesAsync(null, cancellationToken).ConfigureAwait(false))
                present = await read(cancellationToken).ConfigureAwait(false);
            if (present.Equals(secret))
                throw;
            return await send(present, context).ConfigureAwait(false);
        }
    }

    /// <summary>Says which options a reload changed without effect, because they are read once.</summary>
    /// <param name="present">The present options.</param>
    internal void Reloaded(ConnectionOptions present)
    {
        var readOnce = present.ReadOnce;
        string[] ignored = [.. readOnce.Except(_options.ReadOnce).Select(option => option.Key)];
        if (ignored.Length > 0 && !readOnce.SequenceEqual(_lastReadOnce))
            Events.OptionsIgnored(ignored);
        _lastReadOnce = readOnce;
    }

    /// <summary>Gives whatever writes the secret files of the connection a moment to finish, once for each value that was read.</summary>
    /// <param name="refused">The secret that the vendor refused; null where it was exchanged for something.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>Whether there is a file that it may have come from, so that reading again can help.</returns>
    internal async ValueTask<bool> AwaitSecretFilesAsync(TokenSecret? refused, CancellationToken cancellationToken)
    {
        var found = false;
        foreach (var (_, source) in _presentOptions().Secrets)
        {
            if (source?.WaitAfterRefusal(refused, TimeProvider) is not { } wait)
                continue;
            found = true;
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    internal static ValidateOptionsResult Check<TOptions>(TokenVendor<TOptions> vendor, string name, TOptions options)
        where TOptions : ConnectionOptions, new()
        => vendor.Validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options) is { Failed: true } check
            ? ValidateOptionsResult.Fail(check.Failures.Select(problem => $"{vendor.Name} connection '{name}': {problem}"))
            : ValidateOptionsResult.Success;

    /// <summary>
    /// Closes the SDK's own transport, or the one that a container made for this connection. One that the caller gave stays the caller's.
    /// </summary>
    public void Dispose()
    {
        // What is under way ends now, and is told as what it is. A transport that is disposed lets it go on.
        foreach (var (client, _) in _clients)
        {
            try
            {
                client.CancelPendingRequests();
            }
            catch (ObjectDisposedException)
            {
                // Its owner disposed it, which cancelled its requests.
            }
        }

        _ownTransport?.Dispose();

        // The outermost handler of the container's factory disposes nothing: the factory disposes handlers that have run out, and this one
        // never does.
        if (_ownTransport is DelegatingHandler { InnerHandler: { } handlers })
            handlers.Dispose();
    }

    private static HttpMessageHandler Checked(HttpMessageHandler transport, Uri baseAddress)
    {
        var innermost = transport;
        while (innermost is DelegatingHandler { InnerHandler: { } inner })
            innermost = inner;

        // A redirect that the transport follows by itself would carry the credential to wherever it points: the framework takes away one
        // header only.
        if (innermost is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true })
            throw new ArgumentException(
                "The transport follows redirects, which would carry the credential to other servers; set its AllowAutoRedirect to false.",
                nameof(transport));

        // Plain http is taken for loopback because nothing leaves the machine. A proxy that the machine's settings name would break that;
        // one that the program names itself is meant.
        if (baseAddress.Scheme == Uri.UriSchemeHttp
            && innermost is SocketsHttpHandler { UseProxy: true, Proxy: null } or HttpClientHandler { UseProxy: true, Proxy: null })
            LeaveOutProxy(innermost, baseAddress);
        return transport;
    }

    private static void LeaveOutProxy(HttpMessageHandler transport, Uri baseAddress)
    {
        if (HttpClient.DefaultProxy.IsBypassed(baseAddress) || HttpClient.DefaultProxy.GetProxy(baseAddress) is null)
            return;
        try
        {
            if (transport is SocketsHttpHandler sockets)
                sockets.UseProxy = false;
            else
                ((HttpClientHandler)transport).UseProxy = false;
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentException("The transport would send plain http through the machine's proxy; set its UseProxy to false.",
                nameof(transport), exception);
        }
    }

    // The package of the vendor, so that the vendor's support and a firewall's administrator know what calls.
    private static string UserAgentOf(Assembly vendorPackage, string? program)
    {
        var version = typeof(
            VendorConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        return $"Tokenwright/{version} ({vendorPackage.GetName().Name}){(program is null ? null : $" {program}")}";
    }

    private static bool IsLoopback(ConnectionOptions? options) => options?.BaseAddress is { IsAbsoluteUri: true, IsLoopback: true };

    private static Uri WithTrailingSlash(Uri address)
        => address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;
}
