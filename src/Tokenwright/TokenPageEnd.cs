namespace Tokenwright;

/// <summary>Where a list goes on after a page.</summary>
/// <param name="Continuation">Where the next page begins; null if this was the last one.</param>
/// <param name="TotalCount">How many tokens the whole list has, where the vendor tells; else null.</param>
/// <param name="Rest">
/// Where all further pages begin, in order, if each has as many elements as this one; empty where that is not known. They can then be read
/// side by side.
/// </param>
public sealed record TokenPageEnd(string? Continuation, long? TotalCount, IReadOnlyList<string> Rest)
{
    /// <summary>The list ends with the page.</summary>
    public static TokenPageEnd OfList { get; } = new(null, null, []);
}
