using Microsoft.Extensions.Logging;
using Tokenwright.Adapters;

namespace Tokenwright;

/// <summary>
/// Logs each operation: reads at the debug level, changes as information, failures as warnings, unknown outcomes as errors. The log
/// contains the ids of tokens, but never secrets.
/// </summary>
internal sealed partial class LoggingTokenClient : ObservingTokenClient, IFailureLog
{
    private readonly ILogger _log;
    private readonly TimeProvider _clock;

    // An adapter reports the failures of the operations of ITokenClient itself.
    private readonly bool _areFailuresReported;

    /// <summary>Initializes a new instance of the <see cref="LoggingTokenClient"/> class.</summary>
    /// <param name="innerClient">The client whose operations are logged.</param>
    /// <param name="loggerFactory">Creates the log.</param>
    /// <param name="timeProvider">The clock.</param>
    public LoggingTokenClient(ITokenClient innerClient, ILoggerFactory loggerFactory, TimeProvider timeProvider)
        : base(innerClient)
    {
        _log = SafeLogger.Create(loggerFactory, "Tokenwright.TokenClient");
        _clock = timeProvider;
        if (innerClient is not TokenClientAdapter { FailureLog: null } adapter)
            return;
        adapter.FailureLog = this;
        _areFailuresReported = true;
    }

    long IFailureLog.Now => _clock.GetTimestamp();

    protected override bool IsOn(TokenOperation operation, bool isOptional)
        => _log.IsEnabled(isOptional || !_areFailuresReported ? LogLevel.Error : SuccessLevel(operation));

    protected override IOperationObserver Begin(TokenOperation operation, bool isOptional)
        => new Observer(this, operation, logsFailures: isOptional || !_areFailuresReported);

    void IFailureLog.Failed(TokenOperation operation, Exception failure, long start)
    {
        try
        {
            Log(operation, failure, Since(start));
        }
        catch (Exception)
        {
            // An operation must not fail differently because of its log.
        }
    }

    private static LogLevel SuccessLevel(TokenOperation operation) => IsRead(operation) ? LogLevel.Debug : LogLevel.Information;

    private long Since(long start) => (long)_clock.GetElapsedTime(start).TotalMilliseconds;

    private void Log(TokenOperation operation, Exception failure, long milliseconds)
    {
        var name = TokenwrightTelemetry.NameOf(operation);
        switch (failure)
        {
            case TokenOutcomeUnknownException or OperationCanceledException { InnerException: TokenOutcomeUnknownException }:
                LogUnknown(failure, Metadata.Vendor, Metadata.Connection, name, milliseconds);
                break;
            case OperationCanceledException:
                LogCancelled(Metadata.Vendor, Metadata.Connection, name, milliseconds);
                break;
            default:
                LogFailed(failure, Metadata.Vendor, Metadata.Connection, name, milliseconds);
                break;
        }
    }

    private static bool IsRead(TokenOperation operation)
        => operation is TokenOperation.List or TokenOperation.Get or TokenOperation.Validate;

    [LoggerMessage(1, LogLevel.Debug, "{Vendor} connection '{Connection}': {Operation} begins.")]
    private partial void LogBegin(string vendor, string connection, string operation);

    [LoggerMessage(2, LogLevel.Debug, "{Vendor} connection '{Connection}': {Operation} done after {Milliseconds} ms (token {TokenId}).")]
    private partial void LogRead(string vendor, string connection, string operation, string tokenId, long milliseconds);

    [LoggerMessage(
        3, LogLevel.Information, "{Vendor} connection '{Connection}': {Operation} done after {Milliseconds} ms (token {TokenId}).")]
    private partial void LogChanged(string vendor, string connection, string operation, string tokenId, long milliseconds);

    [LoggerMessage(4, LogLevel.Debug, "{Vendor} connection '{Connection}': {Operation} returned {Count} tokens after {Milliseconds} ms.")]
    private partial void LogListed(string vendor, string connection, string operation, int count, long milliseconds);

    [LoggerMessage(5, LogLevel.Warning, "{Vendor} connection '{Connection}': {Operation} failed after {Milliseconds} ms.")]
    private partial void LogFailed(Exception failure, string vendor, string connection, string operation, long milliseconds);

    [LoggerMessage(6, LogLevel.Error, "{Vendor} connection '{Connection}': the outcome of {Operation} is unknown after {Milliseconds} ms.")]
    private partial void LogUnknown(Exception failure, string vendor, string connection, string operation, long milliseconds);

    [LoggerMessage(7, LogLevel.Information, "{Vendor} connection '{Connection}': {Operation} was cancelled after {Milliseconds} ms.")]
    private partial void LogCancelled(string vendor, string connection, string operation, long milliseconds);

    private sealed class Observer : IOperationObserver
    {
        private readonly LoggingTokenClient _client;
        private readonly TokenOperation _operation;
        private readonly long _start;
        private readonly bool _logsFailures;

        public Observer(LoggingTokenClient client, TokenOperation operation, bool logsFailures)
        {
            _client = client;
            _operation = operation;
            _logsFailures = logsFailures;
            _start = client._clock.GetTimestamp();
            client.LogBegin(client.Metadata.Vendor, client.Metadata.Connection, Name);
        }

        private string Name => TokenwrightTelemetry.NameOf(_operation);

        private long Milliseconds => _client.Since(_start);

        public void Succeeded(ApiToken? token)
        {
            // If nothing is logged, the clock isn't read.
            if (!_client._log.IsEnabled(SuccessLevel(_operation)))
                return;
            if (IsRead(_operation))
                _client.LogRead(_client.Metadata.Vendor, _client.Metadata.Connection, Name, token?.Id ?? "without id", Milliseconds);
            else
                _client.LogChanged(_client.Metadata.Vendor, _client.Metadata.Connection, Name, token?.Id ?? "without id", Milliseconds);
        }

        public void Listed(int count) => _client.LogListed(_client.Metadata.Vendor, _client.Metadata.Connection, Name, count, Milliseconds);

        public void Failed(Exception failure)
        {
            if (_logsFailures)
                _client.Log(_operation, failure, Milliseconds);
        }

        public void Dispose()
        {
        }
    }
}
