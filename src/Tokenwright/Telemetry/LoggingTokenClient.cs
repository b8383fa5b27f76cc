using Microsoft.Extensions.Logging;

namespace Tokenwright;

/// <summary>
/// Logs each operation: reads at the debug level, changes as information, failures as warnings, unknown outcomes as errors. The log
/// contains the ids of tokens, but never secrets.
/// </summary>
internal sealed partial class LoggingTokenClient(ITokenClient innerClient, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    : ObservingTokenClient(innerClient)
{
    private readonly ILogger _log = SafeLogger.Create(loggerFactory, "Tokenwright.TokenClient");

    private TimeProvider Clock => timeProvider;

    protected override bool IsOn(TokenOperation operation) => _log.IsEnabled(LogLevel.Error);

    protected override IOperationObserver Begin(TokenOperation operation) => new Observer(this, operation);

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

        public Observer(LoggingTokenClient client, TokenOperation operation)
        {
            _client = client;
            _operation = operation;
            _start = client.Clock.GetTimestamp();
            client.LogBegin(client.Metadata.Vendor, client.Metadata.Connection, Name);
        }

        private string Name => TokenwrightTelemetry.NameOf(_operation);

        private long Milliseconds => (long)_client.Clock.GetElapsedTime(_start).TotalMilliseconds;

        public void Succeeded(ApiToken? token)
        {
            // If nothing is logged, the clock isn't read.
            if (!_client._log.IsEnabled(IsRead(_operation) ? LogLevel.Debug : LogLevel.Information))
                return;
            if (IsRead(_operation))
                _client.LogRead(_client.Metadata.Vendor, _client.Metadata.Connection, Name, token?.Id ?? "without id", Milliseconds);
            else
                _client.LogChanged(_client.Metadata.Vendor, _client.Metadata.Connection, Name, token?.Id ?? "without id", Milliseconds);
        }

        public void Listed(int count) => _client.LogListed(_client.Metadata.Vendor, _client.Metadata.Connection, Name, count, Milliseconds);

        public void Failed(Exception failure)
        {
            switch (failure)
            {
                case TokenOutcomeUnknownException or OperationCanceledException { InnerException: TokenOutcomeUnknownException }:
                    _client.LogUnknown(failure, _client.Metadata.Vendor, _client.Metadata.Connection, Name, Milliseconds);
                    break;
                case OperationCanceledException:
                    _client.LogCancelled(_client.Metadata.Vendor, _client.Metadata.Connection, Name, Milliseconds);
                    break;
                default:
                    _client.LogFailed(failure, _client.Metadata.Vendor, _client.Metadata.Connection, Name, Milliseconds);
                    break;
            }
        }

        public void Dispose()
        {
        }
    }
}
