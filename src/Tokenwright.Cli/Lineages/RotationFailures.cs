using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tokenwright.Cli.Lineages;

/// <summary>
/// Receives the log of a rotator, and keeps what a rotator that runs many lineages only logs: the failures of single lineages.
/// </summary>
/// <param name="next">The log that gets everything too; null for none.</param>
internal sealed class RotationFailures(ILoggerFactory? next) : ILoggerFactory, ILogger
{
    private readonly ConcurrentDictionary<string, string> _all = new(StringComparer.Ordinal);
    private ILogger? _next;

    /// <summary>Gets the messages of the failures, by the names of the lineages.</summary>
    public IReadOnlyDictionary<string, string> All => _all;

    public ILogger CreateLogger(string categoryName)
    {
        _next = next?.CreateLogger(categoryName);
        return this;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This log has only one destination.");

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null && state is IReadOnlyList<KeyValuePair<string, object?>> values
            && values.FirstOrDefault(value => value.Key == "Lineage").Value is string lineage)
            _all[lineage] = exception.Message;
        _next?.Log(logLevel, eventId, state, exception, formatter);
    }

    public void Dispose()
    {
        // The other log belongs to the command.
    }
}
