using System.Text.RegularExpressions;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>The page of one API class in a generated Python client: a table of operations, then a section for each.</summary>
internal sealed class ClientOperationsPage : IVendorDocument
{
    public string Vendor => "xms";

    public bool Recognises(string text) => text.StartsWith("# xms_client.", StringComparison.Ordinal);

    public IEnumerable<DocumentedFact> Read(string text)
    {
        var sections = Regex.Split(text, @"^# \*\*", RegexOptions.Multiline);
        var operations = DocumentText.TableRows(sections[0]).ToDictionary(
            cells => DocumentText.Find(cells[0], @"^\[\*\*(\w+)\*\*\]", "the name of an operation").Groups[1].Value,
            cells => DocumentText.Find(cells[1], @"^\*\*([A-Z]+)\*\* (/\S+)$", "the request of " + cells[0]).Result("$1 $2"));
        if (!operations.Keys.SequenceEqual(sections[1..].Select(NameOf)))
            throw new FormatException("The sections are not those of the table of operations.");

        return sections[1..].SelectMany(section => ReadOperation(NameOf(section), operations[NameOf(section)], section));
    }

    private static string NameOf(string section) => section[..section.IndexOf('*', StringComparison.Ordinal)];

    private static IEnumerable<DocumentedFact> ReadOperation(string name, string request, string section)
    {
        yield return new DocumentedFact("operation", name, request);
        foreach (var parameter in ReadParameters(name, Part(section, "Parameters")))
            yield return parameter;

        var returns = DocumentText.Find(Part(section, "Return type"), @"^(void|\[\*\*(\w+)\*\*\])", "the return type of " + name);
        yield return new DocumentedFact("returns", name, "", returns.Groups[2].Success ? returns.Groups[2].Value : returns.Value);

        foreach (Match scheme in Regex.Matches(Part(section, "Authorization"), @"\[(\w+)\]\("))
            yield return new DocumentedFact("security", name, scheme.Groups[1].Value);

        foreach (var (kind, header) in new[] { ("consumes", "Content-Type"), ("produces", "Accept") })
        {
            var headers = Part(section, "HTTP request headers");
            var types = DocumentText.Find(headers, $@"^ - \*\*{header}\*\*: (.+)$", $"the {header} of {name}");
            foreach (var type in types.Groups[1].Value.Split(", "))
                yield return new DocumentedFact(kind, name, type);
        }
    }

    private static IEnumerable<DocumentedFact> ReadParameters(string operation, string part)
    {
        var rows = DocumentText.TableRows(part).ToList();
        if (rows.Count == 0 && !part.Contains("does not need any parameter", StringComparison.Ordinal))
            throw new FormatException($"{operation} has no table of parameters.");

        foreach (var cells in rows)
        {
            if (cells is not [var nameCell, var typeCell, _, var notes])
                throw new FormatException($"'{string.Join('|', cells)}' is not a row of four cells.");

            // Only a body has a model as its type, which the page links to.
            var name = DocumentText.Find(nameCell, @"^\*\*(\w+)\*\*$", "the name of a parameter").Groups[1].Value;
            var type = DocumentText.Find(typeCell, @"^(\[)?\*\*(\w+)\*\*", "the type of " + name);
            yield return new DocumentedFact(
                type.Groups[1].Success ? "body" : "parameter",
                operation,
                name,
                DocumentText.FromPython(type.Groups[2].Value).Type,
                Required: !notes.Contains("[optional]", StringComparison.Ordinal));
        }
    }

    private static string Part(string section, string heading) =>
        DocumentText.After(section, $"### {heading}", "^###? |^\\[\\[").Trim('\n');
}
