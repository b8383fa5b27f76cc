using Tokenwright.Adapters;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>
/// Creates the credential: an access token, or a session token in exchange for the name and password. Both are sent in the same way.
/// </summary>
internal static class XmsCredential
{
    // The documents also offer the query parameter "token". It is never used, because URLs are logged.
    private static readonly Action<HttpRequestMessage, TokenSecret> Apply = RequestCredential.Header("Xms-Auth-Token");

    private const string UseAccessToken =
        $"An access token needs no login: set {nameof(XmsOptions.AccessToken)} in place of {nameof(XmsOptions.Username)} and " +
        $"{nameof(XmsOptions.Password)}.";

    public static RequestCredential Create(VendorConnection connection, Func<XmsOptions> options)
        => new AlternativeCredential(() => options().AccessToken, Session(connection, options), Apply);

    private static ExchangedCredential<(string Username, TokenSecret Password)> Session(
        VendorConnection connection, Func<XmsOptions> options)
    {
        var api = new XmsApiClient(connection.CreateHttpClient()) { RequiresOperation = true };
        return new ExchangedCredential<(string Username, TokenSecret Password)>(
            connection,
            async cancellationToken =>
            {
                var present = options();
                var username = connection.Required(present.Username, nameof(XmsOptions.Username));
                return (username, await connection.Required(present.Password, nameof(XmsOptions.Password)).ReadAsync(
                    cancellationToken).ConfigureAwait(false));
            },
            async (source, context) =>
            {
                var response = await api.LoginAsync(
                    new AuthLoginReq { Auth = new() { Name = source.Username, Password = source.Password.Reveal() } }, context)
                        .ConfigureAwait(false);
                var now = connection.TimeProvider.GetUtcNow();

                // An expiry in the past only means that the clocks differ. Such a session is used until it is refused.
                return new ExchangedSecret(
                    VendorConnection.ReadSecret(response.Token?.Uuid, "token.uuid"),
                    now,
                    response.Token?.Expires is { } expires && expires > now ? expires - now : null);
            },
            Apply)
        {
            OwnSecret = source => source.Password,
            Advice = refusal => XmsErrors.AsksForCode(refusal)
                ? "The login requires a verification code, which a connection can't enter. " + UseAccessToken
                : "Check the user name and password. A user whose login requires a verification code (since version 6.4) can't log in " +
                    "with them alone. " + UseAccessToken,
        };
    }
}
