namespace Tokenwright.ConformanceTests.Field;

/// <summary>A handler of a program that throws, before it sends a request on or once the response is there.</summary>
/// <param name="make">Makes what it throws.</param>
/// <param name="isAfter">Whether it sends the request on first.</param>
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
