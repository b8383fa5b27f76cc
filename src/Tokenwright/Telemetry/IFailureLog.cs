namespace Tokenwright;

/// <summary>Logs the failures of operations, which an adapter reports.</summary>
internal interface IFailureLog
{
    /// <summary>Gets a timestamp for the start of an operation.</summary>
    long Now { get; }

    /// <summary>Logs a failure. This method never throws.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="start">The timestamp of the operation's start.</param>
    void Failed(TokenOperation operation, Exception failure, long start);
}
