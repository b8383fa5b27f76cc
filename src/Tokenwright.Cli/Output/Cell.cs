namespace Tokenwright.Cli.Output;

/// <summary>A text and how grave it is.</summary>
internal readonly record struct Cell(string? Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(text);
}
