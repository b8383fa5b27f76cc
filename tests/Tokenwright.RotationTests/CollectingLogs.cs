using System.Text;
using Microsoft.Extensions.Logging;

namespace Tokenwright.RotationTests;

/// <summary>Collects what is logged.</summary>
internal sealed class CollectingLogs : ILoggerFactory, ILogger
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _text.Append(formatter(state, exception)).Append(exception).AppendLine();

    public void Dispose()
    {
    }
}
