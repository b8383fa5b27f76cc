namespace Tokenwright.ConformanceTests.Field;

/// <summary>How a handler of a program sends a request again.</summary>
internal enum Repetition
{
    /// <summary>The same request object.</summary>
    SameRequest,

    /// <summary>A copy with all headers, made when it is needed.</summary>
    Copy,

    /// <summary>A copy for the first request too, without the options of the request.</summary>
    CopyOfEach,

    /// <summary>A copy that keeps only the headers that it knows.</summary>
    BareCopy,

    /// <summary>Two copies side by side.</summary>
    SideBySide,
}
