namespace Tokenwright.Rotation;

/// <summary>Checks the lineages of a rotator before anything is done.</summary>
internal static class LineageChecks
{
    private static readonly StringComparer Paths =
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    public static IEnumerable<string> Problems(TokenRotatorOptions options)
    {
        foreach (var name in options.Lineages.GroupBy(lineage => lineage.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return $"There are {name.Count()} lineages with the name '{name.Key}'.";
        foreach (var (_, problem) in ProblemsBetween(options.Lineages))
            yield return problem;
        foreach (var lineage in options.Lineages)
        {
            foreach (var problem in ProblemsOf(lineage, options))
                yield return $"{lineage.Name}: {problem}";
        }
    }

    /// <summary>Gets what is wrong with lineages that are right by themselves, each with the names of the lineages concerned.</summary>
    public static IEnumerable<(IReadOnlyList<string> Lineages, string Problem)> ProblemsBetween(IReadOnlyList<TokenLineage> lineages)
    {
        foreach (var same in lineages.GroupBy(lineage => (lineage.Connection, lineage.Prefix)).Where(group => group.Count() > 1))
        {
            string[] names = [.. same.Select(lineage => lineage.Name)];
            yield return (names, $"{names.Length} lineages of the connection '{same.Key.Connection}' have the prefix " +
                $"'{same.Key.Prefix}' ({string.Join(", ", names)}), so their tokens can't be told apart. Give each a " +
                $"{nameof(TokenLineage.NamePrefix)} of its own.");
        }

        var files = lineages.SelectMany(lineage => lineage.Sinks.OfType<FileSecretSink>(), (lineage, sink) => (lineage.Name, sink));
        foreach (var same in files.GroupBy(one => Path.GetFullPath(one.sink.Path), one => one.Name, Paths)
            .Where(group => group.Count() > 1))
        {
            string[] names = [.. same.Distinct()];
            yield return (names, $"{same.Count()} sinks write to the file '{same.Key}' (lineages: {string.Join(", ", names)}). Each " +
                "needs a file of its own: a lineage would revoke the token of another one.");
        }
    }

    private static IEnumerable<string> ProblemsOf(TokenLineage lineage, TokenRotatorOptions options)
    {
        TokenCapabilities capabilities;
        string? missing = null;
        try
        {
            capabilities = options.GetClient(lineage.Connection).Metadata.Capabilities;
        }
        catch (Exception exception) when (exception is InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            capabilities = new([]);
            missing = exception.Message;
        }

        return missing is null ? lineage.Problems(capabilities) : [$"The connection '{lineage.Connection}' can't be opened. {missing}"];
    }
}
