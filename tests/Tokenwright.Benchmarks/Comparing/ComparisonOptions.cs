using System.Globalization;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>The command-line options of the compare mode.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>Gets the parts (<c>canned</c>) or their workloads (<c>canned/list</c>) to run; all if empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Gets the number of rounds; null for each part's own number.</summary>
    public int? Rounds { get; init; }

    /// <summary>Gets whether to run one small round of everything, to check that it runs and that all candidates read the same.</summary>
    public bool IsSmoke { get; init; }

    /// <summary>Gets whether to print JSON in place of a table.</summary>
    public bool AsJson { get; init; }

    public static ComparisonOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new ComparisonOptions();
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--only" => options with { Only = [.. options.Only, .. Value(arguments, ++i).Split(',')] },
                "--rounds" => options with { Rounds = int.Parse(Value(arguments, ++i), NumberStyles.None, CultureInfo.InvariantCulture) },
                "--smoke" => options with { IsSmoke = true },
                "--json" => options with { AsJson = true },
                var other =>
                    throw new ArgumentException($"'{other}' is not known. There is --only part[/workload], --rounds n, --smoke, --json."),
            };
        }

        return options;
    }

    public bool Wants(string part) => Only.Count == 0 || Only.Any(wanted => wanted.Split('/')[0] == part);

    public bool Wants(string part, string workload)
        => Only.Count == 0 || Only.Any(wanted => wanted == part || wanted == $"{part}/{workload}");

    /// <summary>Gets whether a part was selected by its name.</summary>
    public bool Names(string part) => Only.Count > 0 && Wants(part);

    private static string Value(ReadOnlySpan<string> arguments, int index)
        => index < arguments.Length ? arguments[index] : throw new ArgumentException($"{arguments[index - 1]} needs a value.");
}
