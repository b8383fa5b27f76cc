using System.Net;
using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Checks, before anything is measured, that a candidate which is to do the facade's work retries a read and doesn't retry a create. The
/// facade has tests of its own for this.
/// </summary>
internal static class SameWorkCheck
{
    public static async Task RunAsync(CandidateKind kind, Responses responses)
    {
        using var transport = new FailingTransport(new CannedTransport(responses));
        using var candidate = kind.Create(transport, Request.CannedAddress);
        await candidate.GetAsync();
        if (transport.Sent != 2)
            throw new InvalidOperationException($"'{kind}' does not do the same work: it sent a get {transport.Sent} times, not twice.");

        transport.Reset();
        try
        {
            await candidate.CreateAsync();
        }
        catch (Exception) when (transport.Sent == 1)
        {
            return;
        }

        throw new InvalidOperationException($"'{kind}' does not do the same work: it sent a create {transport.Sent} times, not once.");
    }

    // Each client has its own exception for the response of the create. That it was sent once is enough.
    private sealed class FailingTransport(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public int Sent { get; private set; }

        public void Reset() => Sent = 0;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (++Sent > 1)
                return base.SendAsync(request, cancellationToken);
            var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request };
            response.Headers.Add("Retry-After", "0");
            return Task.FromResult(response);
        }
    }
}
