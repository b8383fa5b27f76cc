using System.Net;
using System.Reflection;

namespace Tokenwright.DocsTests;

/// <summary>A page of the repository in Markdown.</summary>
/// <param name="Path">Its path in the repository, with forward slashes.</param>
/// <param name="Text">The content of the page.</param>
public sealed record Page(string Path, string Text)
{
    private static readonly string[] Built = ["bin", "obj", "artifacts", "node_modules"];

    /// <summary>Gets the repository's folder.</summary>
    public static string Root { get; } = typeof(Page).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Gets all pages, sorted by their paths.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(folder => Built.Contains(folder) || folder.StartsWith('.')))
            .Order(StringComparer.Ordinal)
            .Select(path => new Page(path, File.ReadAllText(System.IO.Path.Combine(Root, path)))),
    ];

    /// <summary>
    /// Gets the source files with examples in doc comments, as pages. The code of each example becomes a block in the same lines as in the
    /// file.
    /// </summary>
    public static IReadOnlyList<Page> Examples { get; } =
    [
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(file => new Page(System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file)))
            .Where(page => page.Text.Contains("/// <example>", StringComparison.Ordinal) && !page.Path.Split('/').Any(Built.Contains))
            .OrderBy(page => page.Path, StringComparer.Ordinal)
            .Select(page => new Page(page.Path, ExamplesOf(page))),
    ];

    /// <summary>Gets the lines of the page.</summary>
    public IReadOnlyList<string> Lines { get; } = Text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();

    /// <summary>
    /// Returns the blocks of code, of any language: the line numbers of their first and last fence, from 0, and the language's name.
    /// </summary>
    /// <exception cref="FormatException">A block is not closed.</exception>
    public IReadOnlyList<(int Begin, int End, string Language)> Fenced()
    {
        var blocks = new List<(int Begin, int End, string Language)>();
        for (var i = 0; i < Lines.Count; i++)
        {
            var fence = Lines[i][..^Lines[i].TrimStart('`').Length];
            if (fence.Length < 3)
                continue;
            var begin = i++;
            while (i < Lines.Count && Lines[i].TrimEnd() != fence)
                i++;
            if (i == Lines.Count)
                throw new FormatException($"{Path}:{begin + 1}: a block of code that is not closed.");
            blocks.Add((begin, i, Lines[begin][fence.Length..].Trim()));
        }

        return blocks;
    }

    /// <inheritdoc />
    public override string ToString() => Path;

    private static string ExamplesOf(Page source)
    {
        var isCode = false;
        return string.Join('\n', source.Lines.Select(line =>
        {
            var comment = line.TrimStart();
            switch (comment)
            {
                case "/// <code>":
                    isCode = true;
                    return "```csharp";
                case "/// </code>":
                    isCode = false;
                    return "```";
                default:
                    return isCode ? WebUtility.HtmlDecode(comment.Length > 4 ? comment[4..] : string.Empty) : string.Empty;
            }
        }));
    }
}
