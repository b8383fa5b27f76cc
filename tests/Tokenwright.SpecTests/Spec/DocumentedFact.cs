namespace Tokenwright.SpecTests.Spec;

/// <summary>One row of a documented.csv: a fact from the vendor's source document.</summary>
internal sealed record DocumentedFact(string Kind, string Owner, string Name, string Type = "", string Format = "", bool? Required = null)
{
    public const string Header = "kind,owner,name,type,format,required";

    public static IReadOnlyList<DocumentedFact> Of(string vendor) => ParseAll(Vendors.Read(vendor, "documented.csv"));

    public static IReadOnlyList<DocumentedFact> ParseAll(string csv)
    {
        var lines = csv.Split('\n');
        if (lines[0] != Header)
            throw new FormatException($"The first line is '{lines[0]}', not '{Header}'.");
        if (lines[^1].Length > 0)
            throw new FormatException("The last line does not end in a line feed.");
        return [.. lines[1..^1].Select(Parse)];
    }

    public override string ToString() => string.Join(',', Kind, Owner, Name, Type, Format, Required?.ToString().ToLowerInvariant());

    private static DocumentedFact Parse(string line)
    {
        // No fact of any document contains a comma or a quote, so only the plain form is supported.
        var cells = line.Split(',');
        if (cells.Length != 6 || line.Contains('"', StringComparison.Ordinal))
            throw new FormatException($"'{line}' does not have six plain cells.");

        bool? required = cells[5] switch
        {
            "true" => true,
            "false" => false,
            "" => null,
            _ => throw new FormatException($"'{line}': required is neither true, false nor empty."),
        };
        return new DocumentedFact(cells[0], cells[1], cells[2], cells[3], cells[4], required);
    }
}
