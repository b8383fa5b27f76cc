using System.Text.Json.Nodes;
using Tokenwright.Fimidara;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The base of the tests of the fimidara emulator.</summary>
internal abstract class FimidaraEmulatorFixture : EmulatorFixture<FimidaraEmulator>
{
    protected const string Workspace = "wrkspce_BCVQWEpFS43nFiVfWk6BX";
    protected const string WorkspaceOf2022 = "U84GAWpItVIMtgJ75KEIt";
    protected const string WorkspaceOf2023 = "wkspce0_1p8RzEx9qaadLE9q6eV8G";

    protected override FimidaraEmulator NewEmulator(EmulatorOptions options) => new(options);

    protected async Task<(int Status, JsonNode Body)> Ask(FimidaraEmulator emulator, string method, string path, string? jwt, string body)
    {
        var (status, text) = await SendAsync(method, path, body, jwt is null ? null : ("Authorization", $"Bearer {jwt}"), emulator);
        return (status, JsonNode.Parse(text)!);
    }

    protected FimidaraTokenClient Client(TokenKind kind, TokenSecret? secret = null, FimidaraEmulator? emulator = null)
    {
        var settings = (emulator ?? _emulator).SettingsFor(kind);
        return new(
            "emulated",
            new FimidaraOptions
            {
                BaseAddress = new Uri(settings["BaseAddress"]),
                MaxRetries = 0,
                CreationSettleTime = TimeSpan.Zero,
                Token = secret ?? new TokenSecret(settings["Token"]),
                WorkspaceId = settings["WorkspaceId"],
                TokenKind = Enum.Parse<FimidaraTokenKind>(settings["TokenKind"]),
            },
            new() { TimeProvider = _clock });
    }
}
