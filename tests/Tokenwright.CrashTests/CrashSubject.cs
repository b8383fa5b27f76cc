using Tokenwright.Testing;

namespace Tokenwright.CrashTests;

/// <summary>A kind of token whose creation is tested.</summary>
/// <param name="Name">Its name, as in the README's table.</param>
/// <param name="Recovery">The capability for a create whose response is lost.</param>
/// <param name="CreatePath">The path of a create.</param>
/// <param name="Start">Starts the emulator.</param>
internal sealed record CrashSubject(string Name, CreationRecovery Recovery, string CreatePath, Func<EmulatorOptions, VendorEmulator> Start)
{
    /// <summary>Gets the kind of token at fimidara.</summary>
    public TokenKind FimidaraKind { get; private init; }

    /// <summary>Gets an owner other than the emulator's user, for vendors that list tokens by their owner.</summary>
    public string? OtherOwner { get; private init; }

    /// <summary>Gets whether two owners can have tokens with the same name.</summary>
    public bool HasNamesPerOwner { get; private init; }

    /// <summary>Gets whether the client also compares the roles of tokens.</summary>
    public bool HasRoles { get; private init; }

    /// <summary>Gets whether the vendor trims names and keys.</summary>
    public bool TrimsNames { get; private init; }

    public static IReadOnlyList<CrashSubject> All { get; } =
    [
        new("fimidara agent tokens", CreationRecovery.Recoverable, "/v1/agentTokens/addToken", options => new FimidaraEmulator(options))
            { FimidaraKind = FimidaraEmulator.AgentToken },
        new("fimidara client-assigned tokens (2022)", CreationRecovery.Recoverable, "/clientAssignedTokens/addToken",
            options => new FimidaraEmulator(options))
        {
            FimidaraKind = FimidaraEmulator.ClientAssignedToken,
            TrimsNames = true,
        },
        new("fimidara program access tokens (2022)", CreationRecovery.FindAndRevoke, "/programAccessTokens/addToken",
            options => new FimidaraEmulator(options))
        {
            FimidaraKind = FimidaraEmulator.ProgramAccessToken,
            TrimsNames = true,
        },
        new("fimidara client-assigned tokens (2023)", CreationRecovery.Recoverable, "/v1/clientAssignedTokens/addToken",
            options => new FimidaraEmulator(options))
        {
            FimidaraKind = FimidaraEmulator.ClientAssignedToken2023,
            TrimsNames = true,
        },
        new("fimidara program access tokens (2023)", CreationRecovery.FindAndRevoke, "/v1/programAccessTokens/addToken",
            options => new FimidaraEmulator(options))
        {
            FimidaraKind = FimidaraEmulator.ProgramAccessToken2023,
            TrimsNames = true,
        },
        new("SailPoint", CreationRecovery.FindAndRevoke, "/*/personal-access-tokens", options => new SailPointEmulator(options))
        {
            OtherOwner = "2c9180a46faadee4016fb4e018c20640",
            HasNamesPerOwner = true,
        },
        new("XMS", CreationRecovery.FindAndRevoke, "/v1/access-tokens/", options => new XmsEmulator(options))
            { OtherOwner = "42", HasRoles = true },
        new("VMware Cloud Services", CreationRecovery.BoundedByExpiry, "/csp/gateway/am/api/loggedin/user/api-tokens",
            options => new VMwareCloudEmulator(options)),
        new("ExtremeCloud IQ", CreationRecovery.BoundedByExpiry, "/auth/apitoken", options => new ExtremeCloudIQEmulator(options)),
    ];

    /// <summary>Returns the options of a connection to the subject's emulator.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(VendorEmulator emulator)
        => emulator is FimidaraEmulator fimidara ? fimidara.SettingsFor(FimidaraKind) : emulator.ConnectionSettings;

    public override string ToString() => Name;
}
