namespace Tokenwright.UnitTests;

/// <summary>What a server tells of its time.</summary>
internal enum DateHeader
{
    /// <summary>Its time.</summary>
    Right,

    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>The time of the client, which is wrong where the clocks differ.</summary>
    OfTheClient,
}
