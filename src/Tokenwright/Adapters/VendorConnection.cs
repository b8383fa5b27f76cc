using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Polly;
using Tokenwright.Http;

namespace Tokenwright.Adapters;

/// <summary>
/// Represents the HTTP side of one connection. It creates the HTTP clients for typed clients. All of them share one transport and send a
/// request through the same steps: total timeout, credential, attempt timeout with a bounded buffer for the body, socket.
/// </summary>
public sealed class VendorConnection : IDisposable
{
    private readonly HttpMessageHandler? _ownTransport;
    private readonly HttpMessageHandler _transport;
    private readonly SendGuardKind _guard;
    private readonly ConnectionRateLimit _rateLimit;
    private readonly Func<ConnectionOptions> _presentOptions;
    private readonly ConnectionOptions _options;
    private readonly string _userAgent;
    // This table is used as a set. Clients that are no longer used leave it when they are collected.
    private readonly ConditionalWeakTable<ConnectionClient, VendorConnection> _clients = [];
    private ResiliencePipeline<HttpResponseMessage>? _retries;
    private IReadOnlyList<KeyValuePair<string, object?>> _lastReadOnce;

    private VendorConnection(string vendor, string name, Func<ConnectionOptions> options, ConnectionEnvironment environment)
    {
        Vendor = vendor;
        Name = name;
        TimeProvider = environment.TimeProvider;
        Events = new ConnectionEvents(vendor, name, environment.LoggerFactory);
        var transport = environment.Transport;
        _presentOptions = options;

        // The options are copied, so that options that are read once don't change when the program changes its own while the connection is
        // open.
        _options = options().Copy();
        _lastReadOnce = _options.ReadOnce;
        BaseAddress = WithTrailingSlash(_options.BaseAddress!);
        ServerClock = new ServerClock(TimeProvider);
        Creations = CreationLedger.Of(vendor, BaseAddress, TimeProvider);
        _userAgent = UserAgentOf(_options.GetType().Assembly, _options.UserAgent);
        _ownTransport = transport is null ? CreateTransport(_options) : environment.OwnsTransport ? transport : null;
        transport = transport is not null ? Checked(transport, BaseAddress)
            : environment.WrapTransport?.Invoke(_ownTransport!) ?? _ownTransport!;
        _guard = SendGuardHandler.Guard(transport);
        _transport = transport;
        _rateLimit = new ConnectionRateLimit(
            _options,
            () => options().RateLimitScope,
            scope => VendorRateLimiters.Shared.Get(Vendor, BaseAddress, scope, TimeProvider));

        // The options of a container's connections are checked when the program starts, which is also when this is logged.
        if (_options.IsUnencrypted && !environment.OwnsTransport)
            Events.IsUnencrypted(BaseAddress);
    }

