using System.Text.RegularExpressions;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>The page of one interface in a TypeScript client, written by TypeDoc: a section for each property.</summary>
internal sealed class TypeDocPage : IVendorDocument
{
    public string Vendor => "fimidara";

    public bool Recognises(string text) => text.StartsWith("[fimidara](", StringComparison.Ordinal);

    public IEnumerable<DocumentedFact> Read(string text)
    {
        var schema = DocumentText.Find(text, @"^# Interface: (\w+)$", "its heading").Groups[1].Value;
        yield return new DocumentedFact("schema", "", schema, "object");

        var sections = Regex.Split(DocumentText.After(text, "## Properties", "^## "), "^### ", RegexOptions.Multiline)[1..];
        foreach (var section in sections)
        {
            var property = DocumentText.Find(section, @"^• (`Optional` )?\*\*(\w+)\*\*: (.+)$", "the declaration in " + section);
            yield return new DocumentedFact(
                "field", schema, property.Groups[2].Value, TypeOf(property.Groups[3].Value), Required: !property.Groups[1].Success);
        }

        // The table of contents shows whether a section is missing.
        var contents = Regex.Matches(DocumentText.After(text, "## Table of contents", "^## "), @"^- \[(\w+)\]", RegexOptions.Multiline);
        if (!contents.Select(entry => entry.Groups[1].Value).SequenceEqual(sections.Select(section => section.Split('\n')[0].Trim())))
            throw new FormatException("The sections are not those of the table of contents.");
    }

    private static string TypeOf(string declared)
    {
        var type = Regex.Replace(declared.Trim(), @"\[(.*?)\]\(.*?\)", "$1").Replace("`", "", StringComparison.Ordinal);
        if (type.EndsWith("[]", StringComparison.Ordinal))
            return $"array<{TypeOf(type[..^2])}>";
        return Regex.IsMatch(type, "^(string|number|boolean|[A-Z][A-Za-z]*)$")
            ? type
            : throw new FormatException($"'{type}' is not a known type.");
    }
}
