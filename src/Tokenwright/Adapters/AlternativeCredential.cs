namespace Tokenwright.Adapters;

/// <summary>
/// Represents a credential that selects one of several credentials for every request. It is meant for options that can change from one to
/// another while the connection is open.
/// </summary>
public sealed class AlternativeCredential : RequestCredential
{
    private readonly Func<RequestCredential> _choose;

    /// <summary>Initializes a new instance of the <see cref="AlternativeCredential"/> class.</summary>
    /// <param name="choose">Returns the current credential. All credentials put their secret into a request in the same way.</param>
    /// <param name="apply">Puts the secret into a request.</param>
    public AlternativeCredential(Func<RequestCredential> choose, Action<HttpRequestMessage, TokenSecret> apply)
        : base(apply)
    {
        ArgumentNullException.ThrowIfNull(choose);
        _choose = choose;
    }

    /// <inheritdoc />
    public override ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken)
        => _choose().GetSecretAsync(cancellationToken);

    /// <inheritdoc />
    public override void Refused(TokenSecret refused) => _choose().Refused(refused);
}
