using Tokenwright.Http;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>Sends the connection's access token as it stands, or exchanges name and password for a session token, which is sent in the same way.</summary>
internal static class XmsCredential
{
    public static RequestCredential Create(VendorConnection connection, Func<XmsOptions> options)
    {
        var api = new XmsApiClient(connection.CreateHttpClient());
        var session = new ExchangedCredential<(string Username, TokenSecret Password)>(
            () => (options().Username!, options().Password!),
            async (source, cancellationToken) =>
            {
                var answer = await api.LoginAsync(
                    new AuthLoginReq { Auth = new() { Name = source.Username, Password = source.Password.Reveal() } }, cancellationToken).ConfigureAwait(false);
                var now = connection.TimeProvider.GetUtcNow();

                // An end that lies behind us says only that the clocks differ: such a session is kept until it is refused.
                return new ExchangedSecret(
                    ExchangedSecret.Required(answer.Token?.Uuid, "token.uuid"),
                    now,
                    answer.Token?.Expires is { } expires && expires > now ? expires - now : null);
            },
            InHeader,
            connection.TimeProvider);
        return new TokenOrSession(options, session);
    }

    // The header and never the query parameter "token", which the documents offer too: URLs are logged.
    private static Action<HttpRequestMessage, TokenSecret> InHeader { get; } = RequestCredential.Header("Xms-Auth-Token");

    // Looked at per request, because options may change at run time, also from the one way to the other.
    private sealed class TokenOrSession(Func<XmsOptions> options, RequestCredential session) : RequestCredential(InHeader)
    {
        public override ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken)
            => options().AccessToken is { } token ? new(token) : session.GetSecretAsync(cancellationToken);

        public override void Refused(TokenSecret refused) => session.Refused(refused);
    }
}
