using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Tokenwright.PackageTests;

/// <summary>Packs all packages into the local feed, once for all tests.</summary>
[SetUpFixture]
internal sealed class Feed
{
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static string Folder { get; } = Path.Combine(RepositoryRoot, "artifacts", "packages");

    /// <summary>Gets the version of all packages.</summary>
    public static string Version { get; } =
        XDocument.Load(Path.Combine(RepositoryRoot, "eng", "Library.props")).Descendants("Version").Single().Value;

    public static IReadOnlyList<string> Packages { get; } = [.. Directory.EnumerateDirectories(Path.Combine(RepositoryRoot, "src"))
        .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [OneTimeSetUp]
    public static async Task PackAsync()
    {
        foreach (var package in Packages)
            await DotNetAsync(RepositoryRoot, new Dictionary<string, string>(), "pack", Path.Combine("src", package), "--configuration",
                "Release", "--output", Folder);
    }

    /// <summary>Opens a package.</summary>
    public static ZipArchive Open(string package) => ZipFile.OpenRead(Path.Combine(Folder, $"{package}.{Version}.nupkg"));

    /// <summary>Returns the version of a package in Directory.Packages.props.</summary>
    public static string VersionOf(string package)
        => XDocument.Load(Path.Combine(RepositoryRoot, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(version => version.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    /// <summary>Runs the .NET SDK.</summary>
    /// <returns>The output.</returns>
    public static Task<string> DotNetAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        => RunAsync(folder, environment, "dotnet", arguments);

    /// <summary>Runs a program. The test fails if the program fails.</summary>
    public static async Task<string> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output.ToString();

        void Append(string? line)
        {
            lock (output)
                output.AppendLine(line);
        }
    }

    private static string Metadata(string key)
        => typeof(Feed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
