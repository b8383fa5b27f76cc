using System.Text.Json.Serialization.Metadata;

namespace Tokenwright.Cli.Output;

/// <summary>Describes how rows of one type are shown in every format.</summary>
/// <param name="Collection">The property that contains the rows in a JSON document.</param>
/// <param name="Flat">The columns of CSV and Markdown.</param>
/// <param name="Table">The columns of the table for people.</param>
/// <param name="Json">The JSON serialization of a row.</param>
internal sealed record Shape<T>(
    string Collection, IReadOnlyList<FlatColumn<T>> Flat, IReadOnlyList<PrettyColumn<T>> Table, JsonTypeInfo<T> Json)
{
    /// <summary>Gets or initializes the sort keys of the rows; null to keep the order in which the rows arrived.</summary>
    public IReadOnlyList<Func<T, string?>>? Order { get; init; }

    /// <summary>Gets or initializes the fields of JSON that the user chose, in their order; null for all.</summary>
    public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>Gets the names of the fields in JSON.</summary>
    public IReadOnlyList<string> JsonNames
        => [.. Json.Properties.Where(property => property.Get is not null).Select(property => property.Name)];

    /// <summary>Gets or initializes whether each row is always a block of lines.</summary>
    public bool IsBlock { get; init; }
}
