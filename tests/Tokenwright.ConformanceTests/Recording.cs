using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Microsoft.Extensions.Logging;

namespace Tokenwright.ConformanceTests;

/// <summary>
/// Records everything during a call: logs at trace level with their values, scopes and exceptions; spans, metrics and events of the SDK and
/// of the framework's HTTP stack. Recordings of concurrent calls are separate.
/// </summary>
internal sealed class Recording : IDisposable
{
    private static readonly AsyncLocal<Recording?> Current = new();
    private static readonly Listeners Ears = new();

    private readonly ConcurrentQueue<object> _logs = [];
    private readonly ConcurrentQueue<object> _spans = [];
    private readonly ConcurrentQueue<object> _measurements = [];
    private readonly ConcurrentQueue<object> _events = [];

    private readonly bool _throws;

    private Recording(bool throws) => _throws = throws;

    /// <summary>Gets the logger factory for a client.</summary>
    public static ILoggerFactory Logs { get; } =
        LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Log()));

    public IReadOnlyCollection<object> LogEntries => _logs;

    public IReadOnlyCollection<object> Spans => _spans;

    public IReadOnlyCollection<object> Measurements => _measurements;

    public IReadOnlyCollection<object> Events => _events;

    /// <summary>Starts a recording for the calling method and everything that it calls.</summary>
    /// <param name="throws">Whether the log and the listeners to the SDK's own spans and metrics throw after each entry.</param>
    public static Recording Begin(bool throws = false)
    {
        _ = Ears;
        return Current.Value = new Recording(throws);
    }

    public void Dispose() => Current.Value = null;

    private sealed class Listeners : EventListener
    {
        private readonly MeterListener _meters =
            new() { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };

        public Listeners()
        {
            ActivitySource.AddActivityListener(new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStarted = span => Throw(span.Source.Name),
                ActivityStopped = span =>
                {
                    Current.Value?._spans.Enqueue(new
                    {
                        span.DisplayName,
                        span.StatusDescription,
                        Tags = span.TagObjects.ToArray(),
                        Events = span.Events.Select(told => (told.Name, Tags: told.Tags.ToArray())).ToArray(),
                        Baggage = span.Baggage.ToArray(),
                    });
                    Throw(span.Source.Name);
                },
            });
            _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
            _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
            _meters.Start();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.Net.Http" or "System.Net.Sockets")
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
            => Current?.Value?._events.Enqueue(new { eventData.EventName, eventData.Message, Payload = eventData.Payload?.ToArray() });

        private static void Measured(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Current.Value?._measurements.Enqueue(new { instrument.Name, value, Tags = tags.ToArray() });
            Throw(instrument.Meter.Name);
        }

        private static void Throw(string source)
        {
            if (source == TokenwrightTelemetry.Name && Current.Value is { _throws: true })
                throw new InvalidOperationException("a listener");
        }
    }

    private sealed class Log : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Current.Value?._logs.Enqueue(state);
            Throw();
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Current.Value?._logs.Enqueue(new { Text = formatter(state, exception), State = (object?)state, Exception = exception });
            Throw();
        }

        public void Dispose()
        {
        }

        private static void Throw()
        {
            if (Current.Value is { _throws: true })
                throw new IOException("the disk is full");
        }
    }
}
