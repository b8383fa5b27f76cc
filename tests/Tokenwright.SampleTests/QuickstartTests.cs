using System.Text.Json;
using System.Text.RegularExpressions;
using Tokenwright.ConformanceTests;
using Tokenwright.Testing;

namespace Tokenwright.SampleTests;

[CancelAfter(600_000)]
internal sealed partial class QuickstartTests
{
    private static readonly string[] Vendors = ["ExtremeCloudIQ", "Fimidara", "SailPoint", "VMwareCloud", "Xms"];

    [Test]
    public async Task It_prints_tokens_of_all_five_vendors()
    {
        var (exitCode, output, error) = await Sample.RunAsync("Quickstart", []);

        Assert.That(exitCode, Is.Zero, output + error);
        Assert.That(error, Is.Empty);
        foreach (var vendor in Vendors)
            Assert.That(Rows(output, vendor), Is.Not.Empty.And.None.Contains("failed").And.None.Contains("no tokens"), output);
        Assert.That(Rows(output, "SailPoint").Single(),
            Does.Contain("NodeJS Integration").And.Contain("86f1dc6fe8f54414950454cbb11278fa").And.Contain("Support"));
    }

    [TestCase(40)]
    [TestCase(60)]
    [TestCase(80)]
    [TestCase(120)]
    [TestCase(200)]
    public async Task Its_tokens_can_be_read_in_a_terminal_of_any_width(int columns)
    {
        var (exitCode, output, error) = await Sample.RunInTerminalAsync("Quickstart", columns);

        Assert.That(exitCode, Is.Zero, output + error);
        var lines = Escapes().Replace(output, string.Empty).Split('\n').Select(line => line.TrimEnd('\r', ' ')).ToList();
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(columns), output);
        Assert.That(lines, Has.None.Matches<string>(line => line.Trim() == "…"), output);
        foreach (var id in new[] { "86f1dc6fe8f54414950454cbb11278fa", "synthetic-token-id-0001", "agtoken_N3VSaPwSRBsYfTSpJpJF-" })
            Assert.That(lines, Has.Some.Contains(id), output);
        foreach (var vendor in Vendors)
            Assert.That(lines, Has.Some.Contains(vendor), output);

        // Some dates are those of the run.
        var picture = Dates().Replace(string.Join('\n', lines), "2026-11-30");
        GeneratedDocs.HoldWhole($"tests/Tokenwright.SampleTests/Views/quickstart.{columns}.txt", picture);
        if (columns == 120)
            GeneratedDocs.Hold("docs/getting-started.md", "quickstart", $"```text\n{picture}```\n");
    }

    [TestCaseSource(nameof(Vendors))]
    public async Task A_vendor_that_is_down_affects_only_its_own_row(string down)
    {
        var (exitCode, output, error) = await Sample.RunAsync("Quickstart", ["--stop", down]);

        Assert.That(exitCode, Is.EqualTo(1), output + error);
        Assert.That(Rows(output, down).Single(), Does.Contain("failed: "));
        foreach (var vendor in Vendors.Except([down]))
            Assert.That(Rows(output, vendor), Is.Not.Empty.And.None.Contains("failed"), output);
    }

    [Test]
    public async Task No_secret_is_printed()
    {
        using var xiq = new ExtremeCloudIQEmulator();
        using var fimidara = new FimidaraEmulator();
        using var sailPoint = new SailPointEmulator();
        using var vmware = new VMwareCloudEmulator();
        using var xms = new XmsEmulator();
        VendorEmulator[] emulators = [xiq, fimidara, sailPoint, vmware, xms];

        var (exitCode, output, error) = await Sample.RunAsync(
            "Quickstart", [], emulators.SelectMany(emulator => Environment(emulator, emulator.Vendor)).ToDictionary());

        Assert.That(exitCode, Is.Zero, output + error);
        var secrets = emulators.SelectMany(emulator => emulator.ConnectionSettings)
            .Where(setting => setting.Key.EndsWith("Token", StringComparison.Ordinal)
                || setting.Key.EndsWith("Secret", StringComparison.Ordinal))
            .Select(setting => setting.Value)
            .ToList();
        Assert.That(secrets, Has.Count.EqualTo(5));
        foreach (var secret in secrets)
            Assert.That(output + error, Does.Not.Contain(secret));
    }

    [Test]
    public async Task Environment_variables_replace_the_emulators()
    {
        using var emulator = new SailPointEmulator();
        var (exitCode, output, error) = await Sample.RunAsync("Quickstart", [], Environment(emulator, "prod"));

        Assert.That(exitCode, Is.Zero, output + error);
        Assert.That(Rows(output, "SailPoint").Single(), Does.Contain("prod").And.Contain("NodeJS Integration"));
        foreach (var vendor in Vendors.Except(["SailPoint"]))
            Assert.That(Rows(output, vendor), Is.Empty);
        Assert.That(
            emulator.Requests.Select(request => request.Path), Is.EqualTo(new[] { "/oauth/token", "/v2025/personal-access-tokens" }));
    }

    [Test]
    public async Task A_configuration_file_replaces_the_emulators()
    {
        using var emulator = new SailPointEmulator();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
            {
                Tokenwright = new { SailPoint = new Dictionary<string, object>
                    { ["one"] = emulator.ConnectionSettings, ["two"] = new { BaseAddress = "http://tenant.example" } } },
            }));
            var (exitCode, output, error) = await Sample.RunAsync("Quickstart", ["--config", file]);

            Assert.That(exitCode, Is.EqualTo(1), output + error);
            Assert.That(Rows(output, "SailPoint"), Has.Count.EqualTo(2));
            Assert.That(Rows(output, "SailPoint")[0], Does.Contain("one").And.Contain("NodeJS Integration"));
            Assert.That(Rows(output, "SailPoint")[1], Does.Contain("two").And.Contain("failed: "));
            Assert.That(output, Does.Contain("unencrypted").And.Contain("ClientId is missing"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase("--config", "no-such-file.json")]
    [TestCase("--config")]
    [TestCase("--stop", "Nobody")]
    [TestCase("--help-me")]
    public async Task Invalid_arguments_are_reported(params string[] arguments)
    {
        var (exitCode, output, error) = await Sample.RunAsync("Quickstart", arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.Contain(arguments[0]));
    }

    [Test]
    public async Task An_unknown_vendor_in_the_configuration_is_reported()
    {
        var (exitCode, _, error) =
            await Sample.RunAsync("Quickstart", [], new Dictionary<string, string> { ["Tokenwright__SailPiont__prod__ClientId"] = "x" });

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("SailPiont").And.Contain("SailPoint"));
    }

    private static Dictionary<string, string> Environment(VendorEmulator emulator, string connection)
        => emulator.ConnectionSettings.ToDictionary(
            setting => $"Tokenwright__{emulator.Vendor}__{connection}__{setting.Key}", setting => setting.Value);

    // Matches the first line of a row. The lines below it continue its cells.
    private static List<string> Rows(string output, string vendor)
        => [.. output.Split('\n').Where(line => line.StartsWith($"│ {vendor} ", StringComparison.Ordinal))];

    // Matches escape sequences that move the cursor, hide it, or set colours.
    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Dates();

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z=]|\x1b[=>]")]
    private static partial Regex Escapes();
}
