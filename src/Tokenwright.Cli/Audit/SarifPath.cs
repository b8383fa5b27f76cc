namespace Tokenwright.Cli.Audit;

/// <summary>
/// Finds the file at which code-scanning pages show the findings. They want a path from the root of the repository. They can't resolve an
/// absolute one, and it would publish the folders of this machine.
/// </summary>
internal static class SarifPath
{
    /// <summary>Gets the path as a relative URI. A connections file outside of the repository is only named.</summary>
    /// <param name="named">The path that the user named; null for the connections file.</param>
    /// <param name="connections">The connections file.</param>
    /// <param name="isInRepository">Whether the path is in the repository.</param>
    /// <exception cref="CliException">The named path is not in the repository.</exception>
    public static string Of(string? named, string connections, out bool isInRepository)
    {
        var root = Root();
        var relative = Path.GetRelativePath(root, named is null ? Path.GetFullPath(connections) : Path.Combine(root, named));
        isInRepository = !Path.IsPathRooted(relative) && relative is not ("." or "..")
            && !relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        if (named is not null && (!isInRepository || named.Contains("://", StringComparison.Ordinal)
            || Path.EndsInDirectorySeparator(named) || Directory.Exists(Path.Combine(root, named))))
            throw new CliException(
                $"--sarif-path must be a file in the repository, as a path from its root, such as connections.json; '{named}' is none" +
                $"{(Path.IsPathRooted(named) ? $" in {root}" : string.Empty)}.");
        if (!isInRepository)
            relative = Path.GetFileName(connections);
        return string.Join('/', relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    // A worktree and a submodule have a file of this name.
    private static string Root()
    {
        var current = Directory.GetCurrentDirectory();
        for (var folder = current; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, ".git")))
                return folder;
        }

        return current;
    }
}
