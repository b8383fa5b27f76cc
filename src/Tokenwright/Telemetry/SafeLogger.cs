using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tokenwright;

/// <summary>
/// A log whose sinks may throw: a call to a vendor must not fail, and a secret must not be lost, because a line could not be written.
/// </summary>
internal sealed class SafeLogger : ILogger
{
    private readonly ILogger _inner;

    private SafeLogger(ILogger inner) => _inner = inner;

    /// <summary>Creates a log.</summary>
    /// <param name="loggerFactory">Creates the log that is written to; null for none.</param>
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
            // There is nowhere else to say it.
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;
}
