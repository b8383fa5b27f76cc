using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

public sealed class VendorFoldersTests
{
    [Test]
    public void NoVendorIsMissing() =>
        Assert.That(Vendors.Names, Is.SupersetOf(new[] { "extremecloudiq", "fimidara", "sailpoint", "vmwarecloud", "xms" }));

    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void EveryFolderHasItsThreeFiles(string vendor)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var file in new[] { "openapi.yaml", "documented.csv", "PROVENANCE.md" })
                Assert.That(Vendors.PathOf(vendor, file), Does.Exist);
        }
    }
}
