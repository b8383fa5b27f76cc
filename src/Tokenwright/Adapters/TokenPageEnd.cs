namespace Tokenwright.Adapters;

/// <summary>Where a list goes on after a page.</summary>
/// <param name="Continuation">Where the next page begins; null if this was the last one.</param>
/// <param name="TotalCount">How many tokens the whole list has, where the vendor tells; else null.</param>
/// <param name="Rest">
/// Where all further pages begin, in order, if each has as many elements as this one; empty where that is not known. They can then be read
/// side by side.
/// </param>
public sealed record TokenPageEnd(string? Continuation, long? TotalCount, IReadOnlyList<string> Rest)
{
    /// <summary>
    /// Gets or initializes whether more must follow, because the page is as long as was asked for or because the vendor says so, where it
    /// pages by an offset or by a number: a server that doesn't heed them gives the same page again. Null where it pages by a continuation
    /// of its own.
    /// </summary>
    public bool? IsMoreExpected { get; init; }

    /// <summary>Gets the list ends with the page.</summary>
    public static TokenPageEnd OfList { get; } = new(null, null, []);
}
