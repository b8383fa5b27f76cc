using System.Text.RegularExpressions;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>Every operation and component schema has one row with its grade and its source.</summary>
internal static class ProvenanceRules
{
    private static readonly string[] Sections = ["Sources", "Operations", "Schemas", "Documented and live", "Not established"];
    private static readonly string[] Grades = ["documented", "observed", "reconstructed"];

    public static IEnumerable<string> Problems(SpecFile spec, Provenance provenance)
    {
        var keys = provenance.SourceKeys.ToHashSet(StringComparer.Ordinal);
        return Sections.Except(provenance.Sections).Select(section => $"the section {section} is missing")
            .Concat(TableProblems("operation", spec.Operations.Select(operation => operation.Name), provenance.Operations, keys))
            .Concat(TableProblems("schema", spec.Schemas.Select(schema => schema.Key), provenance.Schemas, keys));
    }

    private static IEnumerable<string> TableProblems(
        string kind, IEnumerable<string> names, IEnumerable<ProvenanceRow> table, HashSet<string> keys)
    {
        var rows = table.ToList();
        var unnamed = names.ToHashSet(StringComparer.Ordinal);
        foreach (var group in rows.GroupBy(row => row.Name))
        {
            if (!unnamed.Remove(group.Key.Trim('`')) || !Regex.IsMatch(group.Key, "^`.+`$"))
                yield return $"{group.Key}: is not the name of any {kind} of the spec, in backticks";
            if (group.Count() > 1)
                yield return $"{group.Key}: has {group.Count()} rows";
        }

        foreach (var name in unnamed)
            yield return $"the {kind} {name} has no row";
        foreach (var row in rows.Where(row => !Grades.Contains(row.Grade)))
            yield return $"{row.Name}: '{row.Grade}' is not a grade";

        // A source cell contains keys, and sometimes a word between them. Keys are the words in capitals.
        foreach (var row in rows)
        {
            var sources = Regex.Matches(row.Source, @"\b[A-Z]+\b").Select(match => match.Value).ToList();
            if (sources.Count == 0)
                yield return $"{row.Name}: names no source";
            foreach (var source in sources.Where(source => !keys.Contains(source)))
                yield return $"{row.Name}: the source {source} is not in the table of sources";
        }
    }
}
