namespace Tokenwright.Xms;

/// <summary>A connection to the XMS controller of an XSKY storage cluster.</summary>
/// <remarks>
/// <para>
/// <see cref="ConnectionOptions.BaseAddress"/> is the management node with the API's base path, which is <c>/v1</c> at the API's own port
/// and <c>/api/v1</c> through the web console (port 8056 by default); it has no default. Where a cluster serves plain http only, reach it
/// through something that speaks https, or through a tunnel to a loopback address.
/// </para>
/// <para>The connection authenticates either with an <see cref="AccessToken"/>, or with a <see cref="Username"/> and
/// <see cref="Password"/>.</para>
/// </remarks>
public sealed class XmsOptions : ConnectionOptions
{
    /// <summary>Gets or sets the access token that the connection works with. Sent as it stands, in a header.</summary>
    /// <remarks>
    /// After the connection has regenerated this token (<see cref="TokenReference.Self"/>, or its id or secret), put the new secret here:
    /// the connection doesn't take it by itself, and goes on with the old one, which is dead.
    /// </remarks>
    public SecretSource? AccessToken { get; set; }

    /// <summary>Gets or sets the name or mail address of the user that the connection logs in as, to work with a session.</summary>
    public string? Username { get; set; }

    /// <summary>Gets or sets that user's password.</summary>
    public SecretSource? Password { get; set; }

    // The vendor counts by nothing that is documented; so by credential.
    /// <inheritdoc />
    protected override string RateLimitScope => ScopeOf(AccessToken) ?? Username ?? string.Empty;

    /// <inheritdoc />
    protected override IReadOnlyList<KeyValuePair<string, SecretSource?>> Secrets
        => [new(nameof(AccessToken), AccessToken), new(nameof(Password), Password)];

    /// <inheritdoc />
    protected override void BindSecrets(Func<string, SecretSource?> read)
    {
        AccessToken = read(nameof(AccessToken)) ?? AccessToken;
        Password = read(nameof(Password)) ?? Password;
    }

    /// <inheritdoc />
    protected override IEnumerable<string> ValidateVendor()
    {
        var login = !string.IsNullOrWhiteSpace(Username) || Password is not null;
        if (AccessToken is not null && login)
            yield return $"{nameof(AccessToken)} is set, and {nameof(Username)} or {nameof(Password)} too; keep the one or the others.";
        else if (AccessToken is null && !login)
            yield return $"{nameof(AccessToken)} is missing: an access token of the cluster, or in its place {nameof(Username)} and " +
                $"{nameof(Password)}.";
        else if (AccessToken is null && string.IsNullOrWhiteSpace(Username))
            yield return $"{nameof(Username)} is missing: the user whose {nameof(Password)} is set.";
        else if (AccessToken is null && Password is null)
            yield return $"{nameof(Password)} is missing: the password of the user in {nameof(Username)}.";

        // Every version's documents and every live address that is known end so. Only the path is shown: the rest may hold a credential.
        if (BaseAddress is { IsAbsoluteUri: true } address && !address.AbsolutePath.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal))
            yield return $"{nameof(BaseAddress)} must end in the API's base path, /v1 or through the web console /api/v1, not in " +
                $"'{address.AbsolutePath}'.";
    }
}
