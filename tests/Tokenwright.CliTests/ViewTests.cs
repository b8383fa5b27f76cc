using Tokenwright.ConformanceTests;

namespace Tokenwright.CliTests;

/// <summary>
/// How each view looks in terminals of several widths, and in a pipe. With TOKENWRIGHT_WRITE_DOCS=1, the tests write the expected files.
/// </summary>
[TestFixture]
internal sealed class ViewTests
{
    private const int Pipe = 1_000_000;

    // A view's name, its command, and the commands before it.
    private static readonly (string Name, string Command, string[] Before)[] Views =
    [
        ("list", "list", []),
        ("audit", "audit", []),
        ("show", "show 0e000000000000000000000000000002 -c identity", []),
        ("vendors", "vendors", []),
        ("validate", "validate --self -c identity", []),
        ("connections", "connections list", []),
        ("connections-test", "connections test", []),
        ("create", "create -c storage --name zabbix-2 --role observer --secret-file zabbix.secret --yes", []),
        ("create-dry-run", "create -c storage --name zabbix-2 --role observer --secret-file zabbix.secret --dry-run", []),
        ("revoke-dry-run", "revoke 8 -c storage --dry-run", []),
        ("revoke", "revoke 8 -c storage --yes", []),
        ("rotate", "rotate nightly-report --yes", []),
        ("rotate-dry-run", "rotate nightly-report zabbix --dry-run", []),
        ("rotation-list", "rotation list", []),
        ("rotation-status", "rotation status", ["rotate --due", "rotate zabbix --yes"]),
        ("rotation-why", "rotation why nightly-report", ["rotate --due"]),
    ];

    [Test]
    public async Task A_view_equals_its_expected_file(
        [ValueSource(nameof(Views))] (string Name, string Command, string[] Before) view, [Values(60, 80, 100, 120, 200, Pipe)] int width)
    {
        using var tool = new SampleTool();
        foreach (var command in view.Before)
            await tool.RunAsync(command);
        var text = await tool.RunAsync(view.Command, width);
        GeneratedDocs.HoldWhole($"tests/Tokenwright.CliTests/Views/{view.Name}.{(width == Pipe ? "pipe" : $"{width}")}.txt", text);
    }

    [Test]
    public void No_line_of_a_view_is_wider_than_its_terminal(
        [ValueSource(nameof(Views))] (string Name, string Command, string[] Before) view, [Values(60, 80, 100, 120, 200)] int width)
    {
        var lines = File.ReadAllLines(
            Path.Combine(GeneratedDocs.Root, $"tests/Tokenwright.CliTests/Views/{view.Name}.{width}.txt"));
        Assert.That(lines, Is.Not.Empty);
        Assert.That(lines.Where(line => line.Length > width), Is.Empty);
    }
}
