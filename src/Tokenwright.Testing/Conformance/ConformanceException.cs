namespace Tokenwright.Testing.Conformance;

/// <summary>The exception that is thrown when a client doesn't meet a requirement for all clients or a claim of its capabilities.</summary>
public sealed class ConformanceException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="ConformanceException"/> class.</summary>
    public ConformanceException()
    {
    }

    /// <summary>Initializes a new instance of the <see cref="ConformanceException"/> class.</summary>
    /// <param name="message">The expected and the actual result.</param>
    public ConformanceException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="ConformanceException"/> class.</summary>
    /// <param name="message">The expected and the actual result.</param>
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
