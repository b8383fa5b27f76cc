using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace Tokenwright.FuzzTests;

/// <summary>A configuration of a vendor's client: one for each adapter and each kind of credential.</summary>
internal sealed record FuzzConnection(
    string Name, string Vendor,
    Func<ConnectionEnvironment, FuzzSettings, ITokenClient> Open, Func<UnknownOutcomeAction, CreateTokenRequest> Create,
    UpdateTokenRequest Update)
{
    private const string Host = "http://127.0.0.1/";
    private static readonly TokenExpiry Soon = TokenExpiry.After(TimeSpan.FromDays(30));

    public static IReadOnlyList<FuzzConnection> All { get; } =
    [
        ExtremeCloudIQ("ExtremeCloudIQ", () => new() { ApiToken = new TokenSecret(Markers.Credential) }),
        ExtremeCloudIQ("ExtremeCloudIQ with a password", () => new() { Username = "user", Password = new TokenSecret(Markers.Credential) }),
        Fimidara(FimidaraTokenKind.AgentToken, Soon, new() { Name = "n", Key = "k", Expiry = Soon }),
        Fimidara(FimidaraTokenKind.ClientAssignedToken, Soon,
            new() { Name = "n", Description = "d", Key = "k", Expiry = TokenExpiry.Never }),
        Fimidara(FimidaraTokenKind.ProgramAccessToken, TokenExpiry.Never, new() { Name = "n", Description = "d" }),
        Fimidara(FimidaraTokenKind.ClientAssignedToken2023, Soon,
            new() { Name = "n", Description = "d", Key = "k", Expiry = TokenExpiry.Never }),
        Fimidara(FimidaraTokenKind.ProgramAccessToken2023, TokenExpiry.Never, new() { Name = "n", Description = "d" }),
        SailPoint("SailPoint", "v2025", new() { Name = "n", Expiry = TokenExpiry.Never }),
        SailPoint("SailPoint v3", "v3", new() { Name = "n", Scopes = [new("s")] }),
        SailPoint("SailPoint per-service", "v1", new() { Name = "n", Expiry = TokenExpiry.Never }),
        new(
            "VMwareCloud",
            "vmwarecloud",
            (environment, settings) => new VMwareCloudTokenClient(
                "fuzz", With(new VMwareCloudOptions { ApiToken = new TokenSecret(Markers.Credential) }, Host, settings), environment),
            action => new() { Name = "n", Scopes = [new("openid")], Expiry = Soon,
                IdToken = new TokenSecret(Markers.Identity), IfOutcomeUnknown = action },
            new()),
        Xms("Xms", () => new() { AccessToken = new TokenSecret(Markers.Credential) }),
        Xms("Xms with a password", () => new() { Username = "user", Password = new TokenSecret(Markers.Credential) }),
    ];

    /// <summary>Gets the path of the vendor's address, without a trailing slash.</summary>
    public string BasePath { get; private init; } = string.Empty;

    private static FuzzConnection ExtremeCloudIQ(string name, Func<ExtremeCloudIQOptions> options) => new(
        name,
        "extremecloudiq",
        (environment, settings) => new ExtremeCloudIQTokenClient("fuzz", With(options(), Host, settings), environment),
        action => new() { Description = "d", Scopes = [new("auth:r")], Expiry = Soon, IfOutcomeUnknown = action },
        new());

    private static FuzzConnection Fimidara(FimidaraTokenKind kind, TokenExpiry expiry, UpdateTokenRequest update) => new(
        $"Fimidara {kind}",
        "fimidara",
        (environment, settings) => new FimidaraTokenClient("fuzz",
            With(new FimidaraOptions { Token = new TokenSecret(Markers.Credential), TokenKind = kind }, Host, settings), environment),
        action => new() { Name = "My Token", Expiry = expiry, IfOutcomeUnknown = action },
        update);

    private static FuzzConnection SailPoint(string name, string version, UpdateTokenRequest update) => new(
        name,
        "sailpoint",
        (environment, settings) => new SailPointTokenClient(
            "fuzz", With(new SailPointOptions { ClientId = "86f1dc6fe8f54414950454cbb11278fa",
                ClientSecret = new TokenSecret(Markers.Credential), ApiVersion = version }, Host, settings), environment),
        action => new() { Name = "NodeJS Integration", Scopes = [new("s")], Expiry = Soon, IfOutcomeUnknown = action },
        update);

    private static FuzzConnection Xms(string name, Func<XmsOptions> options) => new(
        name,
        "xms",
        (environment, settings) => new XmsTokenClient("fuzz", With(options(), $"{Host}v1", settings), environment),
        action => new() { Name = "name", Roles = [new("roles")], IfOutcomeUnknown = action },
        new() { Name = "n" })
    {
        BasePath = "/v1",
    };

    private static TOptions With<TOptions>(TOptions options, string address, FuzzSettings settings)
        where TOptions : ConnectionOptions
    {
        options.BaseAddress = new Uri(address);
        options.MaxRetries = settings.MaxRetries;
        options.MaxResponseBytes = settings.MaxResponseBytes;
        options.TotalTimeout = FuzzClock.Timeout;
        options.AttemptTimeout = FuzzClock.Timeout;
        return options;
    }
}
