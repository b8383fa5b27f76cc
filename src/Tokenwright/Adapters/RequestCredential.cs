namespace Tokenwright.Adapters;

/// <summary>What authenticates the requests of a connection. Asked anew for every request, so that it can change at run time.</summary>
public abstract class RequestCredential
{
    private readonly Action<HttpRequestMessage, TokenSecret> _apply;

    /// <summary>Creates a credential.</summary>
    /// <param name="apply">Puts the secret into a request; <see cref="Bearer"/> and <see cref="Header"/> make common ones.</param>
    protected RequestCredential(Action<HttpRequestMessage, TokenSecret> apply)
    {
        ArgumentNullException.ThrowIfNull(apply);
        _apply = apply;
    }

    /// <summary>Gets a function that puts a secret into <c>Authorization: Bearer</c>.</summary>
    public static Action<HttpRequestMessage, TokenSecret> Bearer { get; } =
        (request, secret) => request.Headers.Authorization = new("Bearer", secret.Reveal());

    /// <summary>Gets a function that puts a secret into a header of its own.</summary>
    /// <param name="name">The header's name.</param>
    public static Action<HttpRequestMessage, TokenSecret> Header(string name) => (request, secret) =>
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, secret.Reveal());
    };

    /// <summary>Gets the secret to send now.</summary>
    /// <param name="cancellationToken">Ends the wait of this caller, not an exchange that others wait for too.</param>
    public abstract ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes note that the vendor refused a secret with 401: the credential may drop it, so that the next <see cref="GetSecretAsync"/>
    /// fetches another.
    /// </summary>
    /// <param name="refused">The secret that was refused.</param>
    public virtual void Refused(TokenSecret refused)
    {
    }

    internal void Apply(HttpRequestMessage request, TokenSecret secret)
    {
        // The framework would take it for a failure of the network, and try again.
        var value = secret.Reveal();
        var foreign = value.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (foreign >= 0)
            throw new SecretSourceException(
                $"The secret has a character that no header can carry (U+{(int)value[foreign]:X4}) at position {foreign} of " +
                $"{value.Length}.");
        _apply(request, secret);
    }
}
