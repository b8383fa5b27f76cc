using System.Collections.Concurrent;
using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Finds the passwords of the proxies that a connection can use: those of its transport, the system and the environment. The framework
/// shows them in messages, and a proxy can repeat them.
/// </summary>
internal static class ProxySecrets
{
    private const int MostKnown = 32;

    private static readonly string[] Variables = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    private static readonly string[] Schemes = ["Basic", "Digest", "NTLM", "Negotiate"];

    // Equal texts share one secret, so that its pattern is created once.
    private static readonly ConcurrentDictionary<string, TokenSecret?> Known = [];

    /// <summary>Gets the secrets of the proxies between a transport and an address.</summary>
    /// <param name="transport">The transport; null if it isn't known.</param>
    /// <param name="address">The address that the transport sends to.</param>
    public static IEnumerable<TokenSecret> Of(HttpMessageHandler? transport, Uri address)
    {
        while (transport is DelegatingHandler { InnerHandler: { } inner })
            transport = inner;
        var (proxy, credentials, own) = transport switch
        {
            SocketsHttpHandler sockets => (sockets.Proxy, sockets.DefaultProxyCredentials, sockets.Credentials),
            HttpClientHandler client => (client.Proxy, client.DefaultProxyCredentials, client.Credentials),
            _ => default,
        };
        return Texts(proxy, credentials, own, address).Select(SecretOf).OfType<TokenSecret>();
    }

    // The secret is the password, or the user if there is no password. For an address, the framework looks for the colon before it
    // unescapes the text; for a variable, after that.
    private static IEnumerable<string?> OfUserInfo(string userInfo)
    {
        var secret = BehindColon(userInfo);
        return [secret, Uri.UnescapeDataString(secret), BehindColon(Uri.UnescapeDataString(userInfo))];
    }

    private static string BehindColon(string userInfo) => userInfo[(userInfo.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static IEnumerable<string?> Texts(IWebProxy? proxy, ICredentials? credentials, ICredentials? own, Uri address)
        => Variables.SelectMany(variable => OfVariable(Environment.GetEnvironmentVariable(variable)))
            .Concat(new[] { proxy, HttpClient.DefaultProxy }.OfType<IWebProxy>().Where(IsAsked).Distinct()
                .SelectMany(used => OfProxy(used, credentials, address)))
            .Concat(OfCredentials(own, address));

    // The framework's own proxies read the variables too, or ask the system, which can take long and doesn't know passwords.
    private static bool IsAsked(IWebProxy proxy) => proxy.GetType().Assembly != typeof(HttpClient).Assembly;

    // The user info is everything before the last at sign, as in the framework.
    private static IEnumerable<string?> OfVariable(string? value)
    {
        if (value is null || value.LastIndexOf('@') is not (> 0 and var end))
            return [];

        // The search begins after the scheme's colon, because a password can contain the same characters.
        var scheme = value.IndexOf("://", StringComparison.Ordinal);
        var isScheme = scheme >= 0 && scheme < end && scheme == value.IndexOf(':', StringComparison.Ordinal);
        return OfUserInfo(value[(isScheme ? scheme + 3 : 0)..end]);
    }

    private static IEnumerable<string?> OfProxy(IWebProxy proxy, ICredentials? credentials, Uri address)
    {
        var proxyAddress = Read(() => proxy.GetProxy(address)) ?? address;
        return OfUserInfo(proxyAddress == address ? string.Empty : proxyAddress.UserInfo)
            .Concat(OfCredentials(Read(() => proxy.Credentials), proxyAddress))
            .Concat(OfCredentials(credentials, proxyAddress));
    }

    private static IEnumerable<string?> OfCredentials(ICredentials? credentials, Uri address)
        => credentials is null ? [] : Schemes.Select(scheme => Read(() => credentials.GetCredential(address, scheme))?.Password);

    // A program's own proxy can throw. That is reported when the proxy is used.
    private static T? Read<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static TokenSecret? SecretOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (Known.Count > MostKnown)
            Known.Clear();
        return Known.GetOrAdd(text, RequestSecrets.Create);
    }
}
