namespace Tokenwright.Cli.Output;

/// <summary>How grave a text is: colours on a terminal, nothing elsewhere.</summary>
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
