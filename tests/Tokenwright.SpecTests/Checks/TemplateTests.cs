using System.Reflection;
using System.Security.Cryptography;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>
/// The repository's templates replace some of NSwag's, and NSwag's templates call them. If the pinned version of NSwag changes those,
/// compare the repository's templates with the new ones, adapt them, and update the hash here.
/// </summary>
internal sealed class TemplateTests
{
    private const string Operations = "NSwag.CodeGeneration.CSharp";
    private const string Models = "NJsonSchema.CodeGeneration.CSharp";

    // The NSwag templates that each of ours replaces or calls.
    private static readonly object[][] Stock =
    [
        [Operations, "Client.Class", "2D5351FF165E2998"],
        [Operations, "Client.Class.Annotations", "E3B0C44298FC1C14"],
        [Operations, "Client.Class.Body", "F1945CD6C19E56B3"],
        [Operations, "Client.Method.Annotations", "E3B0C44298FC1C14"],
        [Operations, "Client.Method.Documentation", "810F00EB5E929125"],
        [Models, "Class", "D2B2ED6039C12533"],
        [Models, "Class.Body", "F1945CD6C19E56B3"],
        [Models, "Class.Inheritance", "94BA8D3244678EDA"],
    ];

    private static IEnumerable<string> Ours
        => Directory.EnumerateFiles(Path.Combine(Vendors.SpecsFolder, "templates")).Select(file => Path.GetFileName(file));

    [TestCaseSource(nameof(Stock))]
    public void The_NSwag_template_has_the_known_hash(string generator, string template, string hash)
        => Assert.That(
            HashOf(generator, template), Is.EqualTo(hash), $"NSwag's {template}.liquid has changed: look at specs/templates again.");

    [Test]
    public void Only_these_templates_differ_from_those_of_NSwag()
        => Assert.That(Ours, Is.EquivalentTo(new[] { "Class.Body.liquid", "Class.Inheritance.liquid", "Client.Class.liquid" }));

    [TestCaseSource(nameof(Ours))]
    public void Each_template_begins_with_a_comment_that_says_how_it_differs(string file)
        => Assert.That(
            File.ReadAllText(Path.Combine(Vendors.SpecsFolder, "templates", file)), Does.Match(@"\A\{%-? comment -?%\}\s+Stock "));

    private static string HashOf(string generator, string template)
    {
        var tools = typeof(TemplateTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "NSwagTools").Value!;
        using var stream = Assembly.LoadFrom(Path.Combine(tools, $"{generator}.dll"))
            .GetManifestResourceStream($"{generator}.Templates.{template}.liquid")!;
        return Convert.ToHexString(SHA256.HashData(stream))[..16];
    }
}
