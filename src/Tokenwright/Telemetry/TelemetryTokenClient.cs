using System.Diagnostics;

namespace Tokenwright;

/// <summary>Creates a span for each operation and measures its duration.</summary>
internal sealed class TelemetryTokenClient(ITokenClient innerClient, TimeProvider timeProvider) : ObservingTokenClient(innerClient)
{
    protected override bool IsOn(TokenOperation operation, bool isOptional)
        => TokenwrightTelemetry.Source.HasListeners() || TokenwrightTelemetry.OperationDuration.Enabled;

    protected override IOperationObserver Begin(TokenOperation operation, bool isOptional)
        => new Observer(Metadata, operation, timeProvider);

    private sealed class Observer : IOperationObserver
    {
        private readonly TokenClientMetadata _metadata;
        private readonly TokenOperation _operation;
        private readonly TimeProvider _timeProvider;
        private readonly Activity? _span;
        private readonly long _start;
        private TimeSpan _waited;
        private bool _isList;
        private Exception? _failure;

        public Observer(TokenClientMetadata metadata, TokenOperation operation, TimeProvider timeProvider)
        {
            _metadata = metadata;
            _operation = operation;
            _timeProvider = timeProvider;
            _start = timeProvider.GetTimestamp();
            var name = TokenwrightTelemetry.NameOf(operation);
            _span = TokenwrightTelemetry.Source.StartActivity(
                $"tokens.{name}",
                ActivityKind.Client,
                parentContext: default,
                tags:
                [
                    new(TokenwrightTelemetry.Tags.Vendor, metadata.Vendor),
                    new(TokenwrightTelemetry.Tags.Connection, metadata.Connection),
                    new(TokenwrightTelemetry.Tags.Operation, name),
                    new(TokenwrightTelemetry.Tags.ServerAddress, metadata.BaseAddress.Host),
                    new(TokenwrightTelemetry.Tags.ServerPort, metadata.BaseAddress.Port),
                ]);
        }

        public void Succeeded(ApiToken? token)
        {
            if (token?.Id is { } id)
                _span?.SetTag(TokenwrightTelemetry.Tags.TokenId, id);
        }

        public void Listed(int count) => _span?.SetTag(TokenwrightTelemetry.Tags.TokenCount, count);

        public void Failed(Exception failure)
        {
            _failure = failure;
            if (_span is null)
                return;
            _span.SetStatus(ActivityStatusCode.Error, failure.Message);
            _span.SetTag(TokenwrightTelemetry.Tags.ErrorType, TokenwrightTelemetry.ErrorType(failure));
            if (failure is not TokenClientException known)
                return;
            if (known.Status is { } status)
                _span.SetTag(TokenwrightTelemetry.Tags.StatusCode, (int)status);
            if (known.VendorRequestId is { } requestId)
                _span.SetTag(TokenwrightTelemetry.Tags.VendorRequestId, requestId);
        }

        public IDisposable Wait()
        {
            _isList = true;
            return new Waiting(this);
        }

        public void Dispose()
        {
            try
            {
                Measure();
            }
            finally
            {
                _span?.Dispose();
            }
        }

        private void Measure()
        {
            if (!TokenwrightTelemetry.OperationDuration.Enabled)
                return;
            var tags = new TagList
            {
                { TokenwrightTelemetry.Tags.Vendor, _metadata.Vendor },
                { TokenwrightTelemetry.Tags.Connection, _metadata.Connection },
                { TokenwrightTelemetry.Tags.Operation, TokenwrightTelemetry.NameOf(_operation) },
            };
            if (_failure is not null)
                tags.Add(TokenwrightTelemetry.Tags.ErrorType, TokenwrightTelemetry.ErrorType(_failure));
            TokenwrightTelemetry.OperationDuration.Record((_isList ? _waited : _timeProvider.GetElapsedTime(_start)).TotalSeconds, tags);
        }

        // Between two waits, the caller processes the tokens, and the caller's spans aren't children of this one.
        private sealed class Waiting : IDisposable
        {
            private readonly Observer _observer;
            private readonly Activity? _callers = Activity.Current;
            private readonly long _start;

            public Waiting(Observer observer)
            {
                _observer = observer;
                _start = observer._timeProvider.GetTimestamp();
                if (observer._span is not null)
                    Activity.Current = observer._span;
            }

            public void Dispose()
            {
                _observer._waited += _observer._timeProvider.GetElapsedTime(_start);
                if (_observer._span is not null)
                    Activity.Current = _callers;
            }
        }
    }
}
