using System.Text;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

public sealed class ReaderTests
{
    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public async Task SpecIsReadWithoutErrorOrWarning(string vendor) =>
        Report.AssertNone(vendor, await ReadAsync(Vendors.Read(vendor, "openapi.yaml")));

    [Test]
    public async Task SampleIsReadWithoutErrorOrWarning() => Assert.That(await ReadAsync(Sample.Yaml), Is.Empty);

    [TestCase("  title: Sample\n", "", "error: ")]
    [TestCase("#/components/schemas/Owner", "#/components/schemas/Nobody", "warning: ")]
    [TestCase("openapi: 3.0.3", "openapi: 3.1.0", "is OpenApi3_1")]
    public async Task BrokenSpecIsReported(string part, string instead, string problem) =>
        Assert.That(await ReadAsync(Sample.With(Sample.Yaml, part, instead)), Has.Some.StartsWith(problem));

    private static async Task<IReadOnlyList<string>> ReadAsync(string yaml)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(yaml));
        return await ReaderCheck.Problems(stream);
    }
}
