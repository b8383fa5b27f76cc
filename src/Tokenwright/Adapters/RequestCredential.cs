namespace Tokenwright.Adapters;

/// <summary>
/// Provides a base class for credentials that authenticate the requests of a connection. A credential is asked before every request, so it
/// can change at run time.
/// </summary>
public abstract class RequestCredential
{
    private readonly Action<HttpRequestMessage, TokenSecret> _apply;

    /// <summary>Initializes a new instance of the <see cref="RequestCredential"/> class.</summary>
    /// <param name="apply">Puts the secret into a request. <see cref="Bearer"/> and <see cref="Header"/> return common functions.</param>
    protected RequestCredential(Action<HttpRequestMessage, TokenSecret> apply)
    {
        ArgumentNullException.ThrowIfNull(apply);
        _apply = apply;
    }

    /// <summary>Gets a function that puts a secret into <c>Authorization: Bearer</c>.</summary>
    public static Action<HttpRequestMessage, TokenSecret> Bearer { get; } =
        (request, secret) => request.Headers.Authorization = new("Bearer", secret.Reveal());

    /// <summary>Gets a function that puts a secret into a header.</summary>
    /// <param name="name">The header's name.</param>
    public static Action<HttpRequestMessage, TokenSecret> Header(string name) => (request, secret) =>
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, secret.Reveal());
    };

    /// <summary>Gets the current secret.</summary>
    /// <param name="cancellationToken">The token to cancel the wait of this caller, but not an exchange that others wait for too.</param>
    public abstract ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Notifies the credential that the vendor refused a secret with 401. The credential can discard it, so that the next
    /// <see cref="GetSecretAsync"/> fetches another one.
    /// </summary>
    /// <param name="refused">The secret that was refused.</param>
    public virtual void Refused(TokenSecret refused)
    {
    }

    /// <summary>Gets the connection's own secret for which a secret in a request was exchanged; null if that isn't known.</summary>
    /// <param name="applied">The secret in the request, which is the connection's own if there was no exchange.</param>
    internal virtual TokenSecret? OwnSecretOf(TokenSecret applied) => applied;

    internal void Apply(HttpRequestMessage request, TokenSecret secret)
    {
        // The framework would treat it as a network failure, and the request would be retried.
        var value = secret.Reveal();
        var foreign = value.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (foreign >= 0)
            throw new SecretSourceException(
                $"The secret has a character that no header can carry (U+{(int)value[foreign]:X4}) at position {foreign} of " +
                $"{value.Length}.");
        _apply(request, secret);
    }
}
