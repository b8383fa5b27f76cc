using System.Text.Json;

namespace Tokenwright.Cli.Configuration;

/// <summary>Represents a value in a JSON file, with its place.</summary>
internal sealed class JsonElementAt
{
    public required JsonTokenType Kind { get; init; }

    /// <summary>Gets or initializes the line in the file, starting at 1.</summary>
    public required int Line { get; init; }

    /// <summary>Gets or initializes the path to the value, as <c>a:b:0</c>; empty for the whole document.</summary>
    public required string Path { get; init; }

    /// <summary>Gets or initializes the value of a string, a number, <c>true</c> or <c>false</c> as text; null for other values.</summary>
    public string? Text { get; init; }

    public List<(string Name, int Line, JsonElementAt Value)> Members { get; } = [];

    public List<JsonElementAt> Items { get; } = [];

    /// <summary>Gets the kind of the value, as text for a message.</summary>
    public string Noun => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
