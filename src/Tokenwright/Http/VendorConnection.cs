using Microsoft.Extensions.Options;

namespace Tokenwright.Http;

/// <summary>
/// The HTTP side of one connection. It builds the clients that adapters give to typed clients; all of them share one transport and the
/// same way: total timeout, credential, attempt timeout with a bounded buffer for the body, socket.
/// </summary>
public sealed class VendorConnection : IDisposable
{
    private readonly HttpMessageHandler? _ownTransport;
    private readonly HttpMessageHandler _attempts;
    private readonly ConnectionOptions _options;

    /// <summary>Opens a connection; nothing is sent.</summary>
    /// <param name="vendor">The vendor's name as this SDK writes it.</param>
    /// <param name="name">The connection's name.</param>
    /// <param name="options">Its options.</param>
    /// <param name="transport">What sends requests; null for the SDK's own, which is then disposed with the connection.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="OptionsValidationException">The options are wrong; the message lists every problem.</exception>
    public VendorConnection(
        string vendor, string name, ConnectionOptions options, HttpMessageHandler? transport = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(vendor);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate().ToList() is { Count: > 0 } problems)
            throw new OptionsValidationException(name, options.GetType(), problems.Select(problem => $"{vendor} connection '{name}': {problem}"));

        Vendor = vendor;
        Name = name;
        TimeProvider = timeProvider ?? TimeProvider.System;
        BaseAddress = WithTrailingSlash(options.BaseAddress!);
        _options = options;
        _ownTransport = transport is null ? CreateTransport() : null;
        _attempts = new AttemptHandler(options, TimeProvider, transport ?? _ownTransport!);
    }

    /// <summary>The vendor's name.</summary>
    public string Vendor { get; }

    /// <summary>The connection's name.</summary>
    public string Name { get; }

    /// <summary>The address that relative paths are resolved against; it ends with a slash.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>
    /// The transport that the SDK uses: no redirects (a credential must not follow one to another origin), no cookies, compressed bodies
    /// read, connections renewed so that changes of DNS are seen.
    /// </summary>
    public static HttpMessageHandler CreateTransport() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>Makes an HTTP client on the connection's transport. It is cheap, and need not be disposed.</summary>
    /// <param name="credential">What authenticates its requests; null for anonymous ones.</param>
    public HttpClient CreateHttpClient(RequestCredential? credential = null)
    {
        var authenticated = credential is null ? _attempts : new CredentialHandler(credential, _attempts);
        return new HttpClient(new TotalTimeoutHandler(_options.TotalTimeout, TimeProvider, authenticated), disposeHandler: false)
        {
            BaseAddress = BaseAddress,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Closes the SDK's own transport. One that the caller gave stays the caller's.</summary>
    public void Dispose() => _ownTransport?.Dispose();

    private static Uri WithTrailingSlash(Uri address)
        => address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri;
}
