using System.Globalization;

namespace Tokenwright.Cli.Configuration;

/// <summary>Collects the problems of the files and settings of a command, with the place of each.</summary>
internal sealed class ConfigProblems
{
    private readonly List<string> _all = [];

    public bool Any => _all.Count > 0;

    /// <summary>Gets the problems, one on each line.</summary>
    public string Text => string.Join('\n', _all);

    /// <summary>Adds a problem.</summary>
    /// <param name="source">The file, or another source of the setting.</param>
    /// <param name="line">The line in the file; 0 if there is none.</param>
    /// <param name="field">The setting, as <c>Tokenwright:SailPoint:identity:BaseAddress</c>; null for the whole file.</param>
    /// <param name="message">The problem and how to fix it.</param>
    public void Add(string source, int line, string? field, string message)
    {
        var place = line > 0 ? $"{source}:{line.ToString(CultureInfo.InvariantCulture)}" : source;
        _all.Add(string.IsNullOrEmpty(field) ? $"{place}: {message}" : $"{place}: {field}: {message}");
    }

    /// <summary>Throws if there are problems.</summary>
    /// <exception cref="CliException">There are problems.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new CliException(Text);
    }
}
