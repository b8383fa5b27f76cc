using System.Diagnostics;
using System.Reflection;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Publishes and finds the programs whose start is measured: the ColdStart project for each client and each kind of compilation.
/// </summary>
internal static class ColdStartPrograms
{
    public static readonly string[] Clients = ["Bare", "Facade", "Container"];
    public static readonly string[] Compilations = ["Jit", "ReadyToRun", "Aot"];

    private static readonly string Project =
        typeof(ColdStartPrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ColdStartProject").Value!;

    /// <summary>Gets the program's file; null if it was not published, or if the libraries were built since.</summary>
    public static string? Find(string client, string compilation)
    {
        var file = Path.Combine(FolderOf(client, compilation), OperatingSystem.IsWindows() ? "ColdStart.exe" : "ColdStart");
        var libraries = Directory.GetFiles(AppContext.BaseDirectory, "Tokenwright*.dll")
            .Where(library => !library.Contains("Benchmarks", StringComparison.Ordinal));
        return File.Exists(file)
            && libraries.All(library => File.GetLastWriteTimeUtc(library) <= File.GetLastWriteTimeUtc(file)) ? file : null;
    }

    /// <summary>Publishes the programs. Reports a program that can't be published, and leaves it out.</summary>
    public static async Task PublishAsync()
    {
        foreach (var compilation in Compilations)
        {
            foreach (var client in Clients)
            {
                Console.Error.WriteLine($"publishing {client}, {compilation} …");
                await PublishAsync(client, compilation);
            }
        }
    }

    private static async Task PublishAsync(string client, string compilation)
    {
        var folder = FolderOf(client, compilation);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", Project, "-c", "Release", "-o", folder, $"-p:ColdStartClient={client}",
                $"-p:ColdStartCompilation={compilation}", "-nologo", "-v", "q"])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"{client}, {compilation} can't be published:\n{output}");
            return;
        }

        // The file must look as new as the libraries, even if nothing had to be compiled.
        foreach (var file in Directory.GetFiles(folder, "ColdStart*"))
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    private static string FolderOf(string client, string compilation)
        => Path.Combine(Project, "bin", "published", $"{client}-{compilation}");
}
