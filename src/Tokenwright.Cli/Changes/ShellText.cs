namespace Tokenwright.Cli.Changes;

/// <summary>Formats arguments for a shell.</summary>
internal static class ShellText
{
    /// <summary>Gets the text, in quotation marks if necessary.</summary>
    public static string Quoted(string text)
        => text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=,@+"
            .Contains(character, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
