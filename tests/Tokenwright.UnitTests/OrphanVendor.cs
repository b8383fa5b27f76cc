using Microsoft.Extensions.Configuration;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>A vendor where the token of a lost create can be found.</summary>
internal sealed record OrphanVendor(string Title, string CreatePath, Func<EmulatorOptions, VendorEmulator> Start)
{
    /// <summary>The name of the token that is created.</summary>
    public const string Name = "build";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Gets the member of a record with the time of creation; null where tokens are found by their key.</summary>
    public string? CreatedMember { get; private init; }

    public required string ListMethod { get; init; }

    public required string ListPath { get; init; }

    /// <summary>
    /// Gets how many requests a look into a list with one token takes. A list of pages without a total ends with an empty page.
    /// </summary>
    public int RequestsPerLook { get; private init; } = 1;

    /// <summary>Creates a client with some options that differ from the defaults.</summary>
    public required Func<VendorEmulator, HttpMessageHandler, TimeProvider, Dictionary<string, string>, ITokenClient> Open { get; init; }

    public required CreateTokenRequest Request { get; init; }

    /// <summary>Creates a token that matches the request except for its name.</summary>
    public required Func<DateTimeOffset, EmulatedToken> Like { get; init; }

    public static IReadOnlyList<OrphanVendor> All { get; } =
    [
        new("XMS", "*/access-tokens/", options => new XmsEmulator(options))
        {
            CreatedMember = "create",
            ListMethod = "GET",
            ListPath = "*/access-tokens/",
            Open = (emulator, transport, clock, settings) =>
                new XmsTokenClient(
                    "c", Options<XmsOptions>(emulator.ConnectionSettings, settings), new() { Transport = transport, TimeProvider = clock }),
            Request = new() { Name = Name, Roles = [new("auditor")] },
            Like = _ => new() { Roles = ["auditor"] },
        },
        new("SailPoint", "*/personal-access-tokens", options => new SailPointEmulator(options))
        {
            CreatedMember = "created",
            ListMethod = "GET",
            ListPath = "*/personal-access-tokens",
            Open = (emulator, transport, clock, settings) =>
                new SailPointTokenClient("c", Options<SailPointOptions>(emulator.ConnectionSettings, settings),
                    new() { Transport = transport, TimeProvider = clock }),
            Request = new() { Name = Name, Expiry = TokenExpiry.After(Lifetime), Scopes = [new("sp:scopes:default")] },
            Like = now => new() { Scopes = ["sp:scopes:default"], ExpiresAt = now + Lifetime },
        },
        Fimidara("fimidara program access tokens", FimidaraEmulator.ProgramAccessToken, "*/getWorkspaceTokens") with
            { CreatedMember = "createdAt" },
        Fimidara("fimidara client-assigned tokens", FimidaraEmulator.ClientAssignedToken, "*/getWorkspaceTokens"),
        Fimidara("fimidara program access tokens (2023)", FimidaraEmulator.ProgramAccessToken2023, "*/getWorkspaceTokens") with
            { CreatedMember = "createdAt", RequestsPerLook = 2 },
        Fimidara("fimidara client-assigned tokens (2023)", FimidaraEmulator.ClientAssignedToken2023, "*/getWorkspaceTokens") with
            { RequestsPerLook = 2 },
        Fimidara("fimidara agent tokens", FimidaraEmulator.AgentToken, "*/getToken"),
    ];

    public override string ToString() => Title;

    private static OrphanVendor Fimidara(string title, TokenKind kind, string listPath)
    {
        var neverExpires = kind == FimidaraEmulator.ProgramAccessToken || kind == FimidaraEmulator.ProgramAccessToken2023;
        return new(title, "*/addToken", options => new FimidaraEmulator(options))
        {
            ListMethod = "POST",
            ListPath = listPath,
            Open = (emulator, transport, clock, settings) =>
                new FimidaraTokenClient(
                    "c", Options<FimidaraOptions>(((FimidaraEmulator)emulator).SettingsFor(kind), settings),
                        new() { Transport = transport, TimeProvider = clock }),
            Request = new() { Name = Name, Expiry = neverExpires ? TokenExpiry.Never : TokenExpiry.After(Lifetime) },
            Like = now => new() { Kind = kind, ExpiresAt = neverExpires ? null : now + Lifetime },
        };
    }

    private static TOptions Options<TOptions>(IEnumerable<KeyValuePair<string, string>> emulator, Dictionary<string, string> settings)
        => new ConfigurationBuilder().AddInMemoryCollection(emulator.Concat(settings)!).Build().Get<TOptions>()!;
}
