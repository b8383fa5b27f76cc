using Tokenwright.Http;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <summary>Exchanges a personal access token's id and secret for the bearer token that the API takes.</summary>
internal static class SailPointCredential
{
    public static RequestCredential Create(VendorConnection connection, Func<SailPointOptions> options)
    {
        var api = new SailPointApiClient(connection.CreateHttpClient());
        return new ExchangedCredential<(string Id, TokenSecret Secret)>(
            connection,
            async cancellationToken =>
            {
                var present = options();
                var clientId = connection.Required(present.ClientId, nameof(SailPointOptions.ClientId));
                return (clientId, await connection.Required(present.ClientSecret, nameof(SailPointOptions.ClientSecret)).ReadAsync(
                    cancellationToken).ConfigureAwait(false));
            },
            async (source, cancellationToken) =>
            {
                var response = await ExchangeAsync(api, source.Id, source.Secret, cancellationToken).ConfigureAwait(false);
                return new ExchangedSecret(
                    ExchangedSecret.Required(response.Access_token, "access_token"),
                    connection.TimeProvider.GetUtcNow(),
                    response.Expires_in is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            },
            RequestCredential.Bearer);
    }

    public static Task<AccessTokenResponse> ExchangeAsync(
        ISailPointApiClient api, string id, TokenSecret secret, CancellationToken cancellationToken)
        => api.RequestAccessTokenAsync(
            new AccessTokenRequest { Grant_type = "client_credentials", Client_id = id, Client_secret = secret.Reveal() },
                cancellationToken);
}
