namespace Tokenwright.Testing.Conformance;

/// <summary>A client doesn't do what every client has to, or what its capabilities say.</summary>
public sealed class ConformanceException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ConformanceException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected and what came.</param>
    public ConformanceException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected and what came.</param>
    /// <param name="innerException">The cause.</param>
    public ConformanceException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal ConformanceException(string message, string? remark)
        : this(remark is null ? message : $"{message} ({remark})")
    {
    }
}
