using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Tokenwright.ConformanceTests.Field;

/// <summary>Listeners to the SDK's spans and metrics that always throw.</summary>
internal sealed class ThrowingListeners : IDisposable
{
    private readonly MeterListener _meters = new()
    {
        InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == TokenwrightTelemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        },
    };

    private readonly ActivityListener _spans;
    private int _thrown;

    public ThrowingListeners()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TokenwrightTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => Throw(),
            ActivityStopped = _ => Throw(),
        };
        ActivitySource.AddActivityListener(_spans);
        _meters.SetMeasurementEventCallback<double>((_, _, _, _) => Throw());
        _meters.SetMeasurementEventCallback<long>((_, _, _, _) => Throw());
        _meters.Start();
    }

    /// <summary>Gets how often a listener threw.</summary>
    public int Thrown => _thrown;

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }

    private void Throw()
    {
        Interlocked.Increment(ref _thrown);
        throw new InvalidOperationException("a listener");
    }
}
