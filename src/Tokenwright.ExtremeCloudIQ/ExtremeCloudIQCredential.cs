using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Http;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Sends an API token as it stands, or exchanges user name and password for a session token.</summary>
internal static class ExtremeCloudIQCredential
{
    // One credential for both ways, so that the options may change from one to the other while the connection is open.
    public static RequestCredential Create(VendorConnection connection, Func<ExtremeCloudIQOptions> options)
    {
        var api = new ExtremeCloudIQApiClient(connection.CreateHttpClient());
        return new ExchangedCredential<(TokenSecret? ApiToken, string? Username, TokenSecret? Password)>(
            () => Source(options()),
            async (source, cancellationToken) =>
            {
                if (source.ApiToken is { } token)
                    return new ExchangedSecret(token, connection.TimeProvider.GetUtcNow(), lifetime: null);
                var answer = await api.LoginAsync(
                    new XiqLoginRequest { Username = source.Username!, Password = source.Password!.Reveal() }, cancellationToken).ConfigureAwait(false);
                return new ExchangedSecret(
                    ExchangedSecret.Required(answer.Access_token, "access_token"),
                    connection.TimeProvider.GetUtcNow(),
                    answer.Expires_in is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            },
            RequestCredential.Bearer,
            connection.TimeProvider);
    }

    private static (TokenSecret? ApiToken, string? Username, TokenSecret? Password) Source(ExtremeCloudIQOptions options)
        => (options.ApiToken, options.Username, options.Password);
}
