namespace Tokenwright.DocsTests;

/// <summary>The exception for an error on a page. The message begins with the page's path and line.</summary>
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
