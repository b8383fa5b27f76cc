namespace Tokenwright.VMwareCloud;

/// <summary>Provides the options of a connection to one user's account in VMware Cloud Services.</summary>
/// <remarks>
/// The default of <see cref="ConnectionOptions.BaseAddress"/> is the console's host, <c>https://console.cloud.vmware.com</c>. The same
/// service is available at <c>https://console.tanzu.broadcom.com</c> (Tanzu Platform), and for staging at
/// <c>https://console-stg.cloud.vmware.com</c> and <c>https://console-stg.tanzu.broadcom.com</c>.
/// </remarks>
public sealed class VMwareCloudOptions : ConnectionOptions
{
    /// <summary>Initializes a new instance of the <see cref="VMwareCloudOptions"/> class with the default address.</summary>
    public VMwareCloudOptions() => BaseAddress = new Uri("https://console.cloud.vmware.com");

    /// <summary>
    /// Gets or sets the API token of the connection, created in the console under My Account, API Tokens. It is exchanged for an access
    /// token of about 30 minutes when an operation needs one. <see cref="TokenReference.Self"/> refers to it.
    /// </summary>
    public SecretSource? ApiToken { get; set; }

    /// <summary>
    /// Gets or sets the id of the organization in which tokens are deactivated and activated by id. If it is null, it is the organization
    /// of <see cref="ApiToken"/>, which the client then reads once. For a reference by secret, the organization is read from the token's
    /// record.
    /// </summary>
    public string? OrganizationId { get; set; }

    // The id becomes a segment of a path.
    internal static bool IsOrganizationId(string? text) => text is not null && ValidateId(nameof(OrganizationId), text) is null;

    // The vendor doesn't document how it counts calls. The credential is the best guess.
    /// <inheritdoc />
    protected override string RateLimitScope => ScopeOf(ApiToken) ?? string.Empty;

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets => [new(nameof(ApiToken), ApiToken)];

    /// <inheritdoc />
    protected override void BindSecrets(Func<string, SecretSource?> read)
    {
        ApiToken = read(nameof(ApiToken)) ?? ApiToken;
    }

    /// <inheritdoc />
    protected override IEnumerable<string> ValidateVendor()
    {
        if (ApiToken is null)
            yield return $"{nameof(ApiToken)} is missing: an API token from the console, My Account, API Tokens.";

        if (ValidateId(nameof(OrganizationId), OrganizationId) is { } problem)
            yield return $"{problem} Leave it out to use the one of {nameof(ApiToken)}.";
    }
}
