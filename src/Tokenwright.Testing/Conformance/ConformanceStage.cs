namespace Tokenwright.Testing.Conformance;

/// <summary>
/// Represents the vendor of a subject while a case runs: the vendor's tokens, and clients that access them through the vendor's API.
/// </summary>
public abstract class ConformanceStage : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    /// <summary>Gets the vendor's tokens, in the order in which it lists them.</summary>
    public abstract IReadOnlyList<EmulatedToken> Tokens { get; }

    /// <summary>Gets the number of requests that have reached the vendor.</summary>
    public abstract int Requests { get; }

    /// <summary>
    /// Gets whether the vendor follows the clock of the case. A real server has a clock of its own: the clock of the case then starts at
    /// the present time, and the cases leave out what they can only see when time passes.
    /// </summary>
    public virtual bool FollowsClock => true;

    /// <summary>Adds a token to the vendor.</summary>
    /// <param name="token">The token.</param>
    public abstract EmulatedToken Add(EmulatedToken token);

    /// <summary>Removes a token from the vendor.</summary>
    /// <param name="token">The token.</param>
    public abstract void Remove(EmulatedToken token);

    /// <summary>Removes all tokens from the vendor.</summary>
    public abstract void Clear();

    /// <summary>Holds a request of the newest client until the stage is disposed.</summary>
    /// <param name="operation">The operation that sends it.</param>
    /// <param name="number">The number of the request, counted from the client's first one.</param>
    /// <returns>A task that completes when the vendor has received the request.</returns>
    public abstract Task Hold(TokenOperation operation, int number);

    /// <summary>Sets a maximum size for the vendor's pages, even if a request asks for more.</summary>
    /// <param name="most">The maximum number of tokens on a page.</param>
    /// <returns>Whether this is supported.</returns>
    public virtual bool LimitPages(int most) => false;

    /// <summary>Replaces the vendor's next response with HTTP 200 and another body.</summary>
    /// <param name="json">The body.</param>
    /// <returns>Whether this is supported.</returns>
    public virtual bool RespondNext(string json) => false;

    /// <summary>Creates a client. It is disposed with the stage.</summary>
    /// <param name="own">The token that the client uses; null for the emulator's credential.</param>
    public ITokenClient Open(EmulatedToken? own = null)
    {
        var client = CreateClient(own);
        Own(client);
        return client;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates a client.</summary>
    /// <param name="own">The token that the client uses; null for the emulator's credential.</param>
    protected abstract ITokenClient CreateClient(EmulatedToken? own);

    /// <summary>Registers an object that is disposed with the stage.</summary>
    /// <param name="opened">The object to dispose.</param>
    protected void Own(IDisposable opened)
    {
        lock (_opened)
            _opened.Add(opened);
    }

    /// <summary>Disposes the registered objects.</summary>
    /// <param name="disposing">Always true; the class has no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _opened.ForEach(opened => opened.Dispose());
    }
}
