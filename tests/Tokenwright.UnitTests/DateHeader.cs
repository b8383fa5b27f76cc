namespace Tokenwright.UnitTests;

/// <summary>The Date header of a server.</summary>
internal enum DateHeader
{
    /// <summary>The server's time.</summary>
    Right,

    /// <summary>No Date header.</summary>
    Missing,

    /// <summary>The client's time, which is wrong if the clocks differ.</summary>
    OfTheClient,
}
