using Tokenwright;

namespace Unleash.Tokens;

/// <summary>A connection to an Unleash server. Set its address in <see cref="ConnectionOptions.BaseAddress"/>.</summary>
public sealed class UnleashOptions : ConnectionOptions
{
    /// <summary>Gets or sets the token that the connection authenticates with: a personal access token, or an admin token.</summary>
    public SecretSource? AccessToken { get; set; }

    /// <inheritdoc />
    protected override string RateLimitScope => ScopeOf(AccessToken) ?? string.Empty;

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets => [new(nameof(AccessToken), AccessToken)];

    /// <inheritdoc />
    protected override void BindSecrets(Func<string, SecretSource?> read) => AccessToken = read(nameof(AccessToken)) ?? AccessToken;

    /// <inheritdoc />
    protected override IEnumerable<string> ValidateVendor()
    {
        if (AccessToken is null)
            yield return $"{nameof(AccessToken)} is missing: a personal access token (user:…) or an admin token of the server.";
    }
}
