using System.CommandLine;
using System.Text.RegularExpressions;
using Tokenwright.Cli.Commands;
using Tokenwright.ConformanceTests;

namespace Tokenwright.CliTests;

/// <summary>Every command line of the tool that a page shows can be parsed, so no page names an option that doesn't exist.</summary>
[TestFixture]
internal sealed partial class DocumentedCommandTests
{
    private static IEnumerable<TestCaseData> Shown
        => from file in Pages()
           from command in CommandsOf(File.ReadAllText(Path.Combine(GeneratedDocs.Root, file))).Distinct()
           select new TestCaseData(command).SetArgDisplayNames(file, command);

    [TestCaseSource(nameof(Shown))]
    public void A_command_line_on_a_page_is_valid(string command) => Assert.That(ErrorsOf(command), Is.Empty);

    [TestCase("list --no-such-option")]
    [TestCase("no-such-command")]
    [TestCase("connections no-such-command")]
    [TestCase("audit --fail-on never")]
    public void An_invalid_command_line_is_reported(string command) => Assert.That(ErrorsOf(command), Is.Not.Empty);

    [Test]
    public void Command_lines_are_found_in_code_only()
        => Assert.That(
            CommandsOf("tokenwright prose\n`tokenwright list -c a`, `a tokenwright b`\n```sh\n$ tools/tokenwright audit | tee a   # why\n" +
                "tokenwright show 1 \\\n  -c b\ntokenwright-emulator --all\n```\n`tokenwright create … --yes`"),
            Is.EqualTo(new[] { "list -c a", "audit", "show 1   -c b" }));

    // A page may name a command without its arguments.
    private static IEnumerable<string> ErrorsOf(string command)
    {
        var root = CommandTree.Build();
        var words = Words().Matches(command).Select(word => Quoted().Replace(word.Value, "${text}")).ToArray();
        Command? named = root;
        foreach (var word in words)
            named = named?.Subcommands.FirstOrDefault(subcommand => subcommand.Name == word);
        return named is not null ? [] : root.Parse(words).Errors.Select(error => error.Message);
    }

    private static IEnumerable<string> CommandsOf(string page)
    {
        var isFenced = false;
        foreach (var line in page.Replace("\\\n", string.Empty, StringComparison.Ordinal).Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isFenced = !isFenced;
            var code = isFenced ? [line] : Inline().Matches(line).Select(match => match.Groups["code"].Value);
            foreach (var command in code.Select(text => CommandLine().Match(text)).Where(match => match.Success))
            {
                if (command.Groups["arguments"].Value.Trim() is var arguments && !arguments.Contains('…', StringComparison.Ordinal))
                    yield return arguments;
            }
        }
    }

    private static IEnumerable<string> Pages()
        => new[] { "docs", "src" }.SelectMany(folder => FilesIn(folder, SearchOption.AllDirectories))
            .Concat(FilesIn(".", SearchOption.TopDirectoryOnly))
            .Select(file => Path.GetRelativePath(GeneratedDocs.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);

    private static string[] FilesIn(string folder, SearchOption depth)
        => Directory.GetFiles(Path.Combine(GeneratedDocs.Root, folder), "*.md", depth);

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex("""('[^']*'|"[^"]*"|[^\s'"])+""")]
    private static partial Regex Words();

    [GeneratedRegex("'(?<text>[^']*)'|\"(?<text>[^\"]*)\"")]
    private static partial Regex Quoted();

    // What follows a pipe, a redirection or a comment does not belong to it.
    [GeneratedRegex(@"^(\$ |\s*- (run: )?|.*\$\()?(tools/)?tokenwright (?<arguments>('[^']*'|""[^""]*""|[^|>#)'""])+)")]
    private static partial Regex CommandLine();
}
