using System.Globalization;

namespace Tokenwright.Cli.Configuration;

/// <summary>What is wrong with the files and settings that a command works with, each with its place.</summary>
internal sealed class ConfigProblems
{
    private readonly List<string> _all = [];

    public bool Any => _all.Count > 0;

    /// <summary>Adds a problem.</summary>
    /// <param name="source">The file, or what else the setting came from.</param>
    /// <param name="line">The line in the file; 0 where there is none.</param>
    /// <param name="field">The setting, as <c>Tokenwright:SailPoint:identity:BaseAddress</c>; null for the whole.</param>
    /// <param name="message">What is wrong and how to mend it.</param>
    public void Add(string source, int line, string? field, string message)
    {
        var place = line > 0 ? $"{source}:{line.ToString(CultureInfo.InvariantCulture)}" : source;
        _all.Add(string.IsNullOrEmpty(field) ? $"{place}: {message}" : $"{place}: {field}: {message}");
    }

    /// <summary>Throws if there are any.</summary>
    /// <exception cref="CliException">There are.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw new CliException(string.Join('\n', _all));
    }
}
