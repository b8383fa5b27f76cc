namespace Tokenwright.RotationTests;

/// <summary>Stops a process before a request is sent, or after its response was carried out and before anybody sees it.</summary>
internal sealed class FreezingHandler(Freezer freezer) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var name = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        await freezer.StepAsync($"send {name}");
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        if (freezer.OnResponse is { } onResponse)
            await onResponse(request, response);
        await freezer.StepAsync($"response {name}");
        return response;
    }
}
