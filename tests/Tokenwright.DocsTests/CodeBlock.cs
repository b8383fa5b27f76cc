namespace Tokenwright.DocsTests;

/// <summary>A block of C# on a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Code">The code.</param>
/// <param name="Line">The page's line that the code begins in, from 1.</param>
/// <param name="Given">What the reader is taken to have at hand, in C#: statements and types. Not shown to readers; empty where the page
/// takes nothing for granted.</param>
/// <param name="GivenLine">The page's line that this begins in.</param>
/// <param name="Source">The file of the repository that the code is a part of; null for code that stands on the page only.</param>
public sealed record CodeBlock(Page Page, string Code, int Line, string Given, int GivenLine, string? Source)
{
    private const string SourceBegin = "<!-- from ";
    private const string GivenBegin = "<!-- given";
    private const string GivenEnd = "-->";

    /// <summary>
    /// The blocks of a page. A comment of the form <c>&lt;!-- given … --&gt;</c> right above a block holds what the block takes for
    /// granted; one of the form <c>&lt;!-- from … --&gt;</c> names the file that the block is a part of.
    /// </summary>
    /// <exception cref="FormatException">A block is not closed, or what is given stands above none.</exception>
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

    /// <summary>The place of the block, as a test is named by it.</summary>
    public override string ToString() => $"{Page.Path}:{Line}";

    private static string Text(Page page, int begin, int end) => string.Join('\n', page.Lines.Skip(begin).Take(end - begin));
}
