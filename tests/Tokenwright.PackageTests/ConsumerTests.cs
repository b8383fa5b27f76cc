using System.Text.Json;
using Tokenwright.Testing;

namespace Tokenwright.PackageTests;

/// <summary>
/// Programs of users that reference only the packages. They are built with warnings as errors, and run against an emulator.
/// </summary>
internal sealed class ConsumerTests
{
    private const string Token = "NodeJS Integration: active";

    private DirectoryInfo _folder = null!;
    private SailPointEmulator _emulator = null!;
    private Dictionary<string, string> _environment = null!;

    [SetUp]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory("tokenwright-consumer-");
        _emulator = new SailPointEmulator();
        _environment = new()
        {
            ["SAIL_BASE_URL"] = _emulator.ConnectionSettings["BaseAddress"],
            ["SAIL_CLIENT_ID"] = _emulator.ConnectionSettings["ClientId"],
            ["SAIL_CLIENT_SECRET"] = _emulator.ConnectionSettings["ClientSecret"],
            ["SailPoint__BaseAddress"] = _emulator.ConnectionSettings["BaseAddress"],
            ["SailPoint__ClientId"] = _emulator.ConnectionSettings["ClientId"],
            ["SailPoint__ClientSecret"] = _emulator.ConnectionSettings["ClientSecret"],
            ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "packages"),
        };
    }

    [TearDown]
    public void Stop()
    {
        _emulator.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestCase("Console")]
    [TestCase("Net8")]
    [TestCase("Worker")]
    public async Task A_program_lists_tokens(string consumer)
    {
        await BuildAsync(consumer);

        Assert.That(await Feed.DotNetAsync(_folder.FullName, _environment, "run", "--no-build"), Does.Contain(Token));
    }

    [Test]
    public async Task A_users_own_tests_pass()
    {
        await BuildAsync("Tests");

        Assert.That(await Feed.DotNetAsync(_folder.FullName, _environment, "test", "--no-build"), Does.Match(@"Passed:\s+1"));
    }

    [Test]
    public async Task A_program_is_compiled_ahead_of_time_without_a_warning()
    {
        string[] linker = IsInPath("clang") ? [] : ["-p:CppCompilerAndLinker=gcc", "-p:LinkerFlavor=bfd"];
        if (linker.Length > 0 && !IsInPath("gcc"))
            Assert.Ignore("Neither clang nor gcc is on this machine.");
        await CopyAsync("Aot");

        await Feed.DotNetAsync(_folder.FullName, _environment, ["publish", "-o", "out", .. linker, .. Versions()]);

        Assert.That(
            await Feed.RunAsync(_folder.FullName, _environment, Path.Combine(_folder.FullName, "out", "Consumer")), Does.Contain(Token));
    }

    [Test]
    public async Task No_package_contains_an_analyzer_or_a_generator()
    {
        await BuildAsync("Console");

        var items = await Feed.DotNetAsync(_folder.FullName, _environment, ["build", "--no-restore", "-getItem:Analyzer", .. Versions()]);

        using var json = JsonDocument.Parse(items);
        var analyzers = json.RootElement.GetProperty("Items").GetProperty("Analyzer").EnumerateArray()
            .Select(item => item.GetProperty("FullPath").GetString()!.Replace('\\', '/')).ToList();
        Assert.That(analyzers, Is.Not.Empty, "those of the SDK");
        Assert.That(analyzers.Where(path => path.Contains("/packages/", StringComparison.OrdinalIgnoreCase)
            || path.Contains("/.nuget/", StringComparison.OrdinalIgnoreCase)), Is.Empty);
    }

    private static bool IsInPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static IEnumerable<string> Versions() =>
    [
        $"-p:TokenwrightVersion={Feed.Version}",
        $"-p:HostingVersion={Feed.VersionOf("Microsoft.Extensions.Hosting")}",
        $"-p:TestSdkVersion={Feed.VersionOf("Microsoft.NET.Test.Sdk")}",
        $"-p:NUnitVersion={Feed.VersionOf("NUnit")}",
        $"-p:NUnitAdapterVersion={Feed.VersionOf("NUnit3TestAdapter")}",
    ];

    private async Task BuildAsync(string consumer)
    {
        await CopyAsync(consumer);
        await Feed.DotNetAsync(_folder.FullName, _environment, ["build", .. Versions()]);

        var metadata = Path.Combine(_environment["NUGET_PACKAGES"], "tokenwright.sailpoint", Feed.Version, ".nupkg.metadata");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(metadata));
        Assert.That(Path.GetFullPath(json.RootElement.GetProperty("source").GetString()!), Is.EqualTo(Path.GetFullPath(Feed.Folder)),
            "the packages come from the local feed");
    }

    // The packages of earlier restores on this machine serve as a cache, except for the SDK's own packages.
    private async Task CopyAsync(string consumer)
    {
        foreach (var file in Directory.EnumerateFiles(
            Path.Combine(Feed.RepositoryRoot, "tests", "Tokenwright.PackageTests", "Consumers", consumer)))
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "nuget.config"),
            $"""<configuration><packageSources><add key="packed" value="{Feed.Folder}" /></packageSources></configuration>""");
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "Directory.Build.props"),
            """<Project><PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors><Nullable>enable</Nullable><ImplicitUsings>""" +
                """enable</ImplicitUsings><DefaultItemExcludes>packages/**</DefaultItemExcludes></PropertyGroup></Project>""");
    }
}
