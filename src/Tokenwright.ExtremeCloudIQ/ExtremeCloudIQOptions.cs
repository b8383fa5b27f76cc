namespace Tokenwright.ExtremeCloudIQ;

/// <summary>A connection to an ExtremeCloud IQ account, by an API token or by user name and password.</summary>
/// <remarks>
/// <see cref="ConnectionOptions.BaseAddress"/> is <c>https://api.extremecloudiq.com</c> unless it is set: one host for all accounts and
/// regions. The same API is behind the gateway of Extreme Platform ONE, <c>https://cloudapi.extremecloudiq.com/xiq/v1</c>.
/// </remarks>
public sealed class ExtremeCloudIQOptions : ConnectionOptions
{
    /// <summary>Creates options with the default address.</summary>
    public ExtremeCloudIQOptions() => BaseAddress = new Uri("https://api.extremecloudiq.com");

    /// <summary>
    /// Gets or sets an API token of <c>POST /auth/apitoken</c> (a JWT) or a Platform ONE key (<c>extr_sk_…</c>), sent as it stands; else
    /// give <see cref="Username"/> and <see cref="Password"/>. The opaque tokens of the web page "API Token Management" serve the retired
    /// version 1 API and are refused.
    /// </summary>
    public SecretSource? ApiToken { get; set; }

    /// <summary>
    /// Gets or sets the name of a local user to sign in as, an e-mail address. Users of an identity provider have no password and need an
    /// <see cref="ApiToken"/>.
    /// </summary>
    public string? Username { get; set; }

    /// <summary>Gets or sets the user's password.</summary>
    public SecretSource? Password { get; set; }

    // The vendor counts by the customer, whom the credential stands for.
    /// <inheritdoc />
    protected override string RateLimitScope => ScopeOf(ApiToken) ?? Username ?? string.Empty;

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets
        => [new(nameof(ApiToken), ApiToken), new(nameof(Password), Password)];

    /// <inheritdoc />
    protected override void BindSecrets(Func<string, SecretSource?> read)
    {
        ApiToken = read(nameof(ApiToken)) ?? ApiToken;
        Password = read(nameof(Password)) ?? Password;
    }

    /// <inheritdoc />
    protected override IEnumerable<string> ValidateVendor()
    {
        var hasUsername = !string.IsNullOrWhiteSpace(Username);
        if (ApiToken is not null && (hasUsername || Password is not null))
            yield return $"{nameof(ApiToken)} is set beside {nameof(Username)} or {nameof(Password)}; give either the token or the other " +
                "two.";
        else if (ApiToken is null && !hasUsername && Password is null)
            yield return $"The credential is missing: give {nameof(ApiToken)}, or {nameof(Username)} and {nameof(Password)}.";
        else if (ApiToken is null && !hasUsername)
            yield return $"{nameof(Username)} is missing: {nameof(Password)} needs it to sign in.";
        else if (ApiToken is null && Password is null)
            yield return $"{nameof(Password)} is missing: {nameof(Username)} needs it to sign in.";
    }
}
