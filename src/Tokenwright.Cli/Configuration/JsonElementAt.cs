using System.Text.Json;

namespace Tokenwright.Cli.Configuration;

/// <summary>A value in a JSON file, with the place where it stands.</summary>
internal sealed class JsonElementAt
{
    public required JsonTokenType Kind { get; init; }

    /// <summary>Gets or initializes the line in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Gets or initializes the way to it, as <c>a:b:0</c>; empty for the whole.</summary>
    public required string Path { get; init; }

    /// <summary>Gets or initializes the value of a text or number, and <c>true</c> or <c>false</c>.</summary>
    public string? Text { get; init; }

    public List<(string Name, int Line, JsonElementAt Value)> Members { get; } = [];

    public List<JsonElementAt> Items { get; } = [];

    /// <summary>Gets what it is, in words for a message.</summary>
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
