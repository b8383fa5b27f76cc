namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Provides the options of a connection to an ExtremeCloud IQ account, with an API token or a user name and password.</summary>
/// <remarks>
/// The default of <see cref="ConnectionOptions.BaseAddress"/> is <c>https://api.extremecloudiq.com</c>, one host for all accounts and
/// regions. The same API is also available through the gateway of Extreme Platform ONE, <c>https://cloudapi.extremecloudiq.com/xiq/v1</c>.
/// </remarks>
public sealed class ExtremeCloudIQOptions : ConnectionOptions
{
    /// <summary>Initializes a new instance of the <see cref="ExtremeCloudIQOptions"/> class with the default address.</summary>
    public ExtremeCloudIQOptions() => BaseAddress = new Uri("https://api.extremecloudiq.com");

    /// <summary>
    /// Gets or sets an API token from <c>POST /auth/apitoken</c> (a JWT) or a Platform ONE key (<c>extr_sk_…</c>). Without it, set
    /// <see cref="Username"/> and <see cref="Password"/>. The opaque tokens of the web page "API Token Management" belong to the retired
    /// version 1 of the API and are refused.
    /// </summary>
    public SecretSource? ApiToken { get; set; }

    /// <summary>
    /// Gets or sets the name of the local user that signs in, an e-mail address. Users of an identity provider have no password and need an
    /// <see cref="ApiToken"/>.
    /// </summary>
    public string? Username { get; set; }

    /// <summary>Gets or sets the user's password.</summary>
    public SecretSource? Password { get; set; }

    // The vendor counts calls by customer, which the credential identifies.
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
            yield return $"{nameof(ApiToken)} is set together with {nameof(Username)} or {nameof(Password)}; give either the token " +
                "or the other two.";
        else if (ApiToken is null && !hasUsername && Password is null)
            yield return $"The credential is missing: give {nameof(ApiToken)}, or {nameof(Username)} and {nameof(Password)}.";
        else if (ApiToken is null && !hasUsername)
            yield return $"{nameof(Username)} is missing: {nameof(Password)} needs it to sign in.";
        else if (ApiToken is null && Password is null)
            yield return $"{nameof(Password)} is missing: {nameof(Username)} needs it to sign in.";
    }
}
