namespace Tokenwright.Cli.Output;

/// <summary>Represents a column of a table for people.</summary>
/// <param name="Head">The header.</param>
/// <param name="Cell">Returns the cell for a row. Times are relative to the current time.</param>
/// <param name="Fit">What may happen to text that is too wide.</param>
internal sealed record PrettyColumn<T>(string Head, Func<T, TimeText, Cell> Cell, Fit Fit = Fit.Whole)
{
    /// <summary>
    /// Gets or initializes the order in which columns get room. A column of rank 0 is required for a table. Of the others, the lowest rank
    /// comes first.
    /// </summary>
    public int Rank { get; init; }

    /// <summary>Gets or initializes whether the text is the heading of a block.</summary>
    public bool IsTitle { get; init; }
}
