using System.Text.Json.Serialization.Metadata;

namespace Tokenwright.Cli.Output;

/// <summary>How rows of one kind are shown in every format.</summary>
/// <param name="Collection">The member that holds the rows in a JSON document.</param>
/// <param name="Flat">The columns of CSV and Markdown.</param>
/// <param name="Table">The columns of the table for people.</param>
/// <param name="Json">How a row is written as JSON.</param>
internal sealed record Shape<T>(
    string Collection, IReadOnlyList<FlatColumn<T>> Flat, IReadOnlyList<PrettyColumn<T>> Table, JsonTypeInfo<T> Json)
{
    /// <summary>Gets or initializes the keys that order the rows, the first one first; null keeps the order in which they come.</summary>
    public IReadOnlyList<Func<T, string?>>? Order { get; init; }

    /// <summary>Gets or initializes whether a row is always a block, because it has much to show or a secret in it.</summary>
    public bool IsBlock { get; init; }
}
