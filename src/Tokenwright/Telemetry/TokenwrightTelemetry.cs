using System.Diagnostics.Metrics;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Tokenwright;

/// <summary>
/// Provides the names of Tokenwright's traces and metrics. Pass <see cref="Name"/> to OpenTelemetry's <c>AddSource</c> and <c>AddMeter</c>.
/// No tag contains a secret, and no metric has a token's id as a tag.
/// </summary>
public static class TokenwrightTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/> and of the <see cref="Meter"/>.</summary>
    public const string Name = "Tokenwright";

    // The bounds cover a whole operation, from a few milliseconds up to common total timeouts.
    private static readonly double[] DurationBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];

    private static readonly Meter Meter = new(Name);

    internal static ActivitySource Source { get; } = new(Name);

    internal static Histogram<double> OperationDuration { get; } = Meter.CreateHistogram(
        "tokenwright.client.operation.duration",
        "s",
        "How long operations of ITokenClient take, retries and waits included; of a list, the time that it waits for the vendor.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });

    internal static Counter<long> Retries { get; } = Meter.CreateCounter<long>(
        "tokenwright.client.retries", "{request}", "Requests that were retried after a failure that may pass.");

    internal static Histogram<double> RateLimitWait { get; } = Meter.CreateHistogram(
        "tokenwright.client.rate_limit.wait",
        "s",
        "How long requests wait to keep within the vendor's rate limit.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });

    internal static Counter<long> Exchanges { get; } = Meter.CreateCounter<long>(
        "tokenwright.client.credential.exchanges", "{exchange}", "Exchanges of a connection's credential for the one that the API takes.");

    // The names are those of the OpenTelemetry conventions for HTTP, or Tokenwright's own if there is none.
    internal static class Tags
    {
        public const string Vendor = "tokenwright.vendor";
        public const string Connection = "tokenwright.connection";
        public const string Operation = "tokenwright.operation";
        public const string TokenId = "tokenwright.token.id";
        public const string TokenCount = "tokenwright.token.count";
        public const string VendorRequestId = "tokenwright.vendor.request_id";
        public const string Wait = "tokenwright.wait";
        public const string ServerAddress = "server.address";
        public const string ServerPort = "server.port";
        public const string ErrorType = "error.type";
        public const string StatusCode = "http.response.status_code";
        public const string ResendCount = "http.request.resend_count";
    }

    private static readonly string[] OperationNames =
        [.. Enum.GetValues<TokenOperation>().Select(operation => JsonNamingPolicy.SnakeCaseLower.ConvertName(operation.ToString()))];

    internal static string NameOf(TokenOperation operation) => OperationNames[(int)operation];

    /// <summary>Gets the name of an operation in a sentence.</summary>
    internal static string WordsOf(TokenOperation operation)
        => NameOf(operation).Replace('_', ' ');

    /// <summary>Gets the kind of a failure, as one of a few values: the status of a response, or the type of the exception.</summary>
    internal static string ErrorType(Exception exception)
        => (exception as TokenClientException)?.Status is { } status && (int)status >= 400
            ? ((int)status).ToString(CultureInfo.InvariantCulture)
            : exception.GetType().FullName!;
}
