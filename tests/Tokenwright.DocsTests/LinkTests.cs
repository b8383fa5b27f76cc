using System.Text.RegularExpressions;

namespace Tokenwright.DocsTests;

/// <summary>All links between pages, and to headings in pages, are valid.</summary>
internal sealed partial class LinkTests
{
    [TestCaseSource(typeof(Page), nameof(Page.All))]
    public void All_links_are_valid(Page page) => Assert.That(Broken(page), Is.Empty);

    [Test]
    public void Every_page_of_docs_can_be_reached_from_its_index()
    {
        var linked = Links(Page.All.Single(page => page.Path == "docs/README.md")).Select(link => link.Target.Split('#')[0]).ToHashSet();

        Assert.That(
            Page.All.Where(page => page.Path.StartsWith("docs/", StringComparison.Ordinal) && page.Path != "docs/README.md")
                .Select(page => page.Path["docs/".Length..]).Except(linked),
            Is.Empty);
    }

    // docfx reports a page of the table that doesn't exist, but not a page that the table lacks.
    [Test]
    public void Every_page_of_docs_is_in_the_table_of_contents_of_the_site()
        => Assert.That(
            File.ReadLines(Path.Combine(Page.Root, "docs/toc.yml")).Select(line => line.Trim().Split("href: "))
                .Where(parts => parts.Length == 2).Select(parts => $"docs/{parts[1]}"),
            Is.EquivalentTo(Page.All.Select(page => page.Path).Where(path => path.StartsWith("docs/", StringComparison.Ordinal))));

    [Test]
    public void A_broken_link_is_reported()
    {
        var page = new Page(
            "docs/page.md",
            "# A title: of `code`\n[file](nowhere.md) [fine](../README.md) [place](#nowhere) " +
            "[here](#a-title-of-code)\n[other](../README.md#nowhere) ![picture](none.svg)\n```\n[code](nowhere.md)\n```\n");

        Assert.That(Broken(page), Is.EqualTo(new[] { "docs/page.md:2: nowhere.md", "docs/page.md:2: #nowhere",
            "docs/page.md:3: ../README.md#nowhere", "docs/page.md:3: none.svg" }));
    }

    private static List<string> Broken(Page page)
        => [.. Links(page).Where(link => !Leads(page, link.Target)).Select(link => $"{page.Path}:{link.Line}: {link.Target}")];

    private static bool Leads(Page page, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page.Path
            : Path.GetRelativePath(Page.Root, Path.Combine(Page.Root, Path.GetDirectoryName(page.Path)!, parts[0])).Replace('\\', '/');
        if (parts.Length == 1)
            return Path.Exists(Path.Combine(Page.Root, path));
        var other = path == page.Path ? page : Page.All.FirstOrDefault(candidate => candidate.Path == path);
        return other is not null && Anchors(other).Contains(parts[1]);
    }

    private static IEnumerable<(string Target, int Line)> Links(Page page)
        => Prose(page).SelectMany(line => Link().Matches(line.Text).Select(match => (match.Groups["target"].Value, line.Number)))
            .Where(link => !link.Value.Contains("://", StringComparison.Ordinal)
                && !link.Value.StartsWith("mailto:", StringComparison.Ordinal));

    // Like the hosting services, which derive anchors from headings.
    private static IEnumerable<string> Anchors(Page page)
        => Prose(page).Where(line => line.Text.StartsWith('#'))
            .Select(line => NotInAnchor().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), string.Empty).Replace(' ', '-'));

    private static IEnumerable<(string Text, int Number)> Prose(Page page)
    {
        var fenced = page.Fenced();
        return page.Lines.Select((text, index) => (Text: text, Number: index + 1))
            .Where(line => !fenced.Any(block => block.Begin < line.Number && line.Number <= block.End + 1));
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)|<img [^>]*src=""(?<target>[^""]+)""")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N}\s_-]")]
    private static partial Regex NotInAnchor();
}
