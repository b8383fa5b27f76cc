using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>A kind of token whose rotation is tested.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Starts the emulator.</param>
/// <param name="CreateRequest">The request for a name.</param>
internal sealed record RotationSubject(
    string Name, Func<EmulatorOptions, VendorEmulator> Start, Func<string, CreateTokenRequest> CreateRequest)
{
    public static RotationSubject SailPoint { get; } = new(
        "SailPoint", options => new SailPointEmulator(options), name => new() { Name = name, Scopes = [new("sp:scopes:default")] });

    public static RotationSubject Xms { get; } = new(
        "XMS", options => new XmsEmulator(options), name => new() { Name = name, Roles = [new("auditor")] });

    public static RotationSubject Fimidara { get; } = new(
        "fimidara agent tokens", options => new FimidaraEmulator(options), name => new() { Name = name });

    public static RotationSubject ExtremeCloudIQ { get; } = new(
        "ExtremeCloud IQ", options => new ExtremeCloudIQEmulator(options),
        name => new() { Description = name, Scopes = [new("auth:r"), new("logout")] });

    public static RotationSubject VMwareCloud { get; } = new(
        "VMware Cloud Services", options => new VMwareCloudEmulator(options), name => new() { Name = name, Scopes = [new("openid")] });

    public static IReadOnlyList<RotationSubject> All { get; } =
    [
        SailPoint, Xms, Fimidara, ExtremeCloudIQ, VMwareCloud,
        new("fimidara program access tokens (2023)", options => new FimidaraEmulator(options), name => new() { Name = name })
            { Kind = FimidaraEmulator.ProgramAccessToken2023 },
        new("fimidara client-assigned tokens (2022)", options => new FimidaraEmulator(options), name => new() { Name = name })
            { Kind = FimidaraEmulator.ClientAssignedToken },
    ];

    /// <summary>Gets the kind of token at fimidara.</summary>
    public TokenKind Kind { get; init; }

    public IReadOnlyDictionary<string, string> SettingsOf(VendorEmulator emulator)
        => emulator is FimidaraEmulator fimidara ? fimidara.SettingsFor(Kind) : emulator.ConnectionSettings;

    public override string ToString() => Name;
}
