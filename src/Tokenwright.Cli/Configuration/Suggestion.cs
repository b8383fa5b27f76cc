namespace Tokenwright.Cli.Configuration;

/// <summary>Asks for the word that the user probably meant.</summary>
internal static class Suggestion
{
    /// <summary>
    /// Gets a sentence with the known word that is most similar to a misspelled one, to add to a message; empty if none is similar.
    /// </summary>
    public static string Sentence(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(candidate =>
            (Candidate: candidate, Distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant()))).MinBy(pair => pair.Distance);
        return nearest.Candidate is not null && nearest.Distance <= Math.Max(1, word.Length / 3)
            ? $" Did you mean {nearest.Candidate}?" : string.Empty;
    }

    // Computes the Levenshtein distance: the number of letters to insert, remove or replace.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
