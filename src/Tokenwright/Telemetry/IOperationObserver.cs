namespace Tokenwright;

/// <summary>Observes one operation. It is disposed when the operation has ended, even if a list wasn't read to its end.</summary>
internal interface IOperationObserver : IDisposable
{
    void Succeeded(ApiToken? token);

    void Listed(int count);

    void Failed(Exception failure);

    /// <summary>
    /// Records that a list waits for the vendor until the returned object is disposed. The time between such waits belongs to the caller.
    /// </summary>
    IDisposable? Wait() => null;
}
