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
        foreach (var (connection, prefix) in options.Lineages.GroupBy(lineage => (lineage.Connection, lineage.Prefix))
            .Where(group => group.Count() > 1).Select(group => group.Key))
            yield return $"Two lineages of the connection '{connection}' have the prefix '{prefix}', so their tokens can't be told apart.";
        var files = options.Lineages.SelectMany(lineage => lineage.Sinks.OfType<FileSecretSink>(), (lineage, sink) => (lineage.Name, sink));
        foreach (var file in files.GroupBy(one => Path.GetFullPath(one.sink.Path), one => one.Name, Paths).Where(file => file.Count() > 1))
            yield return $"{file.Count()} sinks write to the file '{file.Key}' (lineages: {string.Join(", ", file.Distinct())}). Each needs " +
                "a file of its own: a lineage would revoke the token of another one.";
        foreach (var lineage in options.Lineages)
        {
            foreach (var problem in ProblemsOf(lineage, options))
                yield return $"{lineage.Name}: {problem}";
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
