using System.Globalization;

namespace Tokenwright.Http;

/// <summary>What a proxy responded to the request for a tunnel. The framework tells of it in a message alone, which shows the proxy's password.</summary>
/// <param name="Proxy">The proxy's host and port; null if the message doesn't name it.</param>
/// <param name="Status">The status that it responded with; null if the message doesn't name one.</param>
internal readonly record struct ProxyRefusal(string? Proxy, int? Status)
{
    private const int DigitsOfStatus = 3;

    /// <summary>Reads the framework's message.</summary>
    /// <param name="failure">A failure with <see cref="HttpRequestError.ProxyTunnelError"/>.</param>
    public static ProxyRefusal Of(HttpRequestException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var parts = failure.Message.Split('\'');
        return new(parts.Select(HostOf).FirstOrDefault(host => host is not null), StatusOf(parts[^1]) ?? (parts.Length > 1 ? StatusOf(parts[^2]) : null));
    }

    /// <summary>The refusal as a sentence without secrets.</summary>
    public override string ToString() => $"The proxy{(Proxy is null ? null : $" {Proxy}")} refused the tunnel{(Status is null ? null : $" (HTTP {Status})")}.";

    private static string? HostOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 ? $"{address.Host}:{address.Port}" : null;

    private static int? StatusOf(string text)
        => text.Length == DigitsOfStatus && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
}
