using System.Text.Json.Serialization.Metadata;

namespace Tokenwright.Cli.Output;

/// <summary>How rows of one kind are shown in every format.</summary>
/// <param name="Collection">The member that holds the rows in a JSON document.</param>
/// <param name="Flat">The columns of CSV and Markdown.</param>
/// <param name="Table">The columns of the table for people.</param>
/// <param name="Json">How a row is written as JSON.</param>
internal sealed record Shape<T>(string Collection, IReadOnlyList<FlatColumn<T>> Flat, IReadOnlyList<PrettyColumn<T>> Table, JsonTypeInfo<T> Json)
{
    /// <summary>What orders the finished table; null keeps the order in which the rows came.</summary>
    public Func<T, IComparable>? Order { get; init; }
}

/// <summary>A column for programs: the whole value, in an unchanging form.</summary>
internal sealed record FlatColumn<T>(string Name, Func<T, string?> Value);

/// <summary>A column for people.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Cell">The cell of a row; times are told by the present.</param>
/// <param name="NoWrap">Whether it keeps its words on one line.</param>
internal sealed record PrettyColumn<T>(string Head, Func<T, TimeText, Cell> Cell, bool NoWrap = false);

/// <summary>A text and how grave it is.</summary>
internal readonly record struct Cell(string? Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(text);
}

/// <summary>How grave a text is: colours on a terminal, nothing elsewhere.</summary>
internal enum Tone
{
    Plain,
    Faint,
    Good,
    Notice,
    Warning,
    Danger,
}
