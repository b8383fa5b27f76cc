namespace Tokenwright.SailPoint;

/// <summary>Provides the options of a connection to a SailPoint Identity Security Cloud tenant.</summary>
/// <remarks>
/// <see cref="ConnectionOptions.BaseAddress"/> is the tenant's API host, <c>https://{tenant}.api.identitynow.com</c>. It has no default.
/// </remarks>
public sealed class SailPointOptions : ConnectionOptions
{
    /// <summary>
    /// Initializes a new instance of the <see cref="SailPointOptions"/> class with the vendor's documented rate limit: 100 calls within 10
    /// seconds.
    /// </summary>
    public SailPointOptions() => (CallsPerWindow, CallWindow) = (100, TimeSpan.FromSeconds(10));

    /// <summary>Gets or sets the id of the personal access token or API client that the connection uses.</summary>
    public string? ClientId { get; set; }

    /// <summary>Gets or sets the secret of the personal access token or API client.</summary>
    public SecretSource? ClientSecret { get; set; }

    /// <summary>
    /// Gets or sets the version segment of the API's paths: <c>v3</c>, <c>beta</c>, <c>v2024</c>, <c>v2025</c> (the default) or
    /// <c>v2026</c>. Tokens that never expire are supported from <c>v2025</c> on.
    /// </summary>
    public string ApiVersion { get; set; } = "v2025";

    // Up to v2024, a token without an expiry date expires after six months, according to the documents.
    internal bool KnowsNeverExpiring => ApiVersion is not ("v3" or "beta" or "v2024");

    // The vendor counts calls by the client id, separately for each version of the API.
    /// <inheritdoc />
    protected override string RateLimitScope => $"{ClientId} {ApiVersion}";

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets => [new(nameof(ClientSecret), ClientSecret)];

    /// <inheritdoc />
    protected override void BindSecrets(Func<string, SecretSource?> read)
    {
        ClientSecret = read(nameof(ClientSecret)) ?? ClientSecret;
    }

    /// <inheritdoc />
    protected override IEnumerable<string> ValidateVendor()
    {
        if (string.IsNullOrWhiteSpace(ClientId))
            yield return $"{nameof(ClientId)} is missing: the id of a personal access token or API client.";
        else if (ValidateId(nameof(ClientId), ClientId) is { } problem)
            yield return problem;
        if (ClientSecret is null)
            yield return $"{nameof(ClientSecret)} is missing: the secret of that token or client.";
        if (string.IsNullOrEmpty(ApiVersion) || !ApiVersion.All(char.IsAsciiLetterOrDigit))
            yield return $"{nameof(ApiVersion)} must be a path segment such as v2025, not '{ApiVersion}'.";
        else if (ApiVersion == "v1")
            yield return $"{nameof(ApiVersion)} v1 (the per-service form /personal-access-tokens/v1) is not supported; use v2025.";
    }
}
