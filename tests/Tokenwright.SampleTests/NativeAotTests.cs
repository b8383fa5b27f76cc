using System.Globalization;
using Tokenwright.Testing;

namespace Tokenwright.SampleTests;

/// <summary>
/// The Native AOT sample, compiled as usual. If TOKENWRIGHT_NATIVE_AOT is the path of the output of <c>dotnet publish</c>, also compiled
/// ahead of time.
/// </summary>
[CancelAfter(600_000)]
internal sealed class NativeAotTests
{
    private const string Published = "TOKENWRIGHT_NATIVE_AOT";

    [Test]
    public async Task It_reaches_all_five_vendors([Values] bool isNative)
    {
        var emulators = VendorEmulators.Vendors.Select(vendor => VendorEmulators.Start(vendor)).ToList();
        var environment = emulators.SelectMany(emulator => emulator.ConnectionSettings.Select(setting =>
            KeyValuePair.Create($"Tokenwright__{emulator.Vendor}__{emulator.ConnectionName}__{setting.Key}", setting.Value)))
                .ToDictionary();

        var (exitCode, output, error) = isNative
            ? await Sample.RunProgramAsync(NativeProgram(), environment) : await Sample.RunAsync("NativeAot", [], environment);

        Assert.That(exitCode, Is.Zero, output + error);
        Assert.That(error, Is.Empty);
        foreach (var emulator in emulators)
            Assert.That(output, Does.Match(string.Create(
                CultureInfo.InvariantCulture, $@"(?m)^{emulator.Vendor}: ([1-9]\d* tokens|own token is active)\r?$")), output);
        emulators.ForEach(emulator => emulator.Dispose());
    }

    [Test]
    public async Task An_invalid_setting_is_reported([Values] bool isNative)
    {
        var environment = new Dictionary<string, string>
        {
            ["Tokenwright__Xms__storage__BaseAddress"] = "http://127.0.0.1:1",
            ["Tokenwright__Xms__storage__AccessTokn"] = "x",
        };

        var (exitCode, output, error) = isNative
            ? await Sample.RunProgramAsync(NativeProgram(), environment) : await Sample.RunAsync("NativeAot", [], environment);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output + error, Does.Contain("AccessTokn"));
    }

    [Test]
    public async Task Without_a_connection_it_says_what_is_missing()
    {
        var (exitCode, output, error) = await Sample.RunAsync("NativeAot", []);

        Assert.That((exitCode, output), Is.EqualTo((2, string.Empty)));
        Assert.That(error, Does.Contain("Tokenwright__Xms__storage__AccessToken"));
    }

    private static string NativeProgram()
    {
        var program = Environment.GetEnvironmentVariable(Published);
        if (program is null)
            Assert.Ignore($"{Published} names no program.");
        return program!;
    }
}
