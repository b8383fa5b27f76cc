using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Output;
using Tokenwright.Http;

namespace Tokenwright.Cli.Commands;

/// <summary>
/// Takes the SDK's own log, and tells it on the error output (<c>--verbose</c>) and as lines of JSON (<c>--trace-file</c>). The log has no secrets at any level; whatever text comes here goes
/// through the SDK's redaction all the same.
/// </summary>
internal sealed class RequestLog : ILoggerFactory, ILogger
{
    private const string Template = "{OriginalFormat}";
    private readonly Lock _lock = new();
    private readonly Terminal? _terminal;
    private readonly FileStream? _trace;
    private readonly Func<IEnumerable<TokenSecret>> _secrets;
    private readonly TimeProvider _clock;

    public RequestLog(Terminal? terminal, string? traceFile, Func<IEnumerable<TokenSecret>> secrets, TimeProvider clock)
    {
        _secrets = secrets;
        _terminal = terminal;
        _clock = clock;
        try
        {
            _trace = traceFile is null ? null : PrivateFile.Append(traceFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--trace-file '{traceFile}' can't be written: {exception.Message}");
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This log goes to one place.");

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var redactor = new SecretRedactor(_secrets);
        var message = redactor.Redact(formatter(state, exception));
        lock (_lock)
        {
            _terminal?.Error.WriteLine(SafeText.Of($"{_clock.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {message}"));
            if (_trace is null)
                return;
            using (var json = new Utf8JsonWriter(_trace))
            {
                json.WriteStartObject();
                json.WriteString("at", _clock.GetUtcNow());
                json.WriteString("level", Shapes.Word(logLevel));
                json.WriteNumber("event", eventId.Id);
                foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
                {
                    if (name != Template)
                        WriteValue(json, JsonNamingPolicy.CamelCase.ConvertName(name), value, redactor);
                }

                json.WriteString("message", message);
                if (exception is not null)
                    json.WriteString("failure", redactor.Redact(exception.Message));
                json.WriteEndObject();
            }

            _trace.Write(Encoding.UTF8.GetBytes("\n"));
            _trace.Flush();
        }
    }

    public void Dispose() => _trace?.Dispose();

    private static void WriteValue(Utf8JsonWriter json, string name, object? value, SecretRedactor redactor)
    {
        switch (value)
        {
            case int or long:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number:
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, redactor.Redact(Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty));
                break;
        }
    }
}
