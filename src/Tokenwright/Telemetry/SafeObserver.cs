namespace Tokenwright;

/// <summary>
/// An observer of an operation that may throw, in which case it is not told of the rest: the operation goes on and its result is handed
/// out.
/// </summary>
internal struct SafeObserver : IDisposable
{
    private IOperationObserver? _inner;

    /// <summary>Begins to observe an operation.</summary>
    /// <param name="begin">Makes the observer.</param>
    /// <param name="operation">The operation.</param>
    public SafeObserver(Func<TokenOperation, IOperationObserver> begin, TokenOperation operation)
    {
        try
        {
            _inner = begin(operation);
        }
        catch (Exception)
        {
            _inner = null;
        }
    }

    public void Succeeded(ApiToken? token)
    {
        try
        {
            _inner?.Succeeded(token);
        }
        catch (Exception)
        {
            _inner = null;
        }
    }

    public void Listed(int count)
    {
        try
        {
            _inner?.Listed(count);
        }
        catch (Exception)
        {
            _inner = null;
        }
    }

    public void Failed(Exception failure)
    {
        try
        {
            _inner?.Failed(failure);
        }
        catch (Exception)
        {
            _inner = null;
        }
    }

    /// <summary>Notes that a list begins to wait for the vendor.</summary>
    /// <returns>What ends the wait, for <see cref="EndWait"/>; null for nothing.</returns>
    public IDisposable? BeginWait()
    {
        try
        {
            return _inner?.Wait();
        }
        catch (Exception)
        {
            _inner = null;
            return null;
        }
    }

    /// <summary>Notes that the wait has ended.</summary>
    /// <param name="wait">What <see cref="BeginWait"/> gave.</param>
    public void EndWait(IDisposable? wait)
    {
        try
        {
            wait?.Dispose();
        }
        catch (Exception)
        {
            _inner = null;
        }
    }

    public void Dispose()
    {
        try
        {
            _inner?.Dispose();
        }
        catch (Exception)
        {
            _inner = null;
        }
    }
}
