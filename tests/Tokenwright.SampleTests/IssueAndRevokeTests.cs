namespace Tokenwright.SampleTests;

[CancelAfter(600_000)]
internal sealed class IssueAndRevokeTests
{
    [Test]
    public async Task A_token_of_each_vendor_is_created_used_and_revoked()
    {
        var (exitCode, output, error) = await Sample.RunAsync("IssueAndRevoke", []);

        Assert.That(exitCode, Is.Zero, output + error);
        Assert.That(error, Is.Empty);
        var rows = output.Split('\n').Where(line => line.StartsWith('│')).Skip(1)
            .Select(line => line.Split('│', StringSplitOptions.TrimEntries)[1..^1]).ToList();
        Assert.That(
            rows.Select(row => row[0]), Is.EqualTo(new[] { "ExtremeCloudIQ", "Fimidara", "SailPoint", "VMwareCloud", "Xms" }), output);
        foreach (var row in rows)
        {
            Assert.That(row[2..5], Is.EqualTo(new[] { "tokenwright-sample", "yes", "Active" }), output);
            Assert.That(row[5], Is.AnyOf("Deleted", "Deactivated", "SessionEnded"), output);
            Assert.That(row[6], Is.AnyOf("Unknown", "Revoked", "Deactivated"), output);
            Assert.That(row[7], Is.EqualTo("no"), output);
        }
    }

    [Test]
    public async Task A_vendor_that_is_down_affects_only_its_own_row()
    {
        var (exitCode, output, error) = await Sample.RunAsync("IssueAndRevoke", ["--stop", "Xms"]);

        Assert.That(exitCode, Is.EqualTo(1), output + error);
        Assert.That(output.Split('\n').Single(line => line.StartsWith("│ Xms", StringComparison.Ordinal)), Does.Contain("failed: "));
        Assert.That(output.Split('\n').Count(line => line.Contains("tokenwright-sample", StringComparison.Ordinal)), Is.EqualTo(4), output);
    }
}
