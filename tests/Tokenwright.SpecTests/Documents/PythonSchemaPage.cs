using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>
/// The page of one model in a generated Python client: tables of "Dictionary Keys", and a separate section for each list.
/// </summary>
internal sealed class PythonSchemaPage : IVendorDocument
{
    public string Vendor => "extremecloudiq";

    public bool Recognises(string text) => text.StartsWith("# extremecloudiq.model.", StringComparison.Ordinal);

    public IEnumerable<DocumentedFact> Read(string text)
    {
        var schema = DocumentText.Find(text, @"^# extremecloudiq\.model\.\w+\.(\w+)$", "its heading").Groups[1].Value;
        yield return new DocumentedFact("schema", "", schema, "object");

        foreach (var cells in DocumentText.TableRows(DocumentText.After(text, "### Dictionary Keys", "^# ")))
        {
            if (cells is not [var key, var input, _, _, var notes])
                throw new FormatException($"'{string.Join('|', cells)}' is not a row of five cells.");

            // The generator writes this if unknown members are allowed.
            if (key == "**any_string_name**")
                continue;

            var (name, type) = (DocumentText.Find(key, @"^\*\*\[?(\w+)", "a key").Groups[1].Value, TypeOf(input));
            if (type == "array")
                type = $"array<{ItemType(text, name)}>";

            var optional = notes.Contains("[optional]", StringComparison.Ordinal);
            yield return new DocumentedFact("field", schema, name, type, FormatOf(notes), !optional);
        }
    }

    private static string ItemType(string text, string list) =>
        DocumentText.TableRows(DocumentText.After(DocumentText.After(text, $"# {list}", "^# "), "### Tuple Items", "^# ")).ToList() switch
        {
            [["items", var input, ..]] => TypeOf(input),
            _ => throw new FormatException($"The section {list} does not have one row of items."),
        };

    private static string TypeOf(string input) => string.Join(' ', DocumentText.SplitList(input)) switch
    {
        "str" or "str datetime" or "str date" => "string",
        "decimal.Decimal int" => "integer",
        "decimal.Decimal int float" => "number",
        "bool" => "boolean",
        "list tuple" => "array",
        "dict frozendict.frozendict" => "object",
        var types => throw new FormatException($"'{types}' is not a known set of input types."),
    };

    private static string FormatOf(string notes) => notes.Replace("[optional]", "", StringComparison.Ordinal).Trim() switch
    {
        "" => "",
        "value must be a 64 bit integer" => "int64",
        "value must be a 32 bit integer" => "int32",
        "value must conform to RFC-3339 date-time" => "date-time",
        var note => throw new FormatException($"'{note}' is not a known note."),
    };
}
