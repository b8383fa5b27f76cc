namespace Tokenwright.Cli.Output;

/// <summary>A column for people.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Cell">The cell of a row; times are relative to the present.</param>
/// <param name="Fit">What may happen to a text that is too wide.</param>
internal sealed record PrettyColumn<T>(string Head, Func<T, TimeText, Cell> Cell, Fit Fit = Fit.Whole)
{
    /// <summary>
    /// Gets or initializes the order in which columns get room: zero for a column without which there is no table, and the lower, the
    /// earlier.
    /// </summary>
    public int Rank { get; init; }

    /// <summary>Gets or initializes whether its text is the heading of a block.</summary>
    public bool IsTitle { get; init; }
}
