namespace Tokenwright.UnleashTests;

/// <summary>Sends requests to the real server. It counts them, and can hold one until it is cancelled.</summary>
/// <param name="sending">Is called before a request.</param>
/// <param name="responded">Is called after a response, before the client sees it.</param>
internal sealed class ServerTransport(Action sending, Func<HttpMethod, Task> responded)
    : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = -1;

    /// <summary>Holds a request.</summary>
    /// <param name="number">The number of the request, counted from the next one.</param>
    /// <returns>A task that completes when the request is held.</returns>
    public Task Hold(int number)
    {
        _left = number;
        return _held.Task;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        sending();
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _held.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        var response = await base.SendAsync(request, cancellationToken);
        await responded(request.Method);
        return response;
    }
}
