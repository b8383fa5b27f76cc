using Microsoft.Extensions.Logging;

namespace Tokenwright;

/// <summary>Describes what a connection uses besides its options: the transport, the clock and the logs.</summary>
public sealed class ConnectionEnvironment
{
    /// <summary>
    /// Gets or initializes the handler that sends requests; null, the default, for the SDK's own. The caller owns it: it isn't disposed
    /// with the connection. The caller configures its certificates and its proxy: <see cref="ConnectionOptions.CertificateAuthorityFile"/>,
    /// <see cref="ConnectionOptions.ClientCertificateFile"/> and <see cref="ConnectionOptions.Proxy"/> are refused with it.
    /// </summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Gets or initializes the clock. The default is the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gets or initializes the factory for the log of the connection's requests; null, the default, for no log.
    /// <see cref="TokenClientBuilderExtensions.UseLogging"/> logs operations.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Gets or initializes a method that wraps the SDK's own transport; null for none.</summary>
    internal Func<HttpMessageHandler, HttpMessageHandler>? WrapTransport { get; init; }

    /// <summary>Gets or initializes whether the transport was created for this connection alone, and is disposed with it.</summary>
    internal bool OwnsTransport { get; init; }
}
