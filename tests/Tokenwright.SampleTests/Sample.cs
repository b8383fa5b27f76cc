using System.Diagnostics;
using System.Reflection;

// Each run is a separate process, and many mostly wait, for example for a vendor that is down.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(6)]

namespace Tokenwright.SampleTests;

/// <summary>Runs a built sample as a separate process.</summary>
internal static class Sample
{
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(
        string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
        => RunAsync(Start(name, arguments, environment));

    /// <summary>Runs any program without arguments.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunProgramAsync(
        string path, IReadOnlyDictionary<string, string> environment)
        => RunAsync(Start(new ProcessStartInfo(path), environment));

    /// <summary>
    /// Runs a sample in a terminal of a given width, which "script" of util-linux creates. Ignores the test if there is no "script".
    /// </summary>
    public static Task<(int ExitCode, string Output, string Error)> RunInTerminalAsync(string name, int columns)
    {
        const string Script = "/usr/bin/script";
        if (!File.Exists(Script))
            Assert.Ignore($"There is no {Script} here to make a terminal.");
        return RunAsync(Start(new ProcessStartInfo(Script, ["-qec", $"stty cols {columns} rows 50; dotnet '{PathOf(name)}'", "/dev/null"]),
            new Dictionary<string, string>()));
    }

    public static Process Start(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
        => Start(new ProcessStartInfo("dotnet", [PathOf(name), .. arguments]), environment ?? new Dictionary<string, string>());

    private static Process Start(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var (variable, value) in environment)
            start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(Process started)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Returns the path of a sample's or a tool's program.</summary>
    public static string PathOf(string name)
        => Path.Combine(Metadata("RepositoryRoot"), name.StartsWith("Tokenwright.", StringComparison.Ordinal) ? "src" : "samples", name,
            "bin", Metadata("Configuration"), "net10.0", name + ".dll");

    /// <summary>Gets the folder of all samples.</summary>
    public static string Folder => Path.Combine(Metadata("RepositoryRoot"), "samples");

    private static string Metadata(string key)
        => typeof(Sample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
