namespace Tokenwright;

/// <summary>Adds decorators to a client.</summary>
public sealed class TokenClientBuilder
{
    private readonly ITokenClient _innerClient;
    private readonly List<Func<ITokenClient, ITokenClient>> _decorators = [];

    /// <summary>Initializes a new instance of the <see cref="TokenClientBuilder"/> class.</summary>
    /// <param name="innerClient">The innermost client.</param>
    public TokenClientBuilder(ITokenClient innerClient)
    {
        ArgumentNullException.ThrowIfNull(innerClient);
        _innerClient = innerClient;
    }

    /// <summary>Adds a decorator. The first one is the outermost: it receives a call first and its result last.</summary>
    /// <param name="decorator">Wraps the given client.</param>
    /// <returns>This builder.</returns>
    public TokenClientBuilder Use(Func<ITokenClient, ITokenClient> decorator)
    {
        ArgumentNullException.ThrowIfNull(decorator);
        _decorators.Add(decorator);
        return this;
    }

    /// <summary>Creates the decorated client.</summary>
    /// <exception cref="InvalidOperationException">A decorator returned null.</exception>
    public ITokenClient Build()
        => Enumerable.Reverse(_decorators).Aggregate(
            _innerClient,
            (client, decorator) => decorator(client) ?? throw new InvalidOperationException("A decorator returned null, not a client."));
}
