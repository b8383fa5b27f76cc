using Microsoft.Extensions.Logging;

namespace Tokenwright;

/// <summary>The decorators that Tokenwright brings.</summary>
public static class TokenClientBuilderExtensions
{
    /// <summary>
    /// Makes a span of each operation and measures it, under the names in <see cref="TokenwrightTelemetry"/>. As long as nobody listens,
    /// calls go straight to the inner client. A container's connections have this already.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="timeProvider">The clock that operations are measured by; null for the system's.</param>
    public static TokenClientBuilder UseTelemetry(this TokenClientBuilder builder, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new TelemetryTokenClient(inner, timeProvider ?? TimeProvider.System));
    }

    /// <summary>
    /// Writes each operation to the log category <c>Tokenwright.TokenClient</c>: reads at debug level, changes as information, failures as
    /// warnings, unknown outcomes as errors. Tokens are named by their id; no secret is written at any level. A container's connections
    /// have this already.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="loggerFactory">Makes the log.</param>
    /// <param name="timeProvider">The clock that operations are measured by; null for the system's.</param>
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
