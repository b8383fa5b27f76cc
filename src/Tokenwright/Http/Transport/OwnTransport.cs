using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Tokenwright.Http;

/// <summary>Creates the transports of this SDK, and recognizes them.</summary>
internal static class OwnTransport
{
    private static readonly ConditionalWeakTable<HttpMessageHandler, object> Keys = [];

    /// <summary>Creates a transport.</summary>
    /// <param name="options">The options of the connection; null for the defaults.</param>
    /// <exception cref="OptionsValidationException">The options of the transport are invalid.</exception>
    public static SocketsHttpHandler Create(ConnectionOptions? options)
    {
        var isLoopback = options?.BaseAddress is { IsAbsoluteUri: true, IsLoopback: true };
        var transport = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = options?.UsesMachineProxy ?? true,
            AutomaticDecompression = isLoopback ? DecompressionMethods.None : DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxConnectionsPerServer = Math.Max(1, options?.MaxConnections ?? ConnectionOptions.DefaultMaxConnections),
        };
        if (options is not null && options.GivenTransportOptions.Count > 0)
            Apply(options, transport);
        Keys.Add(transport, options?.TransportKey ?? string.Empty);
        return transport;
    }

    /// <summary>Determines whether a transport is one of this SDK.</summary>
    /// <param name="innermost">The innermost handler of the transport.</param>
    public static bool IsOwn(HttpMessageHandler innermost) => Keys.TryGetValue(innermost, out _);

    /// <summary>Determines whether a transport is one of this SDK with the certificates and the proxy of the options.</summary>
    /// <param name="innermost">The innermost handler of the transport.</param>
    /// <param name="options">The options.</param>
    public static bool Applies(HttpMessageHandler innermost, ConnectionOptions options)
        => Keys.TryGetValue(innermost, out var key) && key.Equals(options.TransportKey);

    /// <summary>Gets the innermost handler of a transport.</summary>
    public static HttpMessageHandler Innermost(HttpMessageHandler transport)
    {
        while (transport is DelegatingHandler { InnerHandler: { } inner })
            transport = inner;
        return transport;
    }

    private static void Apply(ConnectionOptions options, SocketsHttpHandler transport)
    {
        if (options.FindTransportProblems() is { Count: > 0 } problems)
            throw new OptionsValidationException(Options.DefaultName, options.GetType(), problems);
        var certificates = options.TakeCertificates();
        if (options.ProxyAddress is { } address)
        {
            transport.UseProxy = true;
            transport.Proxy = new ConnectionProxy(address, options.ProxyUsername, options.ProxyPassword);
        }

        if (certificates.Authorities is { } authorities)
        {
            // As without a policy, revocation isn't checked. The framework copies the policy for each network connection.
            var policy = new X509ChainPolicy
                { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            transport.SslOptions.CertificateChainPolicy = policy;
        }

        transport.SslOptions.ClientCertificateContext = certificates.Client;
    }
}
