using Tokenwright;

namespace TestingYourCode;

/// <summary>The tested code: replaces a token by a new one with the same rights.</summary>
public sealed class Rotation(ITokenClient tokens, TimeProvider clock)
{
    /// <summary>Replaces a token that expires soon.</summary>
    /// <param name="id">The id of the token.</param>
    /// <param name="notice">How long before its expiry a token is replaced.</param>
    /// <param name="store">Stores the new secret, before the old token is revoked.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The new token; null if the old one doesn't expire soon.</returns>
    public async Task<ApiToken?> RotateAsync(
        string id, TimeSpan notice, Func<TokenSecret, Task> store, CancellationToken cancellationToken = default)
    {
        var old = await tokens.GetAsync(TokenReference.ById(id), cancellationToken);
        if (old.ExpiresAt is not { } end || end - clock.GetUtcNow() > notice)
            return null;
        var issued = await tokens.CreateAsync(
            new CreateTokenRequest
            {
                Name = $"{old.Name} {clock.GetUtcNow():yyyy-MM-dd}",
                Scopes = old.Scopes,
                Expiry = TokenExpiry.After(TimeSpan.FromDays(90)),
                IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain,
            },
            cancellationToken);
        await store(issued.Secret);
        await tokens.RevokeAsync(TokenReference.ById(id), cancellationToken);
        return issued.Token;
    }
}
