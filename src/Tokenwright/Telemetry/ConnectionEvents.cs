using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Timeout;
using Tokenwright.Adapters;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>
/// Records the events of one connection's requests in its log, in the metrics and in the operation's span. Addresses are shown without
/// their query, and with the secrets of the request redacted.
/// </summary>
internal sealed partial class ConnectionEvents(string vendor, string connection, ILoggerFactory? loggerFactory)
{
    private readonly ILogger _log = SafeLogger.Create(loggerFactory, "Tokenwright.Connection");

    public bool AreAttemptsLogged => _log.IsEnabled(LogLevel.Debug);

    public void Responded(HttpRequestMessage request, int status, TimeSpan elapsed)
        => LogResponded(vendor, connection, request.Method.Method, Path(request), status, (long)elapsed.TotalMilliseconds);

    public void Failed(HttpRequestMessage request, Exception failure, TimeSpan elapsed)
        => LogFailed(vendor, connection, request.Method.Method, Path(request), Kind(failure), (long)elapsed.TotalMilliseconds);

    public void Retrying(HttpRequestMessage request, int retry, TimeSpan wait, Outcome<HttpResponseMessage> outcome)
    {
        var reason = outcome.Result is { } response ? Text((int)response.StatusCode) : Kind(outcome.Exception!);
        Count(TokenwrightTelemetry.Retries, reason, request);
        AddToSpan("retry", wait, KeyValuePair.Create<string, object?>(TokenwrightTelemetry.Tags.ErrorType, reason));
        LogRetrying(vendor, connection, request.Method.Method, Path(request), reason, wait.TotalSeconds, retry);
    }

    public void WaitsForRateLimit(HttpRequestMessage request, TimeSpan wait)
        => LogRateLimitWait(vendor, connection, request.Method.Method, Path(request), wait.TotalSeconds);

    public void WaitedForRateLimit(HttpRequestMessage request, TimeSpan wait)
    {
        Record(TokenwrightTelemetry.RateLimitWait, wait, request);
        AddToSpan("rate limit wait", wait);
    }

    public void Exchanged()
    {
        Count(TokenwrightTelemetry.Exchanges, null);
        LogExchanged(vendor, connection);
    }

    public void ExchangeFailed(Exception failure)
    {
        var reason = Kind(failure);
        Count(TokenwrightTelemetry.Exchanges, reason);
        LogExchangeFailed(vendor, connection, reason);
    }

    public void RenewalFailed(CredentialExchangeException failure) => LogRenewalFailed(vendor, connection, Kind(failure.InnerException!));

    public void RecordUnread(Exception failure) => LogRecordUnread(vendor, connection, failure.GetType().FullName!);

    public void LeftOut(string handler) => LogLeftOut(vendor, connection, handler);

    /// <summary>Logs that requests are sent unencrypted to another machine.</summary>
    /// <param name="address">The base address of the connection.</param>
    public void IsUnencrypted(Uri address) => LogUnencrypted(vendor, connection, address.Authority);

    /// <summary>Logs that a reload gave invalid options.</summary>
    /// <param name="reason">The reason, without secrets.</param>
    public void OptionsRefused(string reason) => LogOptionsRefused(vendor, connection, reason);

    /// <summary>Logs that a reload changed options that are read only once.</summary>
    /// <param name="names">The names of the options.</param>
    public void OptionsIgnored(IEnumerable<string> names) => LogOptionsIgnored(vendor, connection, string.Join(", ", names));

    /// <summary>Logs that the acknowledgement of a new secret failed.</summary>
    /// <param name="generation">The generation of the secret.</param>
    /// <param name="reason">The reason, without secrets.</param>
    public void AcknowledgementFailed(int generation, string reason)
        => LogAcknowledgementFailed(vendor, connection, generation, reason);

