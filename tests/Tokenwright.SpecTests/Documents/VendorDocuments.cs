using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>The vendors' source documents. They are not part of the repository; an environment variable names their folder.</summary>
internal static class VendorDocuments
{
    public const string FolderVariable = "TOKENWRIGHT_DOCUMENTS";

    public static IReadOnlyList<IVendorDocument> Forms { get; } =
        [new PythonSchemaPage(), new TypeDocPage(), new SdkModelPage(), new ReferencePage(), new ClientOperationsPage()];

    /// <summary>Returns the text of every document in the folder, by file name.</summary>
    public static IReadOnlyDictionary<string, string> ReadAll(string folder) =>
        Directory.EnumerateFiles(folder).ToDictionary(
            file => Path.GetFileName(file),
            file => File.ReadAllText(file).ReplaceLineEndings("\n"));

    /// <summary>Returns the problems of the folder: each document must have exactly one form, and each vendor one document.</summary>
    public static IEnumerable<string> Problems(IReadOnlyDictionary<string, string> documents, IEnumerable<string> vendors)
    {
        foreach (var (file, text) in documents)
        {
            if (Forms.Count(form => form.Recognises(text)) != 1)
                yield return $"{file}: {Forms.Count(form => form.Recognises(text))} parsers know this document, not one";
        }

        foreach (var vendor in vendors)
        {
            var count = documents.Values.Count(text => Forms.Any(form => form.Vendor == vendor && form.Recognises(text)));
            if (count != 1)
                yield return $"{vendor}: has {count} documents, not one";
        }
    }

    /// <summary>Returns the facts of a vendor's document that its list lacks, and vice versa.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<DocumentedFact> document, IReadOnlyList<DocumentedFact> list) =>
        document.Except(list).Select(fact => $"'{fact}': is in the document, not in documented.csv")
            .Concat(list.Except(document).Select(fact => $"'{fact}': is in documented.csv, not in the document"))
            .Concat(document.Count == document.Distinct().Count() ? [] : ["the document says something twice"]);
}
