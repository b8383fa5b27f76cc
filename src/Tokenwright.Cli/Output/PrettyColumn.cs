namespace Tokenwright.Cli.Output;

/// <summary>Represents a column of a table for people.</summary>
/// <param name="Head">The header.</param>
/// <param name="Cell">Returns the cell for a row. Times are relative to the current time.</param>
/// <param name="NoWrap">Whether the text stays on one line.</param>
internal sealed record PrettyColumn<T>(string Head, Func<T, TimeText, Cell> Cell, bool NoWrap = false);