    // The names are those of the framework's HTTP metrics. Messages are only in exceptions.
    private static string Kind(Exception failure) => failure switch
    {
        ApiException response => Text(response.StatusCode),
        TimeoutRejectedException => "timeout",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } network =>
            JsonNamingPolicy.SnakeCaseLower.ConvertName(network.HttpRequestError.ToString()),
        _ => failure.GetType().FullName!,
    };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string Path(HttpRequestMessage request) => SecretRedactor.Of(request).Redact(request.RequestUri!.AbsolutePath);

    private static void AddToSpan(string name, TimeSpan wait, params IEnumerable<KeyValuePair<string, object?>> tags)
    {
        if (Activity.Current is { IsAllDataRequested: true } span && span.Source == TokenwrightTelemetry.Source)
            span.AddEvent(new ActivityEvent(name, tags: [.. tags, new(TokenwrightTelemetry.Tags.Wait, wait.TotalSeconds)]));
    }

    // A listener of a metric can throw, and a call must not fail because of that.
    private void Count(Counter<long> counter, string? errorType, HttpRequestMessage? request = null)
    {
        try
        {
            counter.Add(
                1, errorType is null ? [.. Tags(request)] : [.. Tags(request), new(TokenwrightTelemetry.Tags.ErrorType, errorType)]);
        }
        catch (Exception)
        {
            // There is nowhere to report the failure.
        }
    }

    private void Record(Histogram<double> histogram, TimeSpan time, HttpRequestMessage request)
    {
        try
        {
            histogram.Record(time.TotalSeconds, [.. Tags(request)]);
        }
        catch (Exception)
        {
            // There is nowhere to report the failure.
        }
    }

    private IEnumerable<KeyValuePair<string, object?>> Tags(HttpRequestMessage? request)
    {
        yield return new(TokenwrightTelemetry.Tags.Vendor, vendor);
        yield return new(TokenwrightTelemetry.Tags.Connection, connection);
        if (request is not null && OperationContext.Of(request)?.Operation is { } operation)
            yield return new(TokenwrightTelemetry.Tags.Operation, TokenwrightTelemetry.NameOf(operation));
    }

    [LoggerMessage(
        20, LogLevel.Debug, "{Vendor} connection '{Connection}': {Method} {Path} got the response {Status} after {Milliseconds} ms.")]
    private partial void LogResponded(string vendor, string connection, string method, string path, int status, long milliseconds);

    [LoggerMessage(
        21, LogLevel.Debug, "{Vendor} connection '{Connection}': {Method} {Path} failed with {Failure} after {Milliseconds} ms.")]
    private partial void LogFailed(string vendor, string connection, string method, string path, string failure, long milliseconds);

    [LoggerMessage(22, LogLevel.Warning,
        "{Vendor} connection '{Connection}': {Method} {Path} failed ({Reason}) and is retried in {Seconds} s (retry {Retry}).")]
    private partial void LogRetrying(
        string vendor, string connection, string method, string path, string reason, double seconds, int retry);

    [LoggerMessage(23, LogLevel.Information,
        "{Vendor} connection '{Connection}': {Method} {Path} waits {Seconds} s or longer to keep within the vendor's rate limit.")]
    private partial void LogRateLimitWait(string vendor, string connection, string method, string path, double seconds);

    [LoggerMessage(24, LogLevel.Debug, "{Vendor} connection '{Connection}': the credential was exchanged.")]
    private partial void LogExchanged(string vendor, string connection);

    [LoggerMessage(25, LogLevel.Warning, "{Vendor} connection '{Connection}': the exchange of the credential failed ({Reason}).")]
    private partial void LogExchangeFailed(string vendor, string connection, string reason);

    [LoggerMessage(30, LogLevel.Warning,
        "{Vendor} connection '{Connection}': the reloaded options can't be used, and the last good ones stay in force. {Reason}")]
    private partial void LogOptionsRefused(string vendor, string connection, string reason);

    [LoggerMessage(
        31, LogLevel.Warning,
        "{Vendor} connection '{Connection}': a reload changed {Options}, which is read once, when the connection is opened. The old " +
        "value stays in force until the program restarts.")]
    private partial void LogOptionsIgnored(string vendor, string connection, string options);

    [LoggerMessage(
        32, LogLevel.Warning,
        "{Vendor} connection '{Connection}': AllowHttp is set, and the base address at {Host} is plain http. The credential and all " +
        "tokens are sent unencrypted: everyone on the network path can read and change them.")]
    private partial void LogUnencrypted(string vendor, string connection, string host);

    [LoggerMessage(
        33, LogLevel.Warning,
        "{Vendor} connection '{Connection}': the secret of generation {Generation} works, but it can't be acknowledged. {Reason}")]
    private partial void LogAcknowledgementFailed(string vendor, string connection, int generation, string reason);

    [LoggerMessage(
        26, LogLevel.Warning,
        "{Vendor} connection '{Connection}': the early renewal of the exchanged credential failed ({Reason}); the current one is used " +
        "until it expires.")]
    private partial void LogRenewalFailed(string vendor, string connection, string reason);

    [LoggerMessage(
        27, LogLevel.Information,
        "{Vendor} connection '{Connection}': the handler {Handler}, which the program's defaults add to all HTTP clients, is left out; " +
        "the connection has retries and timeouts of its own.")]
    private partial void LogLeftOut(string vendor, string connection, string handler);

    [LoggerMessage(
        28, LogLevel.Warning,
        "{Vendor} connection '{Connection}': the record of a token that was just issued can't be read ({Failure}); its secret is handed " +
        "out.")]
    private partial void LogRecordUnread(string vendor, string connection, string failure);
}
