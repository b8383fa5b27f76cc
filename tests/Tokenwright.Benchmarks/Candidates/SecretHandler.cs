using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>Sends the token with every attempt. It reads the token each time, so that the program can change it.</summary>
internal sealed class SecretHandler(Func<string> readSecret) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(Request.TokenHeader);
        request.Headers.Add(Request.TokenHeader, readSecret());
        return base.SendAsync(request, cancellationToken);
    }
}
