using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>The form that one vendor's source document has.</summary>
internal interface IVendorDocument
{
    /// <summary>The vendor's folder in specs/.</summary>
    string Vendor { get; }

    bool Recognises(string text);

    /// <summary>All facts of the document. What the parser does not understand is a <see cref="FormatException"/>, never skipped.</summary>
    IEnumerable<DocumentedFact> Read(string text);
}
