using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

public sealed class ProvenanceTests
{
    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void EveryOperationAndSchemaHasItsRow(string vendor) =>
        Report.AssertNone(vendor, ProvenanceRules.Problems(SpecFile.Of(vendor), Provenance.Of(vendor)));

    [Test]
    public void SampleHasNoProblem() => Assert.That(ProvenanceRules.Problems(Sample.Spec, Provenance.Parse(Sample.Markdown)), Is.Empty);

    [TestCase("| `UpdateToken` | documented | P; the model AB | |\n", "", "the operation UpdateToken has no row")]
    [TestCase("| `Owner` | documented | P | |\n", "", "the schema Owner has no row")]
    [TestCase("`Owner`", "`Keeper`", "`Keeper`: is not the name of any schema")]
    [TestCase("`Owner`", "Owner", "Owner: is not the name of any schema of the spec, in backticks")]
    [TestCase("`Owner`", "`Token`", "`Token`: has 2 rows")]
    [TestCase("observed", "seen", "`TokenUpdate`: 'seen' is not a grade")]
    [TestCase("observed | P |", "observed | |", "`TokenUpdate`: names no source")]
    [TestCase("observed | P |", "observed | P, Q |", "`TokenUpdate`: the source Q is not in the table of sources")]
    [TestCase("## Not established", "## Unknown", "the section Not established is missing")]
    public void BrokenProvenanceIsReported(string part, string instead, string problem)
    {
        var provenance = Provenance.Parse(Sample.With(Sample.Markdown, part, instead));
        Assert.That(ProvenanceRules.Problems(Sample.Spec, provenance), Has.Some.Contains(problem));
    }

    [Test]
    public void RowWithoutARemarkCellIsRefused()
    {
        var provenance = Provenance.Parse(Sample.With(Sample.Markdown, "| reconstructed | AB | |", "| reconstructed | AB |"));
        Assert.That(() => ProvenanceRules.Problems(Sample.Spec, provenance).ToList(), Throws.InstanceOf<FormatException>());
    }
}
