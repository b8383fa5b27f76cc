using System.Net;

namespace Tokenwright.Benchmarks.Workload;

/// <summary>
/// Returns responses from memory in the way a server sends them: headers first, then a body in a forward-only stream, in pieces. It reads
/// the request's body as a socket would, and throws if a request has no token.
/// </summary>
internal sealed class CannedTransport(Responses responses) : HttpMessageHandler
{
    /// <summary>Creates a response with the headers of the service.</summary>
    public static HttpResponseMessage Respond(HttpRequestMessage request, int status, long length, Stream body)
    {
        var response =
            new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request, Content = new StreamContent(body) };
        response.Headers.TryAddWithoutValidation("Date", "Wed, 25 Nov 2026 12:00:00 GMT");
        response.Headers.TryAddWithoutValidation("Server", "xms");
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-8");
        response.Content.Headers.ContentLength = length;
        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
            await content.CopyToAsync(Stream.Null, cancellationToken);
        var address = request.RequestUri!;
        var canned = responses.For(
            request.Headers.NonValidated.Contains(Request.TokenHeader), request.Method == HttpMethod.Post, address.AbsolutePath,
            address.Query);
        return Respond(request, canned.Status, canned.Body.Length, new BodyStream(canned.Body));
    }
}
