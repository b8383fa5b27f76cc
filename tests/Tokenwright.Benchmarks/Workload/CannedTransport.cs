using System.Net;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// Returns responses from memory in the way a server sends them: headers first, then a body in a forward-only stream, in pieces. It reads
/// the request's body as a socket would, and throws if a request has no token.
/// </summary>
internal sealed class CannedTransport(Responses responses) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
            await content.CopyToAsync(Stream.Null, cancellationToken);
        var address = request.RequestUri!;
        var canned = request.Headers.NonValidated.Contains(Request.TokenHeader)
            ? responses.For(request.Method == HttpMethod.Post, address.AbsolutePath, address.Query)
            : new Response(401, []);
        var response = new HttpResponseMessage((HttpStatusCode)canned.Status)
        {
            RequestMessage = request,
            Content = new StreamContent(new BodyStream(canned.Body)),
        };
        response.Headers.TryAddWithoutValidation("Date", "Wed, 25 Nov 2026 12:00:00 GMT");
        response.Headers.TryAddWithoutValidation("Server", "xms");
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        response.Content.Headers.ContentLength = canned.Body.Length;
        return response;
    }
}
