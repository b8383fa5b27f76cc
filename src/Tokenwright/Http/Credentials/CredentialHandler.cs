using System.Net;
using Tokenwright.Adapters;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <summary>
/// Adds the connection's credential to each request whose operation needs one. After a 401, it sends the request once more if the
/// credential has changed. If the credential comes from a file, it waits a moment, so that a program that writes the file can finish.
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

            // A 401 that doesn't come from the API doesn't prove that the request wasn't carried out.
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
        // The secret is added first, so that it is redacted if applying it fails.
        SentRequest.Of(request).Add(secret);
        credential.Apply(request, secret);
    }
}
