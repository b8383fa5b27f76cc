namespace Tokenwright.Adapters;

/// <summary>Represents a secret that is sent without an exchange.</summary>
public sealed class FixedCredential : RequestCredential
{
    private readonly Func<SecretSource> _secret;

    /// <summary>Initializes a new instance of the <see cref="FixedCredential"/> class.</summary>
    /// <param name="secret">Returns the source of the current secret. It is called for every request.</param>
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
