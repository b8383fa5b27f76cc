using Tokenwright.Cli.Audit;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;
using Tokenwright.ConformanceTests;

namespace Tokenwright.CliTests;

/// <summary>
/// docs/cli.md and the README show the tool's real output. With TOKENWRIGHT_WRITE_DOCS=1, the tests write it there.
/// </summary>
[TestFixture]
internal sealed class PageTests
{
    private const string Page = "docs/cli.md";

    // The name of a part of the page, and the command whose output it shows.
    private static readonly (string Part, string Command)[] Shown =
    [
        ("audit", "audit"),
        ("list", "list --vendor SailPoint --unused-since 90d"),
        ("vendors", "vendors"),
        ("show", "show 7 -c storage -o json"),
        ("jsonl", "audit -c cloud -o jsonl"),
        ("csv", "list -c storage -o csv"),
        ("create", "create -c identity --name \"build server\" --scope sp:scopes:default --expires 30d --secret-file build-server.secret " +
            "--yes"),
        ("dry-run", "create -c storage --name zabbix-2 --role observer --secret-file zabbix.secret --dry-run"),
        ("show-table", "show 0e000000000000000000000000000002 -c identity"),
        ("revoke-dry-run", "revoke 8 9 7 -c storage --dry-run"),
        ("revoke", "revoke 8 -c storage --yes"),
        ("validate", "validate --self -c network"),
        ("connections", "connections test"),
        ("rotation-status", "rotation status"),
        ("rotate-dry-run", "rotate zabbix --dry-run"),
        ("fields", "list -c storage --json name,expiresAt,roles"),
    ];

    [TestCaseSource(nameof(Shown))]
    public async Task The_page_shows_what_the_tool_prints((string Part, string Command) shown)
    {
        using var tool = new SampleTool();
        if (shown.Part == "rotation-status")
        {
            foreach (var before in new[] { "rotate --due", "rotate zabbix --yes" })
                await tool.RunAsync(before);
        }

        GeneratedDocs.Hold(Page, shown.Part, $"```\n$ tokenwright {shown.Command}\n{await tool.RunAsync(shown.Command)}```\n");
    }

    [Test]
    public async Task The_picture_in_the_README_is_what_the_tool_prints()
    {
        using var tool = new SampleTool();
        var picture =
            await tool.RecordAsync("audit --rule TW001 --rule TW002 --rule TW004 --rule TW006 --rule TW010", "tokenwright audit");
        Assert.That(System.Xml.Linq.XDocument.Parse(picture).Root!.Name.LocalName, Is.EqualTo("svg"));
        GeneratedDocs.HoldWhole("docs/images/audit.svg", picture);
    }

    [Test]
    public void The_page_has_all_rules()
        => GeneratedDocs.Hold(Page, "rules", GeneratedDocs.Table(["rule", "severity", "what it finds", "what to do"],
            AuditRule.All.Select(rule => new[] { $"`{rule.Id}` {rule.Name}", Shapes.Word(rule.Severity), rule.Summary, rule.Remedy })));

    [Test]
    public void The_page_has_all_thresholds()
        => GeneratedDocs.Hold(Page, "thresholds", GeneratedDocs.Table(["threshold", "default", ""],
            AuditPolicy.Thresholds.Select(threshold => new[]
            {
                $"`{threshold.Key}`", $"{typeof(AuditPolicy).GetProperty(threshold.Key)!.GetValue(new AuditPolicy())}", threshold.Value,
            })));

    [Test]
    public void The_page_has_all_settings()
        => GeneratedDocs.Hold(
            Page, "settings", GeneratedDocs.Table(["vendor", "settings", "secrets"], VendorEntry.All.Select(vendor => new[]
        {
            vendor.Name,
            string.Join(", ", vendor.Settings.Values.Where(setting => setting.DeclaringType != typeof(ConnectionOptions)
                && !VendorEntry.IsSecret(setting)).Select(setting => $"`{setting.Name}`").DefaultIfEmpty("–")),
            string.Join(", ", vendor.Secrets.Where(name => vendor.Settings[name].DeclaringType != typeof(ConnectionOptions))
                .Select(name => $"`{name}`")),
        })));
}
