namespace Tokenwright.Cli.Output;

/// <summary>The exception that is thrown when the standard output can't be written. The message is for the user.</summary>
/// <param name="message">The reason.</param>
/// <param name="isReaderGone">Whether the reader has ended, as <c>head</c> does when it has enough.</param>
internal sealed class OutputLostException(string message, bool isReaderGone) : IOException(message)
{
    public bool IsReaderGone { get; } = isReaderGone;

    /// <summary>Creates the exception for a reader that has ended.</summary>
    public static OutputLostException ReaderGone() => new("The output can't be written: its reader has ended.", isReaderGone: true);
}
