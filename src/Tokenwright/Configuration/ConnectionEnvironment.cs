using Microsoft.Extensions.Logging;

namespace Tokenwright;

/// <summary>What a connection works with that is not part of its options: its transport, its clock and its logs.</summary>
public sealed class ConnectionEnvironment
{
    /// <summary>
    /// Gets or initializes the handler that sends requests; null, the default, for the SDK's own. It stays the caller's: closing the
    /// connection doesn't dispose it.
    /// </summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Gets or initializes the clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Gets or initializes what takes the log of the connection's requests; null, the default, for none. Operations are logged by
    /// <see cref="TokenClientBuilderExtensions.UseLogging"/>.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Gets whether the transport was made for the connection alone, and is disposed with it.</summary>
    internal bool OwnsTransport { get; init; }
}
