using System.Diagnostics;
using System.Text.RegularExpressions;
using Tokenwright.Testing;

namespace Tokenwright.SampleTests;

/// <summary>The samples that fit on one screen and need no arguments.</summary>
[CancelAfter(600_000)]
internal sealed partial class SmallSampleTests
{
    private const int Screen = 80;
    private const int Rows = 24;

    [Test]
    public async Task WorkerService_warns_of_tokens_and_of_its_own_credential_and_stops()
    {
        var (exitCode, output, error) = await Sample.RunAsync("WorkerService", []);

        Assert.That((exitCode, error), Is.EqualTo((0, "")), output);
        Assert.That(output, Does.Contain("Token 'worker service' of Support expires at").And.Contain(
            "tokenwright:identity is Degraded: The credential expires in 7 days"));
    }

    [Test]
    public async Task WorkerService_watches_a_real_tenant_until_it_is_stopped()
    {
        using var emulator = new SailPointEmulator();
        var settings = emulator.ConnectionSettings.ToDictionary(setting => $"SailPoint__{setting.Key}", setting => setting.Value);
        settings["Watch__Interval"] = "00:00:01";
        emulator.Add(new EmulatedToken { Name = "ends soon", ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1) });
        using var process = Sample.Start("WorkerService", [], settings);
        try
        {
            for (var warnings = 0; warnings < 2;)
            {
                if ((await process.StandardOutput.ReadLineAsync(TestContext.CurrentContext.CancellationToken))!.Contains(
                    "'ends soon'", StringComparison.Ordinal))
                    warnings++;
            }

            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
            var rest = process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);
            Assert.That(process.ExitCode, Is.Zero, await rest);
        }
        finally
        {
            process.Kill();
        }
    }

    [TestCase("SailPoint__BaseAddress", "https://acme.example", "ClientId is missing")]
    [TestCase("Watch__Interval", "00:00:00", "Interval")]
    public async Task WorkerService_does_not_start_with_wrong_settings(string variable, string value, string problem)
    {
        var (exitCode, output, error) = await Sample.RunAsync("WorkerService", [], new Dictionary<string, string> { [variable] = value });

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output + error, Does.Contain("OptionsValidationException").And.Contain(problem));
    }

    [Test]
    public async Task Observability_shows_spans_metrics_and_logs_without_a_secret()
    {
        var (exitCode, output, error) = await Sample.RunAsync("Observability", []);

        Assert.That((exitCode, error), Is.EqualTo((0, "")), output);
        foreach (var name in new[] { "tokens.list", "tokens.create", "tokens.revoke", "retry [", "tokenwright.client.operation.duration",
            "tokenwright.client.retries", "tokenwright.client.credential.exchanges", "retried in", "not found" })
            Assert.That(output, Does.Contain(name).IgnoreCase);
        Assert.That(output, Does.Not.Contain(SailPointEmulator.ClientSecret.Reveal()));
    }

    [Test]
    public async Task Resilience_retries_failures_and_leaves_no_orphan()
    {
        var (exitCode, output, error) = await Sample.RunAsync("Resilience", []);

        Assert.That((exitCode, error), Is.EqualTo((0, "")), output);
        Assert.That(Lines().Matches(output).Select(match => match.Value), Is.EqualTo(new[]
        {
            "retried after 503", "retried after 503", "retried after 429", "retried after response_ended", "2 tokens",
                "issued build server; tokens of that name: 1", "retry after 00:02:00",
        }));
    }

    [Test]
    public async Task Rotation_replaces_three_tokens_although_it_is_killed_and_no_call_is_refused()
    {
        var (exitCode, output, error) = await Sample.RunAsync("Rotation", []);

        Assert.That((exitCode, error), Is.EqualTo((0, "")), output);
        var lines = output.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        Assert.That(lines, Has.Count.LessThanOrEqualTo(Rows).And.All.Length.LessThanOrEqualTo(Screen), output);
        Assert.That(lines.Count(line => line.Contains("was written to the file 'export.json'", StringComparison.Ordinal)), Is.EqualTo(4));
        Assert.That(lines.Count(line => line.EndsWith("(killed with SIGKILL)", StringComparison.Ordinal)), Is.EqualTo(2), output);
        Assert.That(lines.Count(line => line.EndsWith("is in use, and no earlier one works.", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(lines[^1], Does.Match(@"^The program made \d\d+ calls; 0 were refused\. Tokens of the lineage: 1\.$"));
    }

    [Test]
    public async Task TestingYourCode_is_a_test_project_whose_tests_pass()
    {
        using var process =
            Process.Start(new ProcessStartInfo("dotnet", ["test", Sample.PathOf("TestingYourCode")]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.CurrentContext.CancellationToken);
        await process.WaitForExitAsync(TestContext.CurrentContext.CancellationToken);

        Assert.That(process.ExitCode, Is.Zero, output);
        Assert.That(output, Does.Match("Failed: +0, Passed: +4,"));
    }

    [TestCase("IssueAndRevoke")]
    [TestCase("Observability")]
    [TestCase("Quickstart")]
    [TestCase("Resilience")]
    [TestCase("Rotation")]
    [TestCase("TestingYourCode")]
    [TestCase("WorkerService")]
    public void A_file_of_a_sample_has_at_most_80_lines(string sample)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Sample.Folder, sample), "*.cs"))
            Assert.That(File.ReadAllLines(file), Has.Length.LessThanOrEqualTo(Screen), file);
    }

    [GeneratedRegex("(?<=^  ).+$", RegexOptions.Multiline)]
    private static partial Regex Lines();
}
