namespace Tokenwright.VMwareCloud;

/// <summary>A connection to one user's account in VMware Cloud Services.</summary>
/// <remarks>
/// <see cref="ConnectionOptions.BaseAddress"/> is the console's host, <c>https://console.cloud.vmware.com</c> by default. The same service
/// responds at <c>https://console.tanzu.broadcom.com</c> (Tanzu Platform), and for staging at <c>https://console-stg.cloud.vmware.com</c>
/// and <c>https://console-stg.tanzu.broadcom.com</c>.
/// </remarks>
public sealed class VMwareCloudOptions : ConnectionOptions
{
    /// <summary>Creates options with the default address.</summary>
    public VMwareCloudOptions() => BaseAddress = new Uri("https://console.cloud.vmware.com");

    /// <summary>
    /// Gets or sets the API token that the connection works with, made in the console under My Account, API Tokens. It is exchanged for an
    /// access token of about 30 minutes where an operation needs one, and is what <see cref="TokenReference.Self"/> names.
    /// </summary>
    public SecretSource? ApiToken { get; set; }

    /// <summary>
    /// Gets or sets the id of the organization whose tokens are deactivated and activated where they are named by id. Unset, it is the one
    /// of <see cref="ApiToken"/>, which is then asked for once. A token that is named by its secret has its organization in its record.
    /// </summary>
    public string? OrganizationId { get; set; }

    // It becomes a segment of a path.
    internal static bool IsOrganizationId(string? text) => text is not null && ValidateId(nameof(OrganizationId), text) is null;

    // The vendor counts by nothing that is documented; so by credential.
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
