namespace Tokenwright.SailPoint;

/// <summary>Provides the options of a connection to a SailPoint Identity Security Cloud tenant.</summary>
/// <remarks>
/// <see cref="ConnectionOptions.BaseAddress"/> is the tenant's API host, <c>https://{tenant}.api.identitynow.com</c>. It has no default.
/// </remarks>
public sealed class SailPointOptions : ConnectionOptions
{
    internal const string PerService = "v1";

    /// <summary>
    /// Initializes a new instance of the <see cref="SailPointOptions"/> class with the vendor's documented rate limit: 100 calls within 10
    /// seconds.
    /// </summary>
    public SailPointOptions() => (CallsPerWindow, CallWindow) = (100, TimeSpan.FromSeconds(10));

    /// <summary>
    /// Gets or sets the id of the personal access token or API client that the connection uses. It isn't needed if
    /// <see cref="ClientSecret"/> gives an id with the secret, and that id is used in its place.
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// Gets or sets the secret of the personal access token or API client. Its source can also give the id, so that a rotation replaces
    /// both at once: a file with <c>{ "id": "…", "secret": "…" }</c>, or <see cref="SecretSource.FromPair"/>.
    /// </summary>
    public SecretSource? ClientSecret { get; set; }

    /// <summary>
    /// Gets or sets the version of the API: <c>v3</c>, <c>beta</c>, <c>v2024</c>, <c>v2025</c> (the default), <c>v2026</c>, or <c>v1</c>
    /// for the per-service form. Tokens that never expire are supported from <c>v2025</c> on and in <c>v1</c>, and the bulk update in
    /// <c>v1</c> only.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The path of a version is <c>/v2025/personal-access-tokens</c>. That of the per-service form is <c>/personal-access-tokens/v1</c>.
    /// </para>
    /// <para>
    /// The vendor supports the versions until the second quarter of 2028 and ends them in the first quarter of 2029. Its newest SDKs have
    /// only the per-service form. The default is a version nevertheless: the per-service form was published in June 2026, and no source
    /// says that every tenant has it. If your tenant has it, set <c>v1</c>.
    /// </para>
    /// </remarks>
    public string ApiVersion { get; set; } = "v2025";

    internal bool IsPerService => ApiVersion == PerService;

    // Up to v2024, a token without an expiry date expires after six months, according to the documents.
    internal bool IsFrom2025 => ApiVersion is not ("v3" or "beta" or "v2024");

    internal bool CanSecretGiveId => CanGiveId(ClientSecret);

    // The vendor counts calls by the client id, separately for each version of the API.
    /// <inheritdoc />
    protected override string RateLimitScope => $"{IdOf(ClientSecret) ?? ClientId} {ApiVersion}";

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
        if (string.IsNullOrWhiteSpace(ClientId) && !CanSecretGiveId)
            yield return $"{nameof(ClientId)} is missing: the id of a personal access token or API client.";
        else if (ValidateId(nameof(ClientId), ClientId) is { } problem)
            yield return problem;
        if (ClientSecret is null)
            yield return $"{nameof(ClientSecret)} is missing: the secret of that token or client.";
        if (string.IsNullOrEmpty(ApiVersion) || !ApiVersion.All(char.IsAsciiLetterOrDigit))
            yield return $"{nameof(ApiVersion)} must be a path segment such as v2025, not '{ApiVersion}'.";
    }
}
