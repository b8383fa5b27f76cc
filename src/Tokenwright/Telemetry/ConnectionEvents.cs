using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.Timeout;
using Tokenwright.Http;

namespace Tokenwright;

/// <summary>
/// Tells what happens on the way of one connection's requests: to its log, to the metrics, and to the operation's span. Addresses are shown without their query, and with the
/// secrets of the request masked.
/// </summary>
internal sealed partial class ConnectionEvents(string vendor, string connection, ILoggerFactory? loggerFactory)
{
    private readonly ILogger _log = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Tokenwright.Connection");

    public bool AreAttemptsLogged => _log.IsEnabled(LogLevel.Debug);

    public void Answered(HttpRequestMessage request, int status, TimeSpan elapsed)
        => LogAnswered(vendor, connection, request.Method.Method, Path(request), status, (long)elapsed.TotalMilliseconds);

    public void Failed(HttpRequestMessage request, Exception failure, TimeSpan elapsed)
        => LogFailed(vendor, connection, request.Method.Method, Path(request), Kind(failure), (long)elapsed.TotalMilliseconds);

    public void Resending(HttpRequestMessage request, int retry, TimeSpan wait, Outcome<HttpResponseMessage> outcome)
    {
        var reason = outcome.Result is { } answer ? Text((int)answer.StatusCode) : Kind(outcome.Exception!);
        TokenwrightTelemetry.Resends.Add(1, [.. Tags(), new(TokenwrightTelemetry.Tags.ErrorType, reason)]);
        AddToSpan("resend", wait, KeyValuePair.Create<string, object?>(TokenwrightTelemetry.Tags.ErrorType, reason));
        LogResending(vendor, connection, request.Method.Method, Path(request), reason, wait.TotalSeconds, retry);
    }

    public void WaitsForPace(HttpRequestMessage request, TimeSpan wait)
    {
        TokenwrightTelemetry.PaceWait.Record(wait.TotalSeconds, [.. Tags()]);
        AddToSpan("pace wait", wait);
        LogPaceWait(vendor, connection, request.Method.Method, Path(request), wait.TotalSeconds);
    }

    public void Exchanged()
    {
        TokenwrightTelemetry.Exchanges.Add(1, [.. Tags()]);
        LogExchanged(vendor, connection);
    }

    public void ExchangeFailed(Exception failure)
    {
        var reason = Kind(failure);
        TokenwrightTelemetry.Exchanges.Add(1, [.. Tags(), new(TokenwrightTelemetry.Tags.ErrorType, reason)]);
        LogExchangeFailed(vendor, connection, reason);
    }

    public void RenewalFailed(CredentialExchangeException failure) => LogRenewalFailed(vendor, connection, Kind(failure.InnerException!));

    // As the framework's own HTTP metrics name failures; messages are left to exceptions.
    private static string Kind(Exception failure) => failure switch
    {
        ApiException answer => Text(answer.StatusCode),
        TimeoutRejectedException => "timeout",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } network => JsonNamingPolicy.SnakeCaseLower.ConvertName(network.HttpRequestError.ToString()),
        _ => failure.GetType().FullName!,
    };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string Path(HttpRequestMessage request) => SecretRedactor.Of(request).Redact(request.RequestUri!.AbsolutePath);

    private static void AddToSpan(string name, TimeSpan wait, params IEnumerable<KeyValuePair<string, object?>> tags)
    {
        if (Activity.Current is { IsAllDataRequested: true } span && span.Source == TokenwrightTelemetry.Source)
            span.AddEvent(new ActivityEvent(name, tags: [.. tags, new(TokenwrightTelemetry.Tags.Wait, wait.TotalSeconds)]));
    }

    private IEnumerable<KeyValuePair<string, object?>> Tags()
    {
        yield return new(TokenwrightTelemetry.Tags.Vendor, vendor);
        yield return new(TokenwrightTelemetry.Tags.Connection, connection);
        if (CallScope.Current?.Operation is { } operation)
            yield return new(TokenwrightTelemetry.Tags.Operation, TokenwrightTelemetry.NameOf(operation));
    }

    [LoggerMessage(20, LogLevel.Debug, "{Vendor} connection '{Connection}': {Method} {Path} was answered with {Status} after {Milliseconds} ms.")]
    private partial void LogAnswered(string vendor, string connection, string method, string path, int status, long milliseconds);

    [LoggerMessage(21, LogLevel.Debug, "{Vendor} connection '{Connection}': {Method} {Path} failed with {Failure} after {Milliseconds} ms.")]
    private partial void LogFailed(string vendor, string connection, string method, string path, string failure, long milliseconds);

    [LoggerMessage(22, LogLevel.Warning, "{Vendor} connection '{Connection}': {Method} {Path} failed ({Reason}) and is sent again in {Seconds} s, for the {Retry}. time.")]
    private partial void LogResending(string vendor, string connection, string method, string path, string reason, double seconds, int retry);

    [LoggerMessage(23, LogLevel.Information, "{Vendor} connection '{Connection}': {Method} {Path} waits {Seconds} s to keep within the vendor's rate limit.")]
    private partial void LogPaceWait(string vendor, string connection, string method, string path, double seconds);

    [LoggerMessage(24, LogLevel.Debug, "{Vendor} connection '{Connection}': the credential was exchanged.")]
    private partial void LogExchanged(string vendor, string connection);

    [LoggerMessage(25, LogLevel.Warning, "{Vendor} connection '{Connection}': the exchange of the credential failed ({Reason}).")]
    private partial void LogExchangeFailed(string vendor, string connection, string reason);

    [LoggerMessage(26, LogLevel.Warning, "{Vendor} connection '{Connection}': the early renewal of the exchanged credential failed ({Reason}); the present one is used until its end.")]
    private partial void LogRenewalFailed(string vendor, string connection, string reason);
}
