using System.Globalization;
using System.Text.Json.Nodes;
using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>Changes of many tokens: what a dry run shows, and two runs at once.</summary>
[TestFixture]
internal sealed class BulkTests
{
    [Test]
    public async Task A_dry_run_shows_the_calls_of_all_tokens_and_sends_none()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace, 3);
        var file = workplace.WritePrivate("ids.txt", string.Join('\n', ids));

        var run = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--dry-run", "-o", "json");

        var calls = JsonNode.Parse(run.Output)!["calls"]!.AsArray();
        Assert.That(run.ExitCode, Is.Zero, run.ToString());
        Assert.That(calls.Where(call => !(bool)call!["sent"]!).Select(
            call => $"{call!["method"]} {new Uri((string)call["address"]!).AbsolutePath} {call["sent"]}"),
            Is.EqualTo(ids.Select(id => $"DELETE /v1/access-tokens/{id} false")));
        Assert.That(run.Error, Does.Contain("Revoke 3 tokens of Xms connection 'storage':"));
        Assert.That(ids.Where((id, i) => !run.Error.Contains($"  id {id} 'bulk {i}', of ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(
            workplace.Emulators[0].Requests.Select(request => $"{request.Method} {request.Path}"),
            Is.EqualTo(calls.Where(call => (bool)call!["sent"]!).Select(
                call => $"{call!["method"]} {new Uri((string)call["address"]!).AbsolutePath}")), "what was sent is what is shown as sent");
        Assert.That(Directory.EnumerateFiles(workplace.Folder, "*.receipts.*"), Is.Empty);
    }

    [Test]
    public async Task A_dry_run_shows_only_the_tokens_that_the_real_run_would_change()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace, 3);
        workplace.Emulators[0].Faults.Inject(Fault.Status(500), "DELETE", $"*/{ids[1]}");
        var file = workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--yes");

        var run = await workplace.RunAsync("revoke", "--from-file", file, "-c", "storage", "--dry-run", "-o", "json");

        Assert.That(JsonNode.Parse(run.Output)!["calls"]!.AsArray().Where(call => !(bool)call!["sent"]!)
            .Select(call => new Uri((string)call!["address"]!).Segments[^1]),
            Is.EqualTo(new[] { ids[1] }), run.ToString());
        Assert.That(run.Error, Does.Contain("2 of 3 tokens are done already"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_second_run_with_the_same_receipts_is_refused_and_a_killed_one_is_continued()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var ids = Fill(workplace, 4);
        var file = workplace.WritePrivate("ids.txt", string.Join('\n', ids));
        var stalled = Fault.Stall();
        workplace.Emulators[0].Faults.Inject(stalled, "DELETE", $"*/{ids[2]}");
        string[] command = ["revoke", "--from-file", file, "-c", "storage", "--yes", "--parallel", "1", "-o", "jsonl"];
        using var first = workplace.Start(command);
        await stalled.Happened.WaitAsync(TestContext.CurrentContext.CancellationToken);

        var before = workplace.Emulators[0].Requests.Count;
        var second = await workplace.RunAsync(command);
        var requests = workplace.Emulators[0].Requests.Count;
        first.Kill();
        await first.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
        var third = await workplace.RunAsync(command);

        Assert.Multiple(() =>
        {
            Assert.That(second.ExitCode, Is.EqualTo(2), second.ToString());
            Assert.That(second.Error, Does.Contain($"in use by process {first.Id.ToString(CultureInfo.InvariantCulture)},"));
            Assert.That(second.Output, Is.Empty);
            Assert.That(requests, Is.EqualTo(before), "the second run sent nothing");
            Assert.That(third.ExitCode, Is.Zero, third.ToString());
            Assert.That(third.Error, Does.Contain("2 of 4 tokens are done already"));
            Assert.That(File.Exists($"{file}.revoke.receipts.jsonl.pid"), Is.False);
        });
    }

    [Test]
    public async Task A_file_left_by_a_killed_run_is_not_named_as_the_reason_of_another_failure()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var file = workplace.WritePrivate("ids.txt", Fill(workplace, 1)[0]);
        Directory.CreateDirectory(workplace.In("folder"));
        workplace.WritePrivate("folder.pid", "2147483646");

        var run = await workplace.RunAsync("revoke", "--from-file", file, "--receipts", "folder", "-c", "storage", "--yes");

        Assert.That(run.ExitCode, Is.Not.Zero, run.ToString());
        Assert.That(run.Error, Does.Contain("error: ").And.Not.Contain("in use by process"));
        Assert.That(workplace.Emulators[0].Requests.Count(request => request.Method == "DELETE"), Is.Zero);
    }

    private static string[] Fill(Workplace workplace, int count)
        => [.. Enumerable.Range(0, count).Select(i => workplace.Emulators[0].Add(new EmulatedToken { Name = $"bulk {i}" }).Id!)];
}
