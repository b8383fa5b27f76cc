namespace Tokenwright.Adapters;

/// <summary>
/// Represents a credential that is a fixed secret if the options have one, and otherwise another credential. The options can change from
/// one to the other while the connection is open.
/// </summary>
public sealed class AlternativeCredential : RequestCredential
{
    private readonly Func<SecretSource?> _secret;
    private readonly RequestCredential _otherwise;

    /// <summary>Initializes a new instance of the <see cref="AlternativeCredential"/> class.</summary>
    /// <param name="secret">Returns the source of the fixed secret; null if there is none. It is called for every request.</param>
    /// <param name="otherwise">The credential without a fixed secret. It puts its secret into a request in the same way.</param>
    /// <param name="apply">Puts the secret into a request.</param>
    public AlternativeCredential(
        Func<SecretSource?> secret, RequestCredential otherwise, Action<HttpRequestMessage, TokenSecret> apply)
        : base(apply)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(otherwise);
        _secret = secret;
        _otherwise = otherwise;
    }

    /// <inheritdoc />
    public override ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken)
        => _secret() is { } source ? source.ReadAsync(cancellationToken) : _otherwise.GetSecretAsync(cancellationToken);

    /// <inheritdoc />
    public override void Refused(TokenSecret refused) => _otherwise.Refused(refused);

    internal override TokenSecret? OwnSecretOf(TokenSecret applied)
        => _secret() is null ? _otherwise.OwnSecretOf(applied) : base.OwnSecretOf(applied);
}
