using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Tokenwright.CliTests;

/// <summary>Both tools, packed and installed from their packages, once for all tests.</summary>
[SetUpFixture]
internal sealed class InstalledTool
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("tokenwright-cli-tests-").FullName;

    /// <summary>Gets the path of tokenwright.</summary>
    public static string Path { get; } = PathOf("tokenwright");

    /// <summary>Gets the path of tokenwright-emulator.</summary>
    public static string EmulatorPath { get; } = PathOf("tokenwright-emulator");

    [OneTimeSetUp]
    public async Task PackAndInstallAsync()
    {
        Signals.ReachPrograms();
        var packages = System.IO.Path.Combine(Folder, "packages");
        foreach (var package in new[] { "Tokenwright.Cli", "Tokenwright.Emulator" })
        {
            var project = System.IO.Path.Combine(Metadata("RepositoryRoot"), "src", package);
            await DotNetAsync("pack", project, "--no-build", "--configuration", Metadata("Configuration"), "--output", packages);
            await DotNetAsync("tool", "install", package, "--tool-path", System.IO.Path.GetDirectoryName(Path)!, "--source", packages,
                "--version", "0.1.0");
        }
    }

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(Folder, recursive: true);

    private static string PathOf(string command)
        => System.IO.Path.Combine(Folder, "tool", OperatingSystem.IsWindows() ? $"{command}.exe" : command);

    private static async Task DotNetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => output.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{output}");
    }

    /// <summary>Gets a value from the project file of these tests.</summary>
    public static string Metadata(string key)
        => typeof(InstalledTool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
