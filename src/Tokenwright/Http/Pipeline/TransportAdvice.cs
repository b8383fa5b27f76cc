using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Says which option of the connection can help after a failure of its transport. None helps with a transport of the program.
/// </summary>
internal static class TransportAdvice
{
    /// <summary>Gets advice about a certificate, of the server or of the client, by the framework's words for the failure.</summary>
    /// <param name="failure">The failure of the transport.</param>
    /// <param name="options">The options of the transport; null for a transport of the program.</param>
    /// <returns>Sentences that begin with a space; empty if no option can help.</returns>
    public static string OfCertificates(HttpRequestException failure, ConnectionOptions? options)
    {
        if (options is null)
            return string.Empty;
        var advice = string.Empty;
        if (failure is { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } handshake })
            advice = OfServer(handshake.Message, options);
        return advice.Length > 0 ? advice : OfClient(failure.GetBaseException().Message, options);
    }

    private static string OfServer(string reason, ConnectionOptions options)
    {
        var advice = string.Empty;
        if (Has("NameMismatch"))
            advice += $" The certificate is for another host: set {nameof(ConnectionOptions.BaseAddress)} to a host that it names.";
        if (Has("UntrustedRoot") || Has("PartialChain") || Has("ChainErrors"))
            advice += options.CertificateAuthorityFile is { } file
                ? $" {nameof(ConnectionOptions.CertificateAuthorityFile)} '{file}' doesn't have the authority that issued it, or the " +
                    "server doesn't send an intermediate certificate: add it to the file, if you trust it."
                : $" If you trust the authority that issued it, set {nameof(ConnectionOptions.CertificateAuthorityFile)} to a PEM file " +
                    "with the authority's certificate.";
        if (Has("NotTimeValid"))
            advice += " The certificate, or that of an authority, has expired or is not valid yet; check the clock of this machine.";
        return advice;

        bool Has(string word) => reason.Contains(word, StringComparison.Ordinal);
    }

    // A server that doesn't accept the client's certificate ends the connection with an alert. Other alerts have other reasons, too.
    private static string OfClient(string reason, ConnectionOptions options)
    {
        if (!reason.Contains("alert", StringComparison.Ordinal))
            return string.Empty;
        return options.ClientCertificateFile is { } file
            ? $" The server may not accept the certificate in {nameof(ConnectionOptions.ClientCertificateFile)} '{file}'."
            : reason.Contains("certificate required", StringComparison.Ordinal)
                ? $" The server requires a client certificate: set {nameof(ConnectionOptions.ClientCertificateFile)}."
            : $" If the server requires a client certificate, set {nameof(ConnectionOptions.ClientCertificateFile)}.";
    }

    /// <summary>Gets advice about a proxy that refused a request.</summary>
    /// <param name="status">The status of its response; null for none.</param>
    /// <param name="options">The options of the transport; null for a transport of the program.</param>
    /// <returns>A sentence that begins with a space; empty if no option can help.</returns>
    public static string OfProxy(HttpStatusCode? status, ConnectionOptions? options)
        => options is null || status != HttpStatusCode.ProxyAuthenticationRequired ? string.Empty
        : options.ProxyUsername is null
            ? $" Set {nameof(ConnectionOptions.Proxy)}, {nameof(ConnectionOptions.ProxyUsername)} and " +
                $"{nameof(ConnectionOptions.ProxyPassword)}."
            : $" It rejects {nameof(ConnectionOptions.ProxyUsername)} or {nameof(ConnectionOptions.ProxyPassword)}.";
}