    /// <summary>Opens a connection. Nothing is sent.</summary>
    /// <typeparam name="TOptions">The vendor's options.</typeparam>
    /// <param name="vendor">The vendor.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="options">
    /// Returns the current options. The address, times and limits are read once, when the connection is opened.
    /// </param>
    /// <param name="environment">The transport, clock and logs; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">The options are invalid. The message lists every problem.</exception>
    /// <exception cref="ArgumentException">
    /// The transport follows redirects, or has a handler that can't be prevented from sending a request twice.
    /// </exception>
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
        if (environment?.Transport is { } transport && present.GivenTransportOptions is { Count: > 0 } given
            && !OwnTransport.Applies(OwnTransport.Innermost(transport), present))
            throw new OptionsValidationException(name, typeof(TOptions),
            [
                $"{vendor.Name} connection '{name}': {string.Join(", ", given)} can't be applied, because the program gives the " +
                    "connection a transport of its own; configure the transport, and remove " +
                    $"{(given.Count == 1 ? "the option" : "the options")}.",
            ]);
        return new VendorConnection(vendor.Name, name, options, environment ?? new ConnectionEnvironment());
    }

    /// <summary>Gets the vendor's name.</summary>
    public string Vendor { get; }

    /// <summary>Gets the connection's name.</summary>
    public string Name { get; }

    /// <summary>Gets the address to which relative paths are added. It ends with a slash.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Gets the maximum number of retries of a request.</summary>
    internal int MaxRetries => _options.MaxRetries;

    /// <summary>Gets the average wait before the first retry.</summary>
    internal TimeSpan RetryDelay => _options.RetryDelay;

    /// <summary>Gets the maximum wait that a response can ask for.</summary>
    internal TimeSpan MaxRetryAfter => _options.MaxRetryAfter;

    /// <summary>Gets the maximum time for a request, including retries.</summary>
    public TimeSpan TotalTimeout => _options.TotalTimeout;

    /// <summary>Gets how long the token of a lost create can take to appear; null for the value of the capabilities.</summary>
    internal TimeSpan? CreationSettleTime => _options.CreationSettleTime;

    /// <summary>Gets the options that the transport was created with; null for a transport of the program.</summary>
    internal ConnectionOptions? TransportOptions => OwnTransport.IsOwn(OwnTransport.Innermost(_transport)) ? _options : null;

    internal ServerClock ServerClock { get; }

    /// <summary>Gets the pipeline for retries, which is created at the first retry.</summary>
    internal ResiliencePipeline<HttpResponseMessage> Retries
        => _retries ?? Interlocked.CompareExchange(ref _retries, Http.Retries.Create(_options, TimeProvider, Events), null) ?? _retries!;

    /// <summary>Gets the ledger of the creates that this process sends to the vendor's address.</summary>
    internal CreationLedger Creations { get; }

    internal ConnectionEvents Events { get; }

    /// <summary>Gets the latest secrets of the connection and of its proxies, which are redacted in messages.</summary>
    internal IEnumerable<TokenSecret> SeenSecrets
        => _presentOptions().AllSecrets.SelectMany(secret => secret.Value?.Seen ?? []).Concat(ProxySecrets.Of(_transport, BaseAddress));

    /// <summary>
    /// Creates the transport of this SDK. It follows no redirects, because a credential must not go to another origin, and stores no
    /// cookies. It requests compressed bodies unless the vendor is on this machine. It renews network connections so that DNS changes take
    /// effect, and opens at most <see cref="ConnectionOptions.MaxConnections"/> at a time. It has the certificates and the proxy of the
    /// options. It never uses the machine's proxy for plain http, or for a vendor on this machine.
    /// </summary>
    /// <param name="options">
    /// The connection's options, of which those of the transport must be valid; null for the defaults.
    /// </param>
    /// <exception cref="OptionsValidationException">The certificates or the proxy of the options can't be used.</exception>
    public static HttpMessageHandler CreateTransport(ConnectionOptions? options = null) => OwnTransport.Create(options);

    /// <summary>Reads a secret that a response must contain. Line breaks around it are removed.</summary>
    /// <param name="value">The value of the member.</param>
    /// <param name="member">The name of the member, for the message.</param>
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

    /// <summary>
    /// Creates an HTTP client on the connection's transport. It is cheap and need not be disposed. Typed clients with this SDK's templates
    /// send requests past <see cref="HttpClient"/> until one of its settings is changed, so
    /// <see cref="HttpClient.CancelPendingRequests"/> doesn't cancel them. The disposal of the client or of the connection does.
    /// </summary>
    /// <param name="credential">The credential for its requests; null for anonymous requests.</param>
    public HttpClient CreateHttpClient(RequestCredential? credential = null)
    {
        var client = new ConnectionClient(
            new ConnectionHandler(this, credential, _options, _rateLimit, _userAgent, _transport, _guard), BaseAddress);
        _clients.Add(client, this);
        return client;
    }

    /// <summary>
    /// Creates the result of a call that issued a token. The secret is always returned, even if the record can't be read, because the
    /// vendor may never show it again.
    /// </summary>
    /// <typeparam name="TRecord">The type of the record.</typeparam>
    /// <param name="secret">The secret.</param>
    /// <param name="record">The vendor's record of the token.</param>
    /// <param name="toToken">Converts the record.</param>
    public IssuedToken Issue<TRecord>(TokenSecret secret, TRecord record, Func<TRecord, VendorConnection, ApiToken> toToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(toToken);
        ApiToken token;
        try
        {
            token = toToken(record, this);
        }
        catch (Exception failure)
        {
            Events.RecordUnread(failure);
            token = new ApiToken { Vendor = Vendor, Connection = Name };
        }

        return new IssuedToken { Token = token, Secret = secret };
    }

    /// <summary>
    /// Gets the value of a required option. It was set when the connection was opened, but a program can remove it later from options that
    /// it holds itself.
    /// </summary>
    /// <typeparam name="T">The type of the option.</typeparam>
    /// <param name="value">The current value of the option.</param>
    /// <param name="option">The option's name.</param>
    /// <exception cref="SecretSourceException">The option has no value. The message names it and the problems of the options.</exception>
    public T Required<T>(T? value, string option)
        where T : class
        => value is not null && (value is not string text || !string.IsNullOrWhiteSpace(text)) ? value : throw new SecretSourceException(
            $"{option} was removed from the connection's options while it is open. {string.Join(" ", _presentOptions().FindProblems())}"
                .TrimEnd());

    /// <summary>
    /// Sends a secret from the connection's options in a request. If the vendor refuses it, this method reads the options again, and sends
    /// the secret again if it has changed, because its file may have been read while it was being written.
    /// </summary>
    /// <typeparam name="TSecret">The type of the secret, or of a tuple of an id and a secret.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="read">Reads the secret.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="context">The operation.</param>
    /// <exception cref="ApiException">The vendor refused the secret, or the request failed in another way.</exception>
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

    /// <summary>Logs which options a reload changed without effect, because they are read once.</summary>
    /// <param name="present">The current options.</param>
    internal void Reloaded(ConnectionOptions present)
    {
        var readOnce = present.ReadOnce;
        string[] ignored = [.. readOnce.Except(_options.ReadOnce).Select(option => option.Key)];
        if (ignored.Length > 0 && !readOnce.SequenceEqual(_lastReadOnce))
            Events.OptionsIgnored(ignored);
        _lastReadOnce = readOnce;
    }

    /// <summary>
    /// Waits a moment so that a program that writes the connection's secret files can finish, once for each value that was read.
    /// </summary>
    /// <param name="refused">The secret that the vendor refused; null if it was exchanged for another one.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>Whether the secret may come from a file, so that reading it again can help.</returns>
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

    /// <summary>Acknowledges a secret of the options that the vendor accepted.</summary>
    /// <param name="accepted">The secret.</param>
    /// <returns>Whether there is nothing to do for this secret any more.</returns>
    internal async ValueTask<bool> AcknowledgeAsync(TokenSecret accepted)
    {
        var isDone = true;
        foreach (var (_, source) in _presentOptions().Secrets)
        {
            if (source is not null)
                isDone &= await source.AcknowledgeAsync(accepted, TimeProvider, Events).ConfigureAwait(false);
        }

        return isDone;
    }

    internal static ValidateOptionsResult Check<TOptions>(TokenVendor<TOptions> vendor, string name, TOptions options)
        where TOptions : ConnectionOptions, new()
        => vendor.Validator.Validate(Microsoft.Extensions.Options.Options.DefaultName, options) is { Failed: true } check
            ? ValidateOptionsResult.Fail(check.Failures.Select(problem => $"{vendor.Name} connection '{name}': {problem}"))
            : ValidateOptionsResult.Success;

    /// <summary>
    /// Disposes the transport if the SDK or a container created it for this connection. A transport from the caller is not disposed.
    /// </summary>
    public void Dispose()
    {
        // Requests in progress must end now with the right exception. A disposed transport would let them continue.
        foreach (var (client, _) in _clients)
        {
            try
            {
                client.CancelRequests();
            }
            catch (ObjectDisposedException)
            {
                // The owner of the client disposed it, which cancelled its requests.
            }
        }

        _ownTransport?.Dispose();

        // The outermost handler of HttpClientFactory doesn't dispose the inner ones. The factory disposes handlers that have expired, and
        // this one never expires.
        if (_ownTransport is DelegatingHandler { InnerHandler: { } handlers })
            handlers.Dispose();
    }

    private static HttpMessageHandler Checked(HttpMessageHandler transport, Uri baseAddress)
    {
        var innermost = OwnTransport.Innermost(transport);

        // If the transport followed a redirect, the credential would go to the new address, because the framework removes only one header.
        if (innermost is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true })
            throw new ArgumentException(
                "The transport follows redirects, which would carry the credential to other servers; set its AllowAutoRedirect to false.",
                nameof(transport));

        // Plain http is allowed for loopback because it doesn't leave the machine. A proxy from the machine's settings would break that. A
        // proxy that the program sets itself is intended.
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

    // It contains the vendor's package, so that the vendor's support and a firewall's administrator see what sends the requests.
    private static string UserAgentOf(Assembly vendorPackage, string? program)
    {
        var version = typeof(
            VendorConnection).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        return $"Tokenwright/{version} ({vendorPackage.GetName().Name}){(program is null ? null : $" {program}")}";
    }

    private static Uri WithTrailingSlash(Uri address)
        => address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;
}
