using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tokenwright;

/// <summary>
/// Represents a log whose providers can throw. A call must not fail, and a secret must not be lost, because a log entry couldn't be
/// written.
/// </summary>
internal sealed class SafeLogger : ILogger
{
    private readonly ILogger _inner;

    private SafeLogger(ILogger inner) => _inner = inner;

    /// <summary>Creates a logger.</summary>
    /// <param name="loggerFactory">Creates the underlying logger; null for none.</param>
    /// <param name="category">The category.</param>
    public static ILogger Create(ILoggerFactory? loggerFactory, string category)
        => loggerFactory is null or NullLoggerFactory ? NullLogger.Instance : new SafeLogger(loggerFactory.CreateLogger(category));

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            _inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nowhere to report the failure.
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;
}
