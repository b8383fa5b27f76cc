using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Describes the failure of a tunnel through a proxy. The framework names the proxy only in a message that also shows the proxy's password.
/// </summary>
/// <param name="Proxy">The proxy's host and port; null if the message doesn't contain them.</param>
/// <param name="Status">The status of the proxy's response; null if there is none.</param>
internal readonly record struct ProxyRefusal(string? Proxy, HttpStatusCode? Status)
{
    private const string EndOfQuotation = "' ";

    /// <summary>Reads the refusal from an exception.</summary>
    /// <param name="failure">An exception with <see cref="HttpRequestError.ProxyTunnelError"/>.</param>
    public static ProxyRefusal Of(HttpRequestException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var start = failure.Message.IndexOf('\'', StringComparison.Ordinal) + 1;
        var end = failure.Message.LastIndexOf(EndOfQuotation, StringComparison.Ordinal);
        return new(end > start ? HostOf(failure.Message[start..end]) : null, failure.StatusCode);
    }

    /// <summary>Returns the refusal as a sentence without secrets.</summary>
    public override string ToString() => Status switch
    {
        null => $"The proxy{Name} could not be reached.",
        HttpStatusCode.ProxyAuthenticationRequired => $"The proxy{Name} requires a user and a password (HTTP 407).",
        { } status => $"The proxy{Name} refused the connection (HTTP {(int)status}).",
    };

    private string? Name => Proxy is null ? null : $" {Proxy}";

    private static string? HostOf(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 ? $"{address.Host}:{address.Port}" : null;
}
