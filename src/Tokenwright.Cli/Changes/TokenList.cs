namespace Tokenwright.Cli.Changes;

/// <summary>Reads the tokens of a bulk change from a file: an id or a secret on each line.</summary>
internal static class TokenList
{
    /// <summary>Reads the file; <c>-</c> stands for the standard input.</summary>
    /// <param name="path">The file.</param>
    /// <param name="areSecrets">
    /// Whether the lines are secrets. Otherwise they are ids, and empty lines and lines that begin with # are ignored.
    /// </param>
    /// <exception cref="CliException">
    /// The file can't be read, or a line isn't valid. The message doesn't show the line, because it can be a secret.
    /// </exception>
    public static IReadOnlyList<TokenReference> Read(string path, bool areSecrets)
    {
        string[] lines;
        try
        {
            lines = path == "-" ? Console.In.ReadToEnd().Split('\n') : File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--from-file '{path}' can't be read: {exception.Message}");
        }

        var tokens = new List<TokenReference>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || (!areSecrets && line[0] == '#') || !seen.Add(line))
                continue;
            try
            {
                tokens.Add(areSecrets ? TokenReference.BySecret(new TokenSecret(line)) : TokenReference.ById(line));
            }
            catch (ArgumentException)
            {
                throw new CliException(
                    $"{path}:{i + 1}: this line is not a valid {(areSecrets ? "secret" : "id")}: it has a control character, " +
                    "or is '.' or '..'. Nothing was changed.");
            }
        }

        return tokens.Count > 0 ? tokens : throw new CliException($"'{path}' contains no tokens.");
    }
}
