using System.Text;
using Spectre.Console;
using Tokenwright.Cli.Output;

namespace Tokenwright.CliTests;

/// <summary>A token's name must not break the table, or stop the tool.</summary>
[TestFixture]
internal sealed class RowLayoutTests
{
    private const int Runs = 4000;

    private static readonly DateTimeOffset Now = new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

    // Text of unknown people: wide, combined, right to left, control, formatting, half characters, long words, and none.
    private static readonly string[] Pieces =
    [
        "密", "🔑", "👩\u200d💻", "🇩🇪", "e\u0301", "o\u0308\u0323", "שלום", "مرحبا", "\u202e", "\u001b[31m", "\t",
        "\r\n", "\0", "\ud83d", "\udd11", "a", "build server", " ", "  ", "ﷺ", "한글", "ก็", new string('x', 300),
        "0e000000000000000000000000000002",
    ];

    [Test]
    [CancelAfter(120_000)]
    public void Rows_of_any_text_are_laid_out_in_any_width(CancellationToken cancellationToken)
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new Random(seed);
            var width = random.Next(20, 251);
            var rows = Enumerable.Range(0, random.Next(1, 6)).Select(_ => RowOf(random)).ToList();
            var text = Draw(random.Next(2) == 0 ? Shapes.Tokens : Shapes.Token, rows, width);
            var lines = text.Split('\n');

            // Ids are never cut, whatever the width. Only a single word may be wider than the terminal.
            foreach (var row in rows.Where(row => row.Id is not null))
                Assert.That(lines, Has.Some.Contains(row.Id), $"seed {seed}");
            foreach (var line in lines.Where(line => DisplayText.WidthOf(line) > width))
            {
                Assert.That(
                    line.TrimStart().Split("  ")[^1].Trim(), Does.Not.Contain(" ").Or.Match("in \\d+ |\\d+ [a-z]+ ago|\\(now\\)"),
                    $"seed {seed}");
            }

            Assert.That(lines.Select(line => line.Trim()), Has.None.EqualTo("…"), $"seed {seed}");
        }
    }

    [TestCase(20)]
    [TestCase(60)]
    public void The_reference_of_a_token_is_whole_where_it_is_the_heading_of_a_block(int width)
    {
        var token = new string('x', 90);
        var verdict = new VerdictRow("SailPoint", "lab", token, "active", new string('y', 30));
        var call = new CallRow("Xms", "lab", "DELETE", $"https://xms.example/v1/access-tokens/{token}", null, Sent: false);
        Assert.That(Draw(Shapes.Verdicts, [verdict], width).Split('\n'), Has.Some.EqualTo(token));
        Assert.That(Draw(Shapes.Calls, [call], width).Split('\n'), Has.Some.EqualTo($"DELETE {call.Address}"));
    }

    [TestCase("密")]
    [TestCase("🔑")]
    [CancelAfter(20_000)]
    public void A_wide_character_in_a_narrow_terminal_is_shown(string name, CancellationToken cancellationToken)
    {
        for (var width = 20; width <= 60 && !cancellationToken.IsCancellationRequested; width++)
            Assert.That(Draw(Shapes.Tokens, [RowOf(new Random(1)) with { Name = name }], width), Does.Contain(name));
    }

    [TestCase("abcdef", 6, ExpectedResult = "abcdef")]
    [TestCase("abcdefg", 6, ExpectedResult = "abcde…")]
    [TestCase("密密密密", 6, ExpectedResult = "密密…")]
    [TestCase("e\u0301e\u0301e\u0301", 2, ExpectedResult = "e\u0301…")]
    [TestCase("🔑", 1, ExpectedResult = "…")]
    public string A_text_is_cut_between_characters(string text, int width) => DisplayText.Cut(text, width);

    [TestCase("one two three", 7, "one two|three")]
    [TestCase("one two", 3, "one|two")]
    [TestCase("oneword two", 3, "oneword|two")]
    [TestCase("", 3, "")]
    public void A_text_is_wrapped_between_words(string text, int width, string lines)
        => Assert.That(string.Join('|', DisplayText.Wrap(text, width)), Is.EqualTo(lines));

    [TestCase(-60, "Now: The next token is issued.")]
    [TestCase(0, "Now: The next token is issued.")]
    [TestCase(0.5, "Now: The next token is issued.")]
    [TestCase(3600, "In 1 h: The next token is issued.")]
    [TestCase(null, "At the next run: The next token is issued.")]
    public void What_happens_next_begins_with_its_time(double? seconds, string text)
        => Assert.That(DrawRotation(next: seconds is { } ahead ? Now.AddSeconds(ahead) : null), Does.Contain(text));

    [TestCase(-2, "expired 2 d ago.")]
    [TestCase(3, "expires in 3 d.")]
    public void An_end_that_has_passed_is_told_in_the_past(int days, string text)
    {
        var drawn = DrawRotation(end: Now.AddDays(days));

        Assert.That(drawn, Does.Contain($"The token in use {text}").And.Contain($"'a-1' may exist, can't be found, and {text}"));
    }

    private static string DrawRotation(DateTimeOffset? next = null, DateTimeOffset? end = null) => Draw(
        Shapes.Rotations,
        [
            new RotationRow
            {
                Lineage = "a", Connection = "lab", Vendor = "Xms", Stage = "needsAttention", Position = "done", Generation = 1,
                OldGenerations = [], Next = "The next token is issued.", NextAt = next, Attention = "It is late.", AttentionDeadline = end,
                Debts = end is { } until ? [new("a-1", until)] : [], SoughtTokenNames = [],
            },
        ],
        1000);

    private static TokenRow RowOf(Random random) => TokenRow.Of(new ApiToken
    {
        Vendor = "SailPoint",
        Connection = random.Next(4) == 0 ? "identity-production-emea-tenant" : "lab",
        Id = random.Next(5) == 0 ? null : random.Next(2) == 0 ? $"{random.Next()}" : $"0e{random.NextInt64():x20}",
        Name = TextOf(random),
        Description = TextOf(random),
        Owner = new TokenOwner { Name = TextOf(random), Id = "17" },
        Scopes = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new TokenScope($"s{TextOf(random)}"))],
        ExpiresAt = random.Next(3) == 0 ? null : Now.AddDays(random.Next(-900, 900)),
        NeverExpires = false,
        State = random.Next(2) == 0 ? TokenState.Active : TokenState.Unknown,
    });

    private static string? TextOf(Random random)
    {
        if (random.Next(8) == 0)
            return null;
        var text = new StringBuilder();
        for (var i = random.Next(6); i >= 0; i--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }

    private static string Draw<T>(Shape<T> shape, IReadOnlyList<T> rows, int width)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = width;
        console.Write(new RowLayout<T>(shape, rows, Now));
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
