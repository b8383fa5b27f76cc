namespace Tokenwright.SpecTests.Spec;

/// <summary>Lists the vendors with a folder in specs/. A new folder needs no change here.</summary>
internal static class Vendors
{
    /// <summary>Gets the folder of all specs.</summary>
    public static string SpecsFolder { get; } = Path.Combine(RepositoryRoot(), "specs");

    /// <summary>Gets every folder that contains one of the three files, so that a missing file leads to a failure.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateDirectories(SpecsFolder)
            .Where(folder => File.Exists(Path.Combine(folder, "openapi.yaml"))
                || File.Exists(Path.Combine(folder, "documented.csv"))
                || File.Exists(Path.Combine(folder, "PROVENANCE.md")))
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)];

    public static string Read(string vendor, string file) => File.ReadAllText(PathOf(vendor, file));

    public static string PathOf(string vendor, string file) => Path.Combine(SpecsFolder, vendor, file);

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sdk.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Sdk.sln.");
    }
}
