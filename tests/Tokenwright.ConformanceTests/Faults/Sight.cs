namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What a client gets to see of a response.</summary>
internal enum Sight
{
    /// <summary>No connection comes about, so the request surely did not arrive.</summary>
    NoConnection,

    /// <summary>No response, or only a part of it within the time.</summary>
    NoResponse,

    /// <summary>The vendor's success, but its body breaks off.</summary>
    BrokenSuccess,

    /// <summary>A status that is no success.</summary>
    Refusal,

    /// <summary>A success whose body is an HTML page.</summary>
    Page,

    /// <summary>A success whose body is not what the operation's response is.</summary>
    WrongContent,

    /// <summary>A success whose body is larger than responses may be.</summary>
    TooLarge,

    /// <summary>The response of a vendor that works, for the connection that broke was one that nobody used.</summary>
    Success,
}
