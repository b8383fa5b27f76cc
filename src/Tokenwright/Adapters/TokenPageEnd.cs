namespace Tokenwright.Adapters;

/// <summary>Where a list goes on after a page.</summary>
public sealed class TokenPageEnd
{
    /// <summary>Initializes a new instance of the <see cref="TokenPageEnd"/> class.</summary>
    /// <param name="continuation">Where the next page begins; null if this was the last one.</param>
    public TokenPageEnd(string? continuation) => Continuation = continuation;

    /// <summary>Gets where the next page begins; null if this was the last one.</summary>
    public string? Continuation { get; }

    /// <summary>Gets or initializes how many tokens the whole list has, where the vendor tells; else null.</summary>
    public long? TotalCount { get; init; }

    /// <summary>
    /// Gets or initializes where all further pages begin, in order, if each has as many elements as this one; empty where that is not
    /// known. They can then be read side by side.
    /// </summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    /// <summary>
    /// Gets or initializes whether more must follow, because the page is as long as was asked for or because the vendor says so, where it
    /// pages by an offset or by a number: a server that doesn't heed them gives the same page again. Null where it pages by a continuation
    /// of its own.
    /// </summary>
    public bool? IsMoreExpected { get; init; }

    /// <summary>Gets the end of the list: no page follows.</summary>
    public static TokenPageEnd OfList { get; } = new(continuation: null);
}
