using Tokenwright.Adapters;
using Tokenwright.SailPoint.Api;

namespace Tokenwright.SailPoint;

/// <summary>Exchanges a personal access token's id and secret for the bearer token that the API accepts.</summary>
internal static class SailPointCredential
{
    public static RequestCredential Create(VendorConnection connection, Func<SailPointOptions> options)
    {
        var api = new SailPointApiClient(connection.CreateHttpClient()) { RequiresOperation = true };
        return new ExchangedCredential<(string Id, TokenSecret Secret)>(
            connection,
            cancellationToken => ReadAsync(connection, options(), cancellationToken),
            async (source, context) =>
            {
                var response = await ExchangeAsync(api, source, context).ConfigureAwait(false);
                return new ExchangedSecret(
                    VendorConnection.ReadSecret(response.AccessToken, "access_token"),
                    connection.TimeProvider.GetUtcNow(),
                    response.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            },
            RequestCredential.Bearer)
        {
            OwnSecret = source => source.Secret,
        };
    }

    public static async ValueTask<(string Id, TokenSecret Secret)> ReadAsync(
        VendorConnection connection, SailPointOptions present, CancellationToken cancellationToken)
    {
        if (!present.CanSecretGiveId)
            _ = connection.Required(present.ClientId, nameof(SailPointOptions.ClientId));
        var source = connection.Required(present.ClientSecret, nameof(SailPointOptions.ClientSecret));
        var pair = await source.ReadPairAsync(cancellationToken).ConfigureAwait(false);
        var id = pair.Id ?? present.ClientId;
        return !string.IsNullOrWhiteSpace(id) ? (id, pair.Secret) : throw new SecretSourceException(
            $"{nameof(SailPointOptions.ClientId)} is missing, and {source} has a secret without an id. Set " +
            $"{nameof(SailPointOptions.ClientId)}, or give the id with the secret: {{ \"id\": \"…\", \"secret\": \"…\" }}.");
    }

    public static Task<AccessTokenResponse> ExchangeAsync(
        SailPointApiClient api, (string Id, TokenSecret Secret) source, OperationContext context)
        => api.RequestAccessTokenAsync(
            new AccessTokenRequest { GrantType = "client_credentials", ClientId = source.Id, ClientSecret = source.Secret.Reveal() },
            context).AsTask();
}
