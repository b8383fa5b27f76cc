using Tokenwright;

namespace Acme.Tokens;

/// <summary>A connection to an Acme account.</summary>
public sealed class AcmeOptions : ConnectionOptions
{
    /// <summary>Initializes options with Acme's address.</summary>
    public AcmeOptions() => BaseAddress = new Uri("https://api.acme.example");

    /// <summary>Gets or sets the token that the connection authenticates with.</summary>
    public SecretSource? ApiKey { get; set; }

    // Acme limits the calls of each token.
    /// <inheritdoc />
    protected override string RateLimitScope => ScopeOf(ApiKey) ?? string.Empty;

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets => [new(nameof(ApiKey), ApiKey)];

    /// <inheritdoc />
    protected override void BindSecrets(Func<string, SecretSource?> read) => ApiKey = read(nameof(ApiKey)) ?? ApiKey;

    /// <inheritdoc />
    protected override IEnumerable<string> ValidateVendor()
    {
        if (ApiKey is null)
            yield return $"{nameof(ApiKey)} is missing: a token of the account.";
    }
}
