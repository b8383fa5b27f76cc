using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>A parser for the form of one vendor's source document.</summary>
internal interface IVendorDocument
{
    /// <summary>Gets the name of the vendor's folder in specs/.</summary>
    string Vendor { get; }

    bool Recognises(string text);

    /// <summary>
    /// Returns all facts of the document. Throws a <see cref="FormatException"/> for a part that it doesn't understand, and never skips it.
    /// </summary>
    IEnumerable<DocumentedFact> Read(string text);
}
