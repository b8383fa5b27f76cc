using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Output;
using Tokenwright.Http;

namespace Tokenwright.Cli.Commands;

/// <summary>
/// Receives the SDK's own log, and writes it to the error output (<c>--verbose</c>) and as lines of JSON (<c>--trace-file</c>). The log
/// contains no secrets at any level, but all text is redacted again here.
/// </summary>
internal sealed class RequestLog : ILoggerFactory, ILogger
{
    private const string Template = "{OriginalFormat}";
    private readonly Lock _lock = new();
    private readonly Terminal _terminal;
    private readonly bool _isVerbose;
    private readonly string? _path;
    private readonly Func<IEnumerable<TokenSecret>> _secrets;
    private readonly TimeProvider _clock;
    private FileStream? _trace;

    public RequestLog(Terminal terminal, bool isVerbose, string? traceFile, Func<IEnumerable<TokenSecret>> secrets, TimeProvider clock)
    {
        _secrets = secrets;
        _terminal = terminal;
        _isVerbose = isVerbose;
        _path = traceFile;
        _clock = clock;
        Try(() => _trace = traceFile is null ? null : PrivateFile.Append(traceFile));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("This log has only one destination.");

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var redactor = new SecretRedactor(_secrets);
        var message = redactor.Redact(formatter(state, exception));
        lock (_lock)
        {
            if (_isVerbose)
                _terminal.Error.WriteLine(
                    SafeText.Of($"{_clock.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {message}"));
            if (_trace is { } trace)
                Try(() => trace.Write(Line(logLevel, eventId, state, exception, message, redactor)));
        }
    }

    public void Dispose() => _trace?.Dispose();

    // A trace only describes a run, so its failure must not end the run.
    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _trace?.Dispose();
            _trace = null;
            _terminal.Warn($"--trace-file '{_path}' can't be written, and the run continues without it: {exception.Message}");
        }
    }

    // Each line is written at once, so that a full disk cuts off at most one.
    private byte[] Line<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, string message, SecretRedactor redactor)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
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

        line.WriteByte((byte)'\n');
        return line.ToArray();
    }

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
