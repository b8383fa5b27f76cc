using System.Globalization;
using System.Text.Json;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Audit;

/// <summary>Represents the findings of an earlier audit, to tell new findings from known ones.</summary>
internal sealed class Baseline
{
    private static readonly string[] Required = ["ruleId", "vendor", "connection", "fingerprint"];

    private readonly Dictionary<string, KnownFinding> _known = [];
    private readonly HashSet<string> _seen = [];

    private Baseline()
    {
    }

    /// <summary>Gets the connections that the earlier audit couldn't read, so that their findings count as new.</summary>
    public IReadOnlyList<string> Unread { get; private init; } = [];

    /// <summary>Reads the output of <c>audit -o json</c>.</summary>
    /// <exception cref="CliException">The file is none.</exception>
    public static Baseline Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length == 0)
                throw Wrong(path, "it is empty. A shell empties the file of a '>' before the audit reads it: write to another file.");
            using var document = JsonDocument.Parse(
                stream, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return Read(path, document.RootElement);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--baseline '{path}' can't be read: {exception.Message}");
        }
        catch (JsonException exception)
        {
            var line = ((exception.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
            throw Wrong(path, $"line {line} is not JSON, or comes after the end of the document.");
        }
    }

    /// <summary>Marks a finding as new or known.</summary>
    public FindingRow Mark(FindingRow finding)
    {
        _seen.Add(finding.Fingerprint);

        // An accepted finding wasn't counted. When its exception ends, it is counted for the first time.
        var isKnown = _known.TryGetValue(finding.Fingerprint, out var known) && !(known.IsAccepted && finding.Counts);
        return finding with { IsNew = !isKnown };
    }

    /// <summary>Counts the baseline's findings that weren't found again.</summary>
    /// <param name="isChecked">Returns whether this run would have found a finding again.</param>
    /// <returns>How many are fixed, and of how many that isn't known.</returns>
    public (int Fixed, int Unknown) Missing(Func<KnownFinding, bool> isChecked)
    {
        var missing = _known.Where(pair => !_seen.Contains(pair.Key)).Select(pair => pair.Value).ToList();
        var done = missing.Count(isChecked);
        return (done, missing.Count - done);
    }

    private static Baseline Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("findings", out var findings)
            || findings.ValueKind != JsonValueKind.Array)
            throw Wrong(path, "it has no list 'findings'.");
        var baseline = new Baseline { Unread = [.. Unreadable(root)] };
        foreach (var (number, finding) in findings.EnumerateArray().Index())
        {
            foreach (var name in Required.Where(name => Text(finding, name) is null))
                throw Wrong(path, $"element {number.ToString(CultureInfo.InvariantCulture)} of 'findings' has no text '{name}'.");
            baseline._known[Text(finding, "fingerprint")!] = new KnownFinding(
                Text(finding, "ruleId")!, Text(finding, "vendor")!, Text(finding, "connection")!, Text(finding, "tokenId"),
                Text(finding, "exceptionReason") is not null);
        }

        return baseline;
    }

    private static IEnumerable<string> Unreadable(JsonElement root)
        => root.TryGetProperty("failures", out var failures) && failures.ValueKind == JsonValueKind.Array
            ? failures.EnumerateArray().Select(failure => Text(failure, "connection")).OfType<string>() : [];

    private static string? Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static CliException Wrong(string path, string problem)
        => new($"--baseline '{path}' must be a result of 'tokenwright audit -o json', but {problem}");
}
