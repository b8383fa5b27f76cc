namespace Tokenwright.Adapters;

/// <summary>
/// One of several credentials, chosen anew for every request, for options that may change from one to another while the connection is open.
/// </summary>
public sealed class AlternativeCredential : RequestCredential
{
    private readonly Func<RequestCredential> _choose;

    /// <summary>Creates the credential.</summary>
    /// <param name="choose">Gives the present one. All of them put their secret into a request in the same way.</param>
    /// <param name="apply">That way.</param>
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
