using Tokenwright.Http;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>Sends the connection's access token as it stands, or exchanges name and password for a session token, which is sent in the same way.</summary>
internal static class XmsCredential
{
    // One credential for both ways, so that the options may change from one to the other while the connection is open.
    public static RequestCredential Create(VendorConnection connection, Func<XmsOptions> options)
    {
        var api = new XmsApiClient(connection.CreateHttpClient());
        return new ExchangedCredential<(TokenSecret? AccessToken, string? Username, TokenSecret? Password)>(
            () => Source(options()),
            async (source, cancellationToken) =>
            {
                if (source.AccessToken is { } token)
                    return new ExchangedSecret(token, connection.TimeProvider.GetUtcNow(), lifetime: null);
                var answer = await api.LoginAsync(
                    new AuthLoginReq { Auth = new() { Name = source.Username!, Password = source.Password!.Reveal() } }, cancellationToken).ConfigureAwait(false);
                var now = connection.TimeProvider.GetUtcNow();

                // An end that lies behind us says only that the clocks differ: such a session is kept until it is refused.
                return new ExchangedSecret(
                    ExchangedSecret.Required(answer.Token?.Uuid, "token.uuid"),
                    now,
                    answer.Token?.Expires is { } expires && expires > now ? expires - now : null);
            },

            // The header and never the query parameter "token", which the documents offer too: URLs are logged.
            RequestCredential.Header("Xms-Auth-Token"),
            connection.TimeProvider);
    }

    private static (TokenSecret? AccessToken, string? Username, TokenSecret? Password) Source(XmsOptions options)
        => (options.AccessToken, options.Username, options.Password);
}
