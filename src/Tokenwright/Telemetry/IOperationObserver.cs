namespace Tokenwright;

/// <summary>Watches one operation; disposed when it has ended, also when a list was left before its end.</summary>
internal interface IOperationObserver : IDisposable
{
    void Succeeded(ApiToken? token);

    void Listed(int count);

    void Failed(Exception failure);

    /// <summary>A list waits for the vendor until what is given is disposed; between such waits it is the caller's time.</summary>
    IDisposable? Wait() => null;
}
