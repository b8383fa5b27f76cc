using Tokenwright.SpecTests.Checks;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

public sealed class VendorDocumentsTests
{
    [Test]
    public void EveryDocumentIsKnownAndEveryVendorHasOne() =>
        Report.AssertNone("documents", VendorDocuments.Problems(Documents(), Vendors.Names));

    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void ListHoldsTheFactsOfTheDocument(string vendor)
    {
        var documents = Documents();
        var form = VendorDocuments.Forms.SingleOrDefault(form => form.Vendor == vendor);
        Assert.That(form, Is.Not.Null, $"No parser reads the document of {vendor}.");

        var text = documents.Values.Where(form!.Recognises).ToList();
        Assert.That(text, Has.Count.EqualTo(1), $"The folder does not hold one document of {vendor}.");
        Report.AssertNone(vendor, VendorDocuments.Differences([.. form.Read(text[0])], DocumentedFact.Of(vendor)));
    }

    [Test]
    public void UnknownAndMissingDocumentsAreReported()
    {
        var documents = new Dictionary<string, string> { ["a.txt"] = "# Something else\n" };
        Assert.That(
            VendorDocuments.Problems(documents, ["xms"]),
            Is.EqualTo(new[] { "a.txt: 0 parsers know this document, not one", "xms: has 0 documents, not one" }));
    }

    [Test]
    public void DifferencesAreReportedBothWays()
    {
        var one = new DocumentedFact("field", "Token", "one", "string");
        var other = new DocumentedFact("field", "Token", "other", "string");
        Assert.That(VendorDocuments.Differences([one], [other]), Is.EqualTo(new[]
        {
            "'field,Token,one,string,,': is in the document, not in documented.csv",
            "'field,Token,other,string,,': is in documented.csv, not in the document",
        }));
    }

    private static IReadOnlyDictionary<string, string> Documents()
    {
        if (Environment.GetEnvironmentVariable(VendorDocuments.FolderVariable) is not { Length: > 0 } folder)
        {
            Assert.Ignore(
                $"Set {VendorDocuments.FolderVariable} to the folder of the vendors' source documents to hold documented.csv to them.");
            return new Dictionary<string, string>();
        }

        Assert.That(folder, Does.Exist, $"{VendorDocuments.FolderVariable} names a folder that is not there.");
        return VendorDocuments.ReadAll(folder);
    }
}
