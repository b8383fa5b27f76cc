using System.Globalization;

namespace Tokenwright.Cli.Connections;

/// <summary>Counts a connection's requests, and stores the vendor's latest quota.</summary>
internal sealed class Traffic(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private int _requests;
    private int _remaining = -1;

    /// <summary>Gets how many requests received a response.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Gets how many calls are left in the vendor's window; null if the vendor didn't report it.</summary>
    public int? Remaining => Volatile.Read(ref _remaining) is >= 0 and var left ? left : null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _requests);
        if (response.Headers.TryGetValues("RateLimit-Remaining", out var values)
            && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var left))
            Volatile.Write(ref _remaining, left);
        return response;
    }
}
