namespace Tokenwright;

/// <summary>
/// Wraps an observer that can throw. After it has thrown, it isn't called again, but the operation continues and returns its result.
/// </summary>
internal struct SafeObserver : IDisposable
{
    private IOperationObserver? _inner;

    /// <summary>Initializes a new instance of the <see cref="SafeObserver"/> struct.</summary>
    /// <param name="begin">Creates the observer.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="isOptional">Whether the call belongs to an optional interface, and not to <see cref="ITokenClient"/>.</param>
    public SafeObserver(Func<TokenOperation, bool, IOperationObserver> begin, TokenOperation operation, bool isOptional)
    {
        try
        {
            _inner = begin(operation, isOptional);
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

    /// <summary>Records that a list starts to wait for the vendor.</summary>
    /// <returns>The object to pass to <see cref="EndWait"/>; null for none.</returns>
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

    /// <summary>Records that the wait has ended.</summary>
    /// <param name="wait">The result of <see cref="BeginWait"/>.</param>
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
