namespace Tokenwright.ConformanceTests;

/// <summary>
/// The parts of the documents that tests generate. Each is between two marks, <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>.
/// With TOKENWRIGHT_WRITE_DOCS=1 in the environment, the tests write them; otherwise, they compare them.
/// </summary>
internal static class GeneratedDocs
{
    private const string WriteVariable = "TOKENWRIGHT_WRITE_DOCS";

    /// <summary>Gets the repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Compares a part of a document with its expected content, or writes it.</summary>
    /// <param name="document">The document's path in the repository.</param>
    /// <param name="name">The part's name in its marks.</param>
    /// <param name="content">The expected content, in whole lines.</param>
    public static void Hold(string document, string name, string content)
    {
        var path = Path.Combine(Root, document);
        var text = File.ReadAllText(path);
        var expected = Put(text, $"<!-- {name} -->", $"<!-- /{name} -->", content);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            File.WriteAllText(path, expected);
        else
            Assert.That(text, Is.EqualTo(expected),
                $"{document} says something else than the code: run this test with {WriteVariable}=1 to write it.");
    }

    /// <summary>Compares a whole file with its expected content, or writes it.</summary>
    /// <param name="document">The file's path in the repository.</param>
    /// <param name="content">The expected content.</param>
    public static void HoldWhole(string document, string content)
    {
        var path = Path.Combine(Root, document);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }
        else
        {
            Assert.That(File.ReadAllText(path), Is.EqualTo(content),
                $"{document} says something else than the code: run this test with {WriteVariable}=1 to write it.");
        }
    }

    /// <summary>Formats a table in Markdown.</summary>
    /// <param name="head">The heads of its columns.</param>
    /// <param name="rows">Its rows.</param>
    public static string Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        string[] heads = [.. head];
        return string.Concat(rows.Prepend(heads.Select(_ => "---")).Prepend(heads)
            .Select(cells => $"| {string.Join(" | ", cells)}".Replace("|  |", "| |", StringComparison.Ordinal) + " |\n"));
    }

    /// <summary>Gets the name of an operation in a table: BulkUpdate -> bulk update.</summary>
    public static string WordsOf(TokenOperation operation)
        => string.Concat(operation.ToString().Select((letter, i) =>
            $"{(i > 0 && char.IsUpper(letter) ? " " : null)}{char.ToLowerInvariant(letter)}"));

    private static string Put(string text, string begin, string end, string content)
    {
        var (from, to) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        return from >= 0 && to > from
            ? $"{text[..from]}{begin}\n{content}{text[to..]}"
            : throw new FormatException($"There are no lines {begin} and {end}.");
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Sdk.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests don't run below the folder of Sdk.sln.");
    }
}
