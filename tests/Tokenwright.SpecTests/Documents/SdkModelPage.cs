using System.Text.RegularExpressions;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>The page of one model in a vendor's Python SDK, as text: a line for each property, and a call as an example.</summary>
internal sealed class SdkModelPage : IVendorDocument
{
    public string Vendor => "sailpoint";

    public bool Recognises(string text) => text.Contains("developer.sailpoint.com/docs/tools/sdk/python/", StringComparison.Ordinal);

    public IEnumerable<DocumentedFact> Read(string text)
    {
        var schema = DocumentText.Find(text, @"^(\w+)\n\nProperties$", "the name above its properties").Groups[1].Value;
        yield return new DocumentedFact("schema", "", schema, "object");

        var rows = DocumentText.After(text, "Name Type Description Notes", "^}");
        foreach (var row in rows.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            const string Row = @"^(\w+) (\S+) .*?\[(required|optional)\]( \[default to \w+\])?$";
            var cells = DocumentText.Find(row, Row, $"a property in '{row}'");
            var (type, format) = DocumentText.FromPython(cells.Groups[2].Value);
            yield return new DocumentedFact("field", schema, cells.Groups[1].Value, type, format, cells.Groups[3].Value == "required");
        }

        // Nested models appear as constructor calls in the example. A call shows members and types, but not which are required.
        foreach (Match call in Regex.Matches(text, @"=\s*sailpoint\.[\w.]+\.(\w+)\((.*?)\)", RegexOptions.Singleline))
        {
            var nested = call.Groups[1].Value;
            yield return new DocumentedFact("schema", "", nested, "object");
            foreach (var argument in DocumentText.SplitList(call.Groups[2].Value))
            {
                if (argument.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
                    throw new FormatException($"'{argument}' is not a named argument.");
                yield return new DocumentedFact("field", nested, name, TypeOfValue(value));
            }
        }
    }

    private static string TypeOfValue(string value) => value switch
    {
        "True" or "False" => "boolean",
        ['\'', .., '\''] => "string",
        _ => throw new FormatException($"'{value}' is not a known kind of value."),
    };
}
