using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

public sealed class OperationTests
{
    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void OperationsAreDescribed(string vendor) => Report.AssertNone(vendor, OperationRules.Problems(SpecFile.Of(vendor)));

    [Test]
    public void SampleHasNoProblem() => Assert.That(OperationRules.Problems(Sample.Spec), Is.Empty);

    [TestCase("operationId: UpdateToken", "x-name: UpdateToken", "lacks operationId")]
    [TestCase("      summary: Rename a token\n", "", "UpdateToken: lacks summary")]
    [TestCase("      description: Changes the name and nothing else.\n", "", "UpdateToken: lacks description")]
    [TestCase("summary: Rename a token", "summary: \"Rename\\na token\"", "more than one line")]
    [TestCase("tags: [tokens]", "tags: []", "lacks a tag")]
    [TestCase("tags: [tokens]", "tags: [others]", "the tag others is not among")]
    [TestCase("      security:\n        - header: []\n", "", "lacks security")]
    [TestCase("- header: []", "- query: []", "the security scheme query is not declared")]
    [TestCase("description: Id of the token.", "deprecated: true", "the parameter token_id lacks a description")]
    [TestCase("- name: token_id", "- name: id", "which are not those of /tokens/{token_id}")]
    [TestCase("          required: true\n", "", "the path parameter token_id is not required")]
    [TestCase("        description: The new name.\n", "", "the request body lacks a description")]
    [TestCase("          description: The token.\n", "", "the response 200 lacks a description")]
    [TestCase("        '200':", "        '400':", "no success response other than a tolerated one")]
    [TestCase("      x-tolerated: true\n          content:", "      x-tolerated: true\n          x-content:", "differ in their bodies")]
    [TestCase("    description: Tokens.\n", "", "tags: tokens lacks a description")]
    [TestCase("      description: The token.\n  schemas", "  schemas", "components > securitySchemes > header: lacks a description")]
    [TestCase("  description: A vendor made up for the tests of the checks.\n", "", "info: lacks")]
    [TestCase("  securitySchemes:\n", "  securitySchemes:\n    other: { description: O. }\n", " securitySchemes > other: nothing uses it")]
    [TestCase("  schemas:\n", "  responses:\n    Gone: { description: Gone. }\n  schemas:\n", " responses > Gone: nothing uses it")]
    [TestCase("x-tolerated", "x-tolerate", "'x-tolerate' is not a known mark")]
    public void BrokenSpecIsReported(string part, string instead, string problem) =>
        Assert.That(OperationRules.Problems(Sample.SpecWith(part, instead)), Has.Some.Contains(problem));

    [Test]
    public void OperationIdThatIsUsedTwiceIsReported()
    {
        var start = Sample.Yaml.IndexOf("    patch:", StringComparison.Ordinal);
        var operation = Sample.Yaml[start..Sample.Yaml.IndexOf("components:", StringComparison.Ordinal)];
        var spec = Sample.SpecWith("    patch:", Sample.With(operation, "patch:", "put:") + "    patch:");
        Assert.That(OperationRules.Problems(spec), Has.Some.EqualTo("UpdateToken: 2 operations have this operationId"));
    }
}
