using System.Net;
using Tokenwright.Adapters;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <summary>
/// Puts the connection's credential into each request whose operation takes one. After a 401 it sends the request once more, if the
/// credential has another value by then; one that comes from a file gets a moment for that, in which whatever writes the file can finish.
/// </summary>
internal sealed class CredentialHandler(RequestCredential credential, VendorConnection connection, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => request is ApiRequest { IsAnonymous: true }
            ? base.SendAsync(request, cancellationToken) : SendAuthenticatedAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendAuthenticatedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var secret = await credential.GetSecretAsync(cancellationToken).ConfigureAwait(false);
        Apply(request, secret);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;

        var sent = SentRequest.Of(request);
        TokenSecret renewed;
        try
        {
            credential.Refused(secret);

            // A 401 that isn't the API's own doesn't say that the request was refused.
            if (sent is { MayRetry: false, MayHaveArrived: true })
                return response;
            renewed = await credential.GetSecretAsync(cancellationToken).ConfigureAwait(false);
            if (renewed.Equals(secret) && await connection.AwaitSecretFilesAsync(secret, cancellationToken).ConfigureAwait(false))
                renewed = await credential.GetSecretAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (renewed.Equals(secret))
            return response;
        sent.EarlierMayHaveArrived |= sent.MayHaveArrived;
        response.Dispose();
        Apply(request, renewed);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private void Apply(HttpRequestMessage request, TokenSecret secret)
    {
        // First, so that it is known where to apply it fails.
        SentRequest.Of(request).Add(secret);
        credential.Apply(request, secret);
    }
}
