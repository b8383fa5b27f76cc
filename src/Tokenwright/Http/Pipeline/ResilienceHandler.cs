using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>
/// Sends a request through the resilience pipeline of the connection, with a total timeout, and with retries after failures that may be
/// temporary if a retry does no harm.
/// </summary>
internal sealed class ResilienceHandler(
    Lazy<ResiliencePipeline<HttpResponseMessage>> pipeline,
    ConnectionOptions options,
    string userAgent,
    Func<IEnumerable<TokenSecret>> secrets,
    TimeProvider timeProvider,
    HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private static readonly ResiliencePropertyKey<RetryDecision> Decision = new("Tokenwright.RetryDecision");

    /// <summary>Creates the pipeline that all clients of a connection share.</summary>
    /// <param name="options">The timeouts and limits of the connection.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="events">Records each retry before its wait.</param>
    public static ResiliencePipeline<HttpResponseMessage> CreatePipeline(
        ConnectionOptions options, TimeProvider timeProvider, ConnectionEvents events)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.TotalTimeout });
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
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
            });
        }

        return builder.Build();

        static RetryDecision Of(ResilienceContext context) => context.Properties.GetValue(Decision, null!);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.NonValidated.Contains("User-Agent"))
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(Decision, new RetryDecision(SentRequest.Begin(request, secrets, options.TotalTimeout, timeProvider),
                options.RetryDelay, options.MaxRetryAfter, timeProvider));
            return await pipeline.Value.ExecuteAsync(
                static (context, state)
                    => new ValueTask<HttpResponseMessage>(state.Handler.SendInnerAsync(state.Request, context.CancellationToken)),
                context,
                (Handler: this, Request: request)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Callers of a typed client get this exception without further conversion.
            var clean = CleanException.Of(exception, SecretRedactor.Of(request));
            if (ReferenceEquals(clean, exception))
                throw;
            throw clean;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => base.SendAsync(request, cancellationToken);
}
