namespace Tokenwright.Adapters;

/// <summary>Represents where a list continues after a page.</summary>
public sealed class TokenPageEnd
{
    /// <summary>Initializes a new instance of the <see cref="TokenPageEnd"/> class.</summary>
    /// <param name="continuation">Where the next page begins; null if this is the last page.</param>
    public TokenPageEnd(string? continuation) => Continuation = continuation;

    /// <summary>Gets where the next page begins; null if this is the last page.</summary>
    public string? Continuation { get; }

    /// <summary>Gets or initializes the number of tokens in the whole list; null if the vendor doesn't report it.</summary>
    public long? TotalCount { get; init; }

    /// <summary>
    /// Gets or initializes where all further pages begin, in order, if each has as many elements as this one. They can then be read at the
    /// same time. Empty if this isn't known.
    /// </summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    /// <summary>
    /// Gets or initializes whether more tokens must follow, because the page is as long as requested or the vendor says so. It applies to
    /// vendors that page by an offset or by a page number: a server that ignores it returns the same page again. Null if the vendor has
    /// continuations of its own.
    /// </summary>
    public bool? IsMoreExpected { get; init; }

    /// <summary>
    /// Gets or initializes where the list continues if the vendor ignores paging, so that this page repeats the one before it. Null, the
    /// default, ends the list. It is for a list that combines several lists of the vendor.
    /// </summary>
    public string? ContinuationIfRepeated { get; init; }

    /// <summary>Gets the end of the list, after which no page follows.</summary>
    public static TokenPageEnd OfList { get; } = new(continuation: null);
}
