namespace Tokenwright.ConformanceTests.Field;

/// <summary>How a handler of a program retries a request.</summary>
internal enum Repetition
{
    /// <summary>It sends the same request object.</summary>
    SameRequest,

    /// <summary>It sends a copy with all headers, created for the retry.</summary>
    Copy,

    /// <summary>It also sends a copy for the first request, without the options of the request.</summary>
    CopyOfEach,

    /// <summary>It sends a copy with only the headers that it knows.</summary>
    BareCopy,

    /// <summary>It sends two copies concurrently.</summary>
    SideBySide,
}
