using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>Sends the token in the service's header. It reads the token for each request, so that the program can change it.</summary>
internal sealed class KiotaAuthentication(Func<string> readSecret) : IAuthenticationProvider
{
    public Task AuthenticateRequestAsync(
        RequestInformation request, Dictionary<string, object>? additionalAuthenticationContext = null,
        CancellationToken cancellationToken = default)
    {
        request.Headers.Add(Request.TokenHeader, readSecret());
        return Task.CompletedTask;
    }
}
