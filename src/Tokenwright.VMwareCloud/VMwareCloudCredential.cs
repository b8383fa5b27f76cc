using Tokenwright.Adapters;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>Exchanges an API token for the access token that the API accepts.</summary>
internal static class VMwareCloudCredential
{
    public static RequestCredential Create(VendorConnection connection, Func<VMwareCloudOptions> options)
    {
        var api = new VMwareCloudApiClient(connection.CreateHttpClient()) { RequiresOperation = true };
        return new ExchangedCredential<TokenSecret>(
            connection,
            cancellationToken => connection.Required(options().ApiToken, nameof(VMwareCloudOptions.ApiToken)).ReadAsync(cancellationToken),
            async (apiToken, context) =>
            {
                var response = await ExchangeAsync(api, apiToken, context).ConfigureAwait(false);
                return new ExchangedSecret(
                    VendorConnection.ReadSecret(response.AccessToken, "access_token"),
                    connection.TimeProvider.GetUtcNow(),
                    // The value has 64 bits in the documents, which can exceed the range of TimeSpan.
                    response.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue)) : null);
            },
            RequestCredential.Bearer)
        {
            OwnSecret = apiToken => apiToken,
            Advice = _ => "Check the API token.",
        };
    }

    // The token is sent in the body under its current name. The old name, refresh_token, is deprecated, and a query parameter would be in
    // the URL.
    public static Task<AccessTokenDto> ExchangeAsync(VMwareCloudApiClient api, TokenSecret apiToken, OperationContext context)
        => api.GetAccessTokenByApiRefreshTokenAsync(
            new GetAccessTokenByApiRefreshTokenRequest { ApiToken = apiToken.Reveal() }, context).AsTask();
}
