namespace Tokenwright.ConformanceTests.Field;

/// <summary>A program's handler that throws, before it sends a request or after the response has arrived.</summary>
/// <param name="make">Creates the exception.</param>
/// <param name="isAfter">Whether it sends the request before it throws.</param>
internal sealed class FailingHandler(Func<Exception> make, bool isAfter) : DelegatingHandler
{
    /// <summary>Gets or sets whether it throws.</summary>
    public bool IsOn { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsOn)
            return await base.SendAsync(request, cancellationToken);
        if (isAfter)
            (await base.SendAsync(request, cancellationToken)).Dispose();
        throw make();
    }
}
