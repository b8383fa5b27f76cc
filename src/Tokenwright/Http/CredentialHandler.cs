using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Puts the connection's credential into each request. After a 401 it sends the request once more, if the credential has another value by then.
/// </summary>
internal sealed class CredentialHandler(RequestCredential credential, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var secret = await credential.GetSecretAsync(cancellationToken).ConfigureAwait(false);
        Apply(request, secret);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;

        credential.Refused(secret);
        var renewed = await credential.GetSecretAsync(cancellationToken).ConfigureAwait(false);
        if (renewed.Equals(secret))
            return response;

        response.Dispose();
        Apply(request, renewed);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private void Apply(HttpRequestMessage request, TokenSecret secret)
    {
        credential.Apply(request, secret);
        SentRequest.Of(request).Add(secret);
    }
}
