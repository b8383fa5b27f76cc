using Microsoft.Extensions.Logging;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>
/// A log that writes nowhere, because every program logs somewhere. It formats the entries that its level accepts, as other logs do.
/// </summary>
internal sealed class ForgetfulLog : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => formatter(state, exception);

    public void Dispose()
    {
    }
}
