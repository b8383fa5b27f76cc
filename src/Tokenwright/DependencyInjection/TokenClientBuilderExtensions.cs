using Microsoft.Extensions.Logging;

namespace Tokenwright;

/// <summary>Provides methods to add the decorators of this package.</summary>
public static class TokenClientBuilderExtensions
{
    /// <summary>
    /// Adds a decorator that creates a span for each operation and measures it, with the names in <see cref="TokenwrightTelemetry"/>. If
    /// nothing listens, calls go directly to the inner client. Connections in a container have this decorator already.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="timeProvider">The clock to measure operations; null for the system clock.</param>
    public static TokenClientBuilder UseTelemetry(this TokenClientBuilder builder, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new TelemetryTokenClient(inner, timeProvider ?? TimeProvider.System));
    }

    /// <summary>
    /// Adds a decorator that logs each operation in the category <c>Tokenwright.TokenClient</c>: reads at the debug level, changes as
    /// information, failures as warnings, unknown outcomes as errors. The log contains the ids of tokens, but no secrets at any level.
    /// Connections in a container have this decorator already.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="loggerFactory">Creates the logger.</param>
    /// <param name="timeProvider">The clock to measure operations; null for the system clock.</param>
    /// <example>
    /// <code>
    /// var observed = new TokenClientBuilder(tokens).UseTelemetry().UseLogging(loggerFactory).Build();
    /// </code>
    /// </example>
    public static TokenClientBuilder UseLogging(
        this TokenClientBuilder builder, ILoggerFactory loggerFactory, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        return builder.Use(inner => new LoggingTokenClient(inner, loggerFactory, timeProvider ?? TimeProvider.System));
    }
}
