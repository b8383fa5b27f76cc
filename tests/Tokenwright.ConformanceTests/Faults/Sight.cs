namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What a client sees of a response.</summary>
internal enum Sight
{
    /// <summary>No connection can be opened, so the request certainly did not arrive.</summary>
    NoConnection,

    /// <summary>No response, or only a part of it before the timeout.</summary>
    NoResponse,

    /// <summary>The vendor's success, with a body that breaks off.</summary>
    BrokenSuccess,

    /// <summary>A status that is not a success.</summary>
    Refusal,

    /// <summary>A success whose body is an HTML page.</summary>
    Page,

    /// <summary>A success with a body that doesn't match the operation's response.</summary>
    WrongContent,

    /// <summary>A success with a body that is larger than responses may be.</summary>
    TooLarge,

    /// <summary>A normal response, because the connection that broke was unused.</summary>
    Success,
}
