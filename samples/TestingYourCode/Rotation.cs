using Tokenwright;

namespace TestingYourCode;

/// <summary>The code that is tested: replaces a token by a new one that may do the same.</summary>
public sealed class Rotation(ITokenClient tokens, TimeProvider clock)
{
    /// <summary>Replaces a token that ends within a while.</summary>
    /// <param name="id">The token.</param>
    /// <param name="notice">The time.</param>
    /// <param name="store">Stores the new secret, before the old token is revoked.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The new token; null if the old one lives long enough.</returns>
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
