namespace Tokenwright.Adapters;

/// <summary>A secret that is sent as it stands.</summary>
public sealed class FixedCredential : RequestCredential
{
    private readonly Func<SecretSource> _secret;

    /// <summary>Creates the credential from whatever gives the present secret.</summary>
    /// <param name="secret">Called for every request.</param>
    /// <param name="apply">Puts the secret into a request.</param>
    public FixedCredential(Func<SecretSource> secret, Action<HttpRequestMessage, TokenSecret> apply)
        : base(apply)
    {
        ArgumentNullException.ThrowIfNull(secret);
        _secret = secret;
    }

    /// <inheritdoc />
    public override ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken) => _secret().ReadAsync(cancellationToken);
}
