using System.Runtime.ExceptionServices;
using Polly;
using Polly.Retry;

namespace Tokenwright.Http;

/// <summary>Retries requests. Polly decides when, and waits. Nothing of Polly is loaded before the first retry.</summary>
internal static class Retries
{
    private static readonly ResiliencePropertyKey<RetryDecision> Decision = new("Tokenwright.RetryDecision");

    /// <summary>Creates the pipeline that all clients of a connection share.</summary>
    /// <param name="options">The limits of the connection. They allow retries.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="events">Records each retry before its wait.</param>
    public static ResiliencePipeline<HttpResponseMessage> Create(
        ConnectionOptions options, TimeProvider timeProvider, ConnectionEvents events)
    {
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.MaxRetries,
                ShouldHandle = arguments => new(Of(arguments.Context).ShouldRetry(arguments.Outcome, arguments.AttemptNumber)),
                DelayGenerator = arguments => new(Of(arguments.Context).Delay),
                OnRetry = arguments =>
                {
                    var sent = Of(arguments.Context).Sent;
                    sent.EarlierMayHaveArrived |= sent.MayHaveArrived;
                    events.Retrying(sent.Message, arguments.AttemptNumber + 1, arguments.RetryDelay, arguments.Outcome);

                    // The retry disposes the response itself.
                    return default;
                },
            })
            .Build();

        static RetryDecision Of(ResilienceContext context) => context.Properties.GetValue(Decision, null!);
    }

    /// <summary>Retries a request whose first attempt got a response.</summary>
    /// <param name="handler">The handler that sends the request.</param>
    /// <param name="sent">The request.</param>
    /// <param name="first">The response.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public static Task<HttpResponseMessage> SendAsync(
        ConnectionHandler handler, SentRequest sent, HttpResponseMessage first, CancellationToken cancellationToken)
        => SendAsync(handler, sent, Outcome.FromResult(first), cancellationToken);

    /// <summary>Retries a request whose first attempt failed.</summary>
    /// <param name="handler">The handler that sends the request.</param>
    /// <param name="sent">The request.</param>
    /// <param name="first">The failure.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public static Task<HttpResponseMessage> SendAsync(
        ConnectionHandler handler, SentRequest sent, Exception first, CancellationToken cancellationToken)
        => SendAsync(handler, sent, Outcome.FromException<HttpResponseMessage>(first), cancellationToken);

    // The first attempt was made without Polly. Its outcome becomes that of Polly's first call.
    private static async Task<HttpResponseMessage> SendAsync(
        ConnectionHandler handler, SentRequest sent, Outcome<HttpResponseMessage> first, CancellationToken cancellationToken)
    {
        var options = handler.Options;
        var clock = handler.Connection.TimeProvider;
        using var timeout = CallTimeout.Begin(clock, cancellationToken, sent.OwnerToken);
        timeout.Limit(sent.Left, options.TotalTimeout);
        var context = ResilienceContextPool.Shared.Get(timeout.Token);
        try
        {
            context.Properties.Set(Decision, new RetryDecision(sent, options.RetryDelay, options.MaxRetryAfter, clock));
            var isFirst = true;
            var outcome = await handler.Connection.Retries.ExecuteOutcomeAsync(
                async (_, sending) =>
                {
                    if (isFirst)
                    {
                        isFirst = false;
                        return first;
                    }

                    try
                    {
                        return Outcome.FromResult(await sending.SendOnceAsync(sent, cancellationToken).ConfigureAwait(false));
                    }
                    catch (Exception failure)
                    {
                        return Outcome.FromException<HttpResponseMessage>(failure);
                    }
                },
                context,
                handler).ConfigureAwait(false);
            if (outcome.Exception is OperationCanceledException cancelled && timeout.IsOver)
                throw timeout.Exceeded(cancelled);
            if (outcome.Exception is { } last)
                ExceptionDispatchInfo.Throw(last);
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
