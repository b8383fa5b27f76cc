// dotnet cake                       everything: restore, generate, build, test, samples, pack
// dotnet cake --target=Build        a single task and what it needs
// dotnet cake --configuration=Debug
// dotnet cake --test-filter=FILTER  only some of the tests, as with dotnet test --filter

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");
var testFilter = Argument<string>("test-filter", null);

const string Solution = "./Sdk.sln";
const string Packages = "./artifacts/packages";
const string Bills = "./artifacts/sbom";
const string Site = "./artifacts/site";
const string SiteReference = "./artifacts/site-reference";

Task("Clean")
    .Description("Removes the output of builds, including the packages.")
    .Does(() =>
{
    CleanDirectories("./{eng,src,tests,samples}/*/{bin,obj}");
    DeleteFiles(Packages + "/*.nupkg");
});

Task("Restore")
    .Description("Restores packages from the lock files.")
    .Does(() => DotNetRestore(Solution, new DotNetRestoreSettings { LockedMode = true }));

Task("Generate")
    .Description("Generates the typed clients whose spec changed, into obj/.")
    .IsDependentOn("Restore")
    .DoesForEach(() => GetFiles("./src/*/*.csproj").Where(project => FileExists($"./specs/{SpecOf(project)}/openapi.yaml")), project =>
        DotNetMSBuild(project.FullPath, new DotNetMSBuildSettings { Targets = { "GenerateTypedClient" } }
            .WithProperty("TargetFramework", "net10.0")));

Task("Build")
    .Description("Builds the solution.")
    .IsDependentOn("Generate")
    .Does(() => DotNetBuild(Solution, new DotNetBuildSettings { Configuration = configuration, NoRestore = true }));

Task("Test")
    .Description("Runs all tests.")
    .IsDependentOn("Build")
    .Does(() => DotNetTest(Solution, new DotNetTestSettings { Configuration = configuration, NoBuild = true, Filter = testFilter }));

Task("Samples")
    .Description("Runs the samples that need no input and exit, against emulators.")
    .IsDependentOn("Build")
    .DoesForEach(() => GetFiles("./samples/*/*.csproj").Where(IsRunAsSample), sample =>
        DotNetRun(sample.FullPath, new ProcessArgumentBuilder(), new DotNetRunSettings { Configuration = configuration, NoBuild = true }));

Task("Pack")
    .Description("Packs the libraries into the local feed.")
    .IsDependentOn("Build")
    .DoesForEach(() => GetFiles("./src/*/*.csproj"), project =>
        DotNetPack(project.FullPath, new DotNetPackSettings { Configuration = configuration, NoBuild = true, OutputDirectory = Packages }));

Task("Sbom")
    .Description("Writes a bill of materials (CycloneDX) for each package: its dependencies, from the lock files.")
    .IsDependentOn("Restore")
    .DoesForEach(() => GetFiles("./src/*/*.csproj"), project =>
{
    var package = project.GetFilenameWithoutExtension().ToString();
    var version = XmlPeek("./eng/Library.props", "//Version");
    var exit = StartProcess("dotnet", $"tool run dotnet-CycloneDX {project.FullPath} --output {Bills} --filename {package}.cdx.json " +
        "--output-format Json --exclude-dev --disable-package-restore --include-project-references " +
        $"--set-name {package} --set-version {version} --set-type Library");
    if (exit != 0)
        throw new CakeException($"CycloneDX ended with {exit} for {package}.");
});

Task("Docs")
    .Description("Builds the site of the documentation, with a reference of the libraries from their doc comments. Warnings fail.")
    .IsDependentOn("Generate")
    .Does(() =>
{
    // docfx leaves the pages of what was renamed or removed.
    CleanDirectories(new[] { Site, SiteReference });
    var exit = StartProcess("dotnet", "tool run docfx eng/site/docfx.json --warningsAsErrors");
    if (exit != 0)
        throw new CakeException($"docfx ended with {exit}.");
});

Task("Default")
    .IsDependentOn("Test")
    .IsDependentOn("Samples")
    .IsDependentOn("Pack")
    .IsDependentOn("Sbom");

// src/Tokenwright.VENDOR/Tokenwright.VENDOR.csproj -> vendor
static string SpecOf(FilePath project) => project.GetFilenameWithoutExtension().ToString().Split('.').Last().ToLowerInvariant();

// NativeAot needs connections. The others are libraries and tests; the task "Test" runs the tests.
static bool IsRunAsSample(FilePath project) => project.GetFilenameWithoutExtension().ToString() is not
    ("NativeAot" or "TestingYourCode" or "CustomVendor" or "CustomVendor.Tests");

RunTarget(target);
