namespace Tokenwright.Cli.Output;

/// <summary>Represents the text of a table cell and its tone.</summary>
internal readonly record struct Cell(string? Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(text);
}
