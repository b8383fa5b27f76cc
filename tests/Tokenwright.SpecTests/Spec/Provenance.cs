namespace Tokenwright.SpecTests.Spec;

/// <summary>The tables of a PROVENANCE.md that the checks read.</summary>
internal sealed class Provenance
{
    private readonly Dictionary<string, List<string[]>> _tables = new(StringComparer.Ordinal);

    public IEnumerable<string> Sections => _tables.Keys;

    public IEnumerable<string> SourceKeys => Rows("Sources").Select(cells => cells[0]);

    public IEnumerable<ProvenanceRow> Operations => Graded("Operations");

    public IEnumerable<ProvenanceRow> Schemas => Graded("Schemas");

    public static Provenance Of(string vendor) => Parse(Vendors.Read(vendor, "PROVENANCE.md"));

    public static Provenance Parse(string markdown)
    {
        var provenance = new Provenance();
        List<string[]>? table = null;
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                provenance._tables.Add(line[3..].Trim(), table = []);
            else if (line.StartsWith('|'))
                table?.Add([.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())]);
        }

        return provenance;
    }

    private IEnumerable<ProvenanceRow> Graded(string section) =>
        Rows(section).Select(cells => cells.Length == 4
            ? new ProvenanceRow(cells[0], cells[1], cells[2])
            : throw new FormatException($"{section}: the row of {cells[0]} has {cells.Length} cells, not 4."));

    /// <summary>Returns the rows of a table, without its heading and rule.</summary>
    private IEnumerable<string[]> Rows(string section) => _tables.GetValueOrDefault(section, []).Skip(2);
}
