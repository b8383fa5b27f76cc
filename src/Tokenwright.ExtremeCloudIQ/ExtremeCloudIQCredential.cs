using Tokenwright.Adapters;
using Tokenwright.ExtremeCloudIQ.Api;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Creates the credential: an API token, or a session token in exchange for the user name and password.</summary>
internal static class ExtremeCloudIQCredential
{
    public static RequestCredential Create(VendorConnection connection, Func<ExtremeCloudIQOptions> options)
        => new AlternativeCredential(() => options().ApiToken, Session(connection, options), RequestCredential.Bearer);

    private static ExchangedCredential<(string Username, TokenSecret Password)> Session(
        VendorConnection connection, Func<ExtremeCloudIQOptions> options)
    {
        var api = new ExtremeCloudIQApiClient(connection.CreateHttpClient()) { RequiresOperation = true };
        return new ExchangedCredential<(string Username, TokenSecret Password)>(
            connection,
            async cancellationToken =>
            {
                var present = options();
                var username = connection.Required(present.Username, nameof(ExtremeCloudIQOptions.Username));
                return (username, await connection.Required(present.Password, nameof(ExtremeCloudIQOptions.Password)).ReadAsync(
                    cancellationToken).ConfigureAwait(false));
            },
            async (source, context) =>
            {
                var response = await api.LoginAsync(
                    new XiqLoginRequest { Username = source.Username, Password = source.Password.Reveal() }, context)
                        .ConfigureAwait(false);
                return new ExchangedSecret(
                    VendorConnection.ReadSecret(response.AccessToken, "access_token"),
                    connection.TimeProvider.GetUtcNow(),
                    response.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            },
            RequestCredential.Bearer)
        {
            OwnSecret = source => source.Password,
            Advice = _ => "Check the user name and password.",
        };
    }
}
