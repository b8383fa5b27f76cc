namespace Tokenwright.DocsTests;

/// <summary>A block of C# on a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Code">The code.</param>
/// <param name="Line">The number of the code's first line on the page, from 1.</param>
/// <param name="Given">The C# in the comment above the block, which readers don't see: statements and types that the code needs. Empty if
/// there is none.</param>
/// <param name="GivenLine">The number of that C#'s first line on the page.</param>
/// <param name="Source">The file of the repository that contains the code; null if only the page contains it.</param>
public sealed record CodeBlock(Page Page, string Code, int Line, string Given, int GivenLine, string? Source)
{
    private const string SourceBegin = "<!-- from ";
    private const string GivenBegin = "<!-- given";
    private const string GivenEnd = "-->";

    /// <summary>
    /// Returns the blocks of a page. A comment of the form <c>&lt;!-- given … --&gt;</c> directly above a block contains C# that the
    /// block needs. One of the form <c>&lt;!-- from … --&gt;</c> names the file that contains the block.
    /// </summary>
    /// <exception cref="FormatException">A block is not closed, or a comment with C# is not followed by a block.</exception>
    public static IReadOnlyList<CodeBlock> Of(Page page)
    {
        var fenced = page.Fenced();
        var givens = Enumerable.Range(0, page.Lines.Count)
            .Where(line => page.Lines[line].StartsWith(GivenBegin, StringComparison.Ordinal)
                && !fenced.Any(block => block.Begin < line && line < block.End))
            .Select(line => (Begin: line, End: Enumerable.Range(line, page.Lines.Count - line).FirstOrDefault(
                end => page.Lines[end].EndsWith(GivenEnd, StringComparison.Ordinal))))
            .ToList();
        var code = fenced.Where(block => block.Language == "csharp").ToList();
        foreach (var given in givens.Where(given => !code.Any(block => block.Begin == given.End + 1)))
            throw new FormatException($"{page.Path}:{given.Begin + 1}: what is given stands above no block of C#.");
        return
        [
            .. code.Select(block =>
            {
                var given = givens.Where(given => given.End + 1 == block.Begin).Select(given => ((int Begin, int End)?)given)
                    .SingleOrDefault();
                return new CodeBlock(
                    page,
                    Text(page, block.Begin + 1, block.End),
                    block.Begin + 2,
                    given is { } lines ? Text(page, lines.Begin, lines.End + 1)[GivenBegin.Length..^GivenEnd.Length] : string.Empty,
                    (given?.Begin ?? 0) + 1,
                    block.Begin > 0 && page.Lines[block.Begin - 1] is var above && above.StartsWith(SourceBegin, StringComparison.Ordinal)
                        ? above[SourceBegin.Length..^GivenEnd.Length].Trim() : null);
            }),
        ];
    }

    /// <summary>Returns the place of the block, which is the name of its test.</summary>
    public override string ToString() => $"{Page.Path}:{Line}";

    private static string Text(Page page, int begin, int end) => string.Join('\n', page.Lines.Skip(begin).Take(end - begin));
}
