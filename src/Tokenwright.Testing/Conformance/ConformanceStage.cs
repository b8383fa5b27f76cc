namespace Tokenwright.Testing.Conformance;

/// <summary>
/// The vendor's side of a subject while a case runs: the truth about its tokens, and clients that see it through the vendor's API.
/// </summary>
public abstract class ConformanceStage : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    /// <summary>Gets the tokens that the vendor keeps, in the order in which it lists them.</summary>
    public abstract IReadOnlyList<EmulatedToken> Tokens { get; }

    /// <summary>Gets how many requests have reached the vendor.</summary>
    public abstract int Requests { get; }

    /// <summary>Puts a token into the vendor's store.</summary>
    /// <param name="token">The token.</param>
    public abstract EmulatedToken Add(EmulatedToken token);

    /// <summary>Takes a token out of the vendor's store.</summary>
    /// <param name="token">The token.</param>
    public abstract void Remove(EmulatedToken token);

    /// <summary>Empties the vendor's store.</summary>
    public abstract void Clear();

    /// <summary>Holds a request that the newest client sends, until the stage ends.</summary>
    /// <param name="operation">The operation that sends it.</param>
    /// <param name="number">Which of the client's requests from its first on.</param>
    /// <returns>Done when the vendor has the request.</returns>
    public abstract Task Hold(TokenOperation operation, int number);

    /// <summary>Makes the vendor return smaller pages of a list than it is asked for.</summary>
    /// <param name="most">The most tokens that a page has.</param>
    /// <returns>Whether that can be done.</returns>
    public virtual bool LimitPages(int most) => false;

    /// <summary>Makes the vendor respond to the next request with HTTP 200 and another body.</summary>
    /// <param name="json">The body.</param>
    /// <returns>Whether that can be done.</returns>
    public virtual bool RespondNext(string json) => false;

    /// <summary>Creates a client. It ends with the stage.</summary>
    /// <param name="own">The token that it works with; null for the credential of the emulator.</param>
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
    /// <param name="own">The token that it works with; null for the credential of the emulator.</param>
    protected abstract ITokenClient CreateClient(EmulatedToken? own);

    /// <summary>Disposes an object together with the stage.</summary>
    /// <param name="opened">What is to end.</param>
    protected void Own(IDisposable opened)
    {
        lock (_opened)
            _opened.Add(opened);
    }

    /// <summary>Disposes what was opened.</summary>
    /// <param name="disposing">Always true; the class has no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _opened.ForEach(opened => opened.Dispose());
    }
}
