namespace Tokenwright.DocsTests;

/// <summary>Something is wrong with a page; the message begins with its path and line.</summary>
public sealed class PageException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PageException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Path, line, and what is wrong.</param>
    public PageException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Path, line, and what is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public PageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
