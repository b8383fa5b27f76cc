namespace Tokenwright.Cli.Output;

/// <summary>Specifies the tone of a text, which is its color on a terminal.</summary>
internal enum Tone
{
    Plain,
    Faint,
    Good,
    Notice,
    Warning,
    Danger,
    Head,
}
