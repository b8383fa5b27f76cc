namespace Tokenwright.Cli.Output;

/// <summary>The standard output takes nothing any more. The message is for the user.</summary>
/// <param name="message">Why.</param>
/// <param name="isReaderGone">Whether that is so because whoever read it has ended, as <c>head</c> does when it has enough.</param>
internal sealed class OutputLostException(string message, bool isReaderGone) : IOException(message)
{
    public bool IsReaderGone { get; } = isReaderGone;

    /// <summary>Creates the exception for a reader that has ended.</summary>
    public static OutputLostException ReaderGone() => new("The output can't be written: whatever read it has ended.", isReaderGone: true);
}
