using Tokenwright.Testing;

namespace Tokenwright.CliTests;

/// <summary>Secrets occur only where the user asked for them: every command, in its most verbose form, with every vendor.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class SecretTests
{
    private static IEnumerable<TestCaseData> Commands()
    {
        string[][] all =
        [
            ["list"], ["audit"], ["export", "--to", "inventory.json"], ["connections", "list"], ["connections", "test"],
            ["watch", "--looks", "2", "--every", "1s"], ["vendors"],
            ["show", "--self", "-c", "CONNECTION"], ["validate", "--self", "-c", "CONNECTION"],
            ["show", "--secret", "env:A_SECRET", "-c", "CONNECTION"], ["validate", "--secret", "env:A_SECRET", "-c", "CONNECTION"],
            ["revoke", "--secret", "env:A_SECRET", "-c", "CONNECTION", "--yes"],
        ];
        foreach (var command in all)
        {
            foreach (var connection in command.Contains("CONNECTION") ? Workplace.ConnectionNames.Values : ["all"])
                yield return new TestCaseData([command.Select(word => word == "CONNECTION" ? connection : word).ToArray()])
                    .SetArgDisplayNames(string.Join(' ', command.Select(word => word == "CONNECTION" ? connection : word)));
        }
    }

    [TestCaseSource(nameof(Commands))]
    public async Task No_secret_is_in_what_a_command_prints_or_writes(string[] arguments)
    {
        var at = Array.IndexOf(arguments, "-c");
        using var workplace = new Workplace(connections: at < 0 ? null : [arguments[at + 1]]);
        var known = workplace.Emulators[0].Tokens.FirstOrDefault(token => token.Secret!.Reveal() is { Length: > 10 })?.Secret!.Reveal()
            ?? VMwareCloudEmulator.ApiToken.Reveal();
        var run = await workplace.RunAsync(
            [.. arguments, "--verbose", "--trace-file", "trace.jsonl"], new Dictionary<string, string> { ["A_SECRET"] = known });
        var written = Directory.EnumerateFiles(workplace.Folder, "*", SearchOption.AllDirectories)
            .Where(path => path != workplace.ConnectionsFile).ToDictionary(path => path, File.ReadAllText);
        Assert.Multiple(() =>
        {
            foreach (var secret in Secrets(workplace).Append(known))
            {
                Assert.That(run.Output, Does.Not.Contain(secret));
                Assert.That(run.Error, Does.Not.Contain(secret));
                foreach (var (path, text) in written)
                    Assert.That(text, Does.Not.Contain(secret), path);
            }

            if (arguments[0] is "list" or "audit")
            {
                Assert.That(run.Error, Does.Contain("got the response 200"), "requests were told");
                Assert.That(File.ReadLines(workplace.In("trace.jsonl")).Select(
                    line => System.Text.Json.Nodes.JsonNode.Parse(line)!["message"]), Has.All.Not.Null.And.Some.Property("Root").Not.Null);
            }
        });
    }

    [TestCase("create -c storage --name made --role admin --yes --reveal")]
    [TestCase("create -c storage --name made --role admin --yes --reveal -q")]
    [TestCase("create -c storage --name made --role admin --yes --secret-file - -q")]
    [TestCase("regenerate 0 -c storage --yes --reveal -q")]
    public async Task A_revealed_secret_is_alone_on_the_standard_output(string command)
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync(command.Split(' '));
        var secret = workplace.Emulators[0].Tokens.Single(token => token.Name == "made" || (token.Id == "0" && command[0] == 'r'))
            .Secret!.Reveal();
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run.Output, Is.EqualTo($"{secret}\n"));
            Assert.That(run.Error, Does.Not.Contain(secret));
            Assert.That(run.Error.Contains("Expires", StringComparison.Ordinal), 
                Is.EqualTo(!command.Contains(" -q", StringComparison.Ordinal)));
        });
    }

    [Test]
    public async Task Reveal_shows_the_secret_on_the_standard_output_alone()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var run = await workplace.RunAsync("create", "-c", "storage", "--name", "made", "--role", "admin", "--reveal", "--yes", "--verbose",
            "--trace-file", "trace.jsonl");
        var secret = workplace.Emulators[0].Tokens.Single(token => token.Name == "made").Secret!.Reveal();
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.Contain(secret));
            Assert.That(run.Error, Does.Not.Contain(secret));
            Assert.That(File.ReadAllText(workplace.In("trace.jsonl")), Does.Not.Contain(secret));
        });
    }

    // The placeholders of the vendors' documents are words that occur anywhere.
    private static IEnumerable<string> Secrets(Workplace workplace)
        => workplace.Emulators.SelectMany(
            emulator => emulator.Tokens.Select(token => token.Secret!.Reveal()).Concat(emulator.ConnectionSettings.Where(
            setting => setting.Key is "ClientSecret" or "ApiToken" or "Token" or "AccessToken").Select(setting => setting.Value)))
            .Where(secret => secret.Length > 10).Distinct();
}
