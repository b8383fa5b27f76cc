namespace Tokenwright.ConformanceTests.Field;

/// <summary>A typical retry handler of a program: it retries a request after a server error and after 408.</summary>
internal sealed class RepeatingHandler(Repetition repetition) : DelegatingHandler
{
    /// <summary>Gets how many requests it sent, or tried to send.</summary>
    public int Sent { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (repetition == Repetition.SideBySide)
        {
            var copies = new[] { await CopyAsync(request), await CopyAsync(request) };
            Sent += copies.Length;
            var first = await Task.WhenAny(copies.Select(copy => base.SendAsync(copy, cancellationToken)));
            return await first;
        }

        for (var attempt = 0; ; attempt++)
        {
            var sent = repetition == Repetition.SameRequest
                || (attempt == 0 && repetition != Repetition.CopyOfEach) ? request : await CopyAsync(request);
            Sent++;
            var response = await base.SendAsync(sent, cancellationToken);
            if ((int)response.StatusCode is not (>= 500 or 408) || attempt == 3)
                return response;
        }
    }

    private async Task<HttpRequestMessage> CopyAsync(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri);
        foreach (var header in request.Headers.Where(
            header => repetition != Repetition.BareCopy || header.Key is "Authorization" or "Xms-Auth-Token"))
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (request.Content is { } content)
        {
            copy.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync());
            foreach (var header in content.Headers)
                copy.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return copy;
    }
}
