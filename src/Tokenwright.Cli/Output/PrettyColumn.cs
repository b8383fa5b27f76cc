namespace Tokenwright.Cli.Output;

/// <summary>A column for people.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Cell">The cell of a row; times are told by the present.</param>
/// <param name="NoWrap">Whether it keeps its words on one line.</param>
internal sealed record PrettyColumn<T>(string Head, Func<T, TimeText, Cell> Cell, bool NoWrap = false);
