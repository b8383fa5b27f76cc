namespace Tokenwright.Cli.Changes;

/// <summary>Arguments as a shell must be given them.</summary>
internal static class ShellText
{
    /// <summary>Gets the text, in quotes where it needs them.</summary>
    public static string Quoted(string text)
        => text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=,@+"
            .Contains(character, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
