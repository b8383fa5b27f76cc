using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Tokenwright.Rotation;

/// <summary>The spans and metrics of a rotator, with the names in <see cref="TokenwrightTelemetry"/>.</summary>
internal sealed class RotationTelemetry : IDisposable
{
    private static readonly ActivitySource Source = new(TokenwrightTelemetry.Name);

    private readonly Meter _meter = new(TokenwrightTelemetry.Name);

    public RotationTelemetry(RotatorContext context)
    {
        _meter.CreateObservableGauge(
            "tokenwright.rotation.age", () => Measure(context, AgeOf), "s", "The age of a connection's oldest token that is rotated.");
        _meter.CreateObservableGauge(
            "tokenwright.rotation.due", () => Measure(context, gauges => gauges.Count(gauge => gauge.DueAt <= context.Now)), "{lineage}",
            "The lineages of a connection that are due.");
        _meter.CreateObservableGauge(
            "tokenwright.rotation.blocked", () => Measure(context, gauges => gauges.Count(gauge => gauge.IsBlocked)), "{lineage}",
            "The lineages of a connection that need attention.");
        _meter.CreateObservableGauge(
            "tokenwright.rotation.debts", () => Measure(context, gauges => gauges.Sum(gauge => gauge.Debts)), "{token}",
            "Tokens that may exist and that nobody holds: those that are looked for, and those that expire by themselves.");

        double AgeOf(IEnumerable<LineageGauge> gauges)
            => gauges.Max(gauge => gauge.IssuedAt is { } at ? (context.Now - at).TotalSeconds : 0);
    }

    public static Activity? Start(RotationStage stage, TokenLineage lineage, int generation)
        => Source.StartActivity(
            $"rotation.{JsonNamingPolicy.SnakeCaseLower.ConvertName(stage.ToString())}", ActivityKind.Internal, parentContext: default,
            tags:
            [
                new("tokenwright.connection", lineage.Connection),
                new("tokenwright.lineage", lineage.Name),
                new("tokenwright.generation", generation),
            ]);

    public void Dispose() => _meter.Dispose();

    // A tag for each lineage would be too many values.
    private static IEnumerable<Measurement<double>> Measure(RotatorContext context, Func<IEnumerable<LineageGauge>, double> value)
        => context.Gauges.GroupBy(gauge => gauge.Connection).Select(
            gauges => new Measurement<double>(value(gauges), new KeyValuePair<string, object?>("tokenwright.connection", gauges.Key)));
}
