namespace Tokenwright.Xms;

/// <summary>Provides the options of a connection to the XMS controller of an XSKY storage cluster.</summary>
/// <remarks>
/// <para>
/// <see cref="ConnectionOptions.BaseAddress"/> is the management node with the API's base path, which is <c>/v1</c> at the API's own port
/// and <c>/api/v1</c> through the web console (port 8056 by default). It has no default. If a cluster supports only plain http, use an
/// https proxy or a tunnel to a loopback address; if there is none, <see cref="ConnectionOptions.AllowHttp"/> allows it.
/// </para>
/// <para>
/// The connection authenticates either with an <see cref="AccessToken"/>, or with a <see cref="Username"/> and <see cref="Password"/>.
/// </para>
/// </remarks>
public sealed class XmsOptions : ConnectionOptions
{
    /// <summary>Gets or sets the access token that the connection uses. It is sent in a header.</summary>
    /// <remarks>
    /// After the connection has regenerated this token (by <see cref="TokenReference.Self"/>, its id or its secret), set the new secret
    /// here. The connection doesn't do this itself, and the old secret no longer works.
    /// </remarks>
    public SecretSource? AccessToken { get; set; }

    /// <summary>Gets or sets the name or e-mail address of the user that the connection signs in as. It then uses a session.</summary>
    public string? Username { get; set; }

    /// <summary>Gets or sets the user's password.</summary>
    public SecretSource? Password { get; set; }

    // The vendor doesn't document how it counts calls. The credential is the best guess.
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

        // The addresses in all documents, and all known ones, end like this. The message shows only the path, because the rest can contain
        // a credential.
        if (BaseAddress is { IsAbsoluteUri: true } address && !address.AbsolutePath.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal))
            yield return $"{nameof(BaseAddress)} must end in the API's base path, /v1 or through the web console /api/v1, not in " +
                $"'{address.AbsolutePath}'.";
    }
}
