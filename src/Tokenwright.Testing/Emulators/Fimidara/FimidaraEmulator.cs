using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Emulates fimidara: agent tokens (<c>/v1/agentTokens</c>), and the client-assigned and program access tokens of the 2022 generation and
/// of the 2023 generation (<c>/v1/clientAssignedTokens</c>, <c>/v1/programAccessTokens</c>). Its first tokens are recorded responses of the
/// vendor's server, without their secrets. A token's secret is a JWT with its identity and expiry, signed with a key of the emulator.
/// Every token has all rights, unless <see cref="Grants"/> is set. A caller without a bearer token is anonymous and can read nothing.
/// </summary>
public sealed class FimidaraEmulator : VendorEmulator
{
    /// <summary>The <see cref="EmulatedToken.Kind"/> of agent tokens, which is the default kind.</summary>
    public static readonly TokenKind AgentToken = new("agent token");

    /// <summary>The <see cref="EmulatedToken.Kind"/> of client-assigned tokens of the 2022 generation.</summary>
    public static readonly TokenKind ClientAssignedToken = new("client-assigned token");

    /// <summary>The <see cref="EmulatedToken.Kind"/> of client-assigned tokens of the 2023 generation.</summary>
    public static readonly TokenKind ClientAssignedToken2023 = new("client-assigned token 2023");

    /// <summary>The <see cref="EmulatedToken.Kind"/> of program access tokens of the 2022 generation.</summary>
    public static readonly TokenKind ProgramAccessToken = new("program access token");

    /// <summary>The <see cref="EmulatedToken.Kind"/> of program access tokens of the 2023 generation.</summary>
    public static readonly TokenKind ProgramAccessToken2023 = new("program access token 2023");

    internal const string Session = "agtoken_emulated-session-0000";

    private const int LargestBody = 100 * 1024;
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    // The first kind is the default.
    private readonly FimidaraTokens[] _kinds;
    private readonly Dictionary<string, Func<FimidaraCall, VendorResponse>> _operations;

    /// <summary>Initializes a new instance of the <see cref="FimidaraEmulator"/> class and starts it.</summary>
    /// <param name="options">The options; null for a free port, the system clock, and the live service's behavior.</param>
    public FimidaraEmulator(EmulatorOptions? options = null)
        : base("Fimidara", options)
    {
        _kinds =
        [
            new FimidaraAgentTokens(this),
            new FimidaraClientAssignedTokens(this, ClientAssignedToken, FimidaraGeneration.Of2022),
            new FimidaraProgramAccessTokens(this, ProgramAccessToken, FimidaraGeneration.Of2022),
            new FimidaraClientAssignedTokens(this, ClientAssignedToken2023, FimidaraGeneration.Of2023),
            new FimidaraProgramAccessTokens(this, ProgramAccessToken2023, FimidaraGeneration.Of2023),
        ];

        // Paths are matched case-insensitively, and can end with a slash.
        _operations = new(_kinds.SelectMany(tokens => tokens.Operations), StringComparer.OrdinalIgnoreCase);
        foreach (var tokens in _kinds)
            tokens.AddExamples();
        foreach (var method in Methods)
            OnAuthenticated(method, "/*", Response);
    }

    /// <inheritdoc />
    public override string ConnectionName => "files";

    /// <summary>
    /// Gets the address, the JWT of a user's session, and the id of its workspace, for connections with agent tokens. A session has no
    /// token of its own. For <see cref="TokenReference.Self"/>, replace the JWT with the <see cref="EmulatedToken.Secret"/> of one of the
    /// <see cref="VendorEmulator.Tokens"/>.
    /// </summary>
    public override IReadOnlyDictionary<string, string> ConnectionSettings => SettingsFor(AgentToken);

    /// <summary>
    /// Gets or sets what permission groups grant, by the id of a group; null, the default, to give all rights to every token. If it is set,
    /// a token may do what its groups grant together, and gets a 403 for everything else, as was recorded. In place of the 403, a list of
    /// agent tokens is empty. A user's session may do everything.
    /// </summary>
    /// <remarks>
    /// The groups of a token are its <see cref="EmulatedToken.Roles"/>. A request sets those of client-assigned and program access tokens.
    /// Agent tokens get theirs in another API, which isn't emulated. The recorded groups of administrators are
    /// <c>GCyH17elCImfBfQXmC0m0</c> (2022) and <c>permgrp_kPHJF0NR1x2KpdRqTzpnw</c> (2023).
    /// </remarks>
    public IReadOnlyDictionary<string, FimidaraActions>? Grants { get; set; }

    // The servers use milliseconds.
    internal DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Gets the options of a connection for one kind of token, in the form of <see cref="ConnectionSettings"/>.</summary>
    /// <param name="kind">The kind.</param>
    public IReadOnlyDictionary<string, string> SettingsFor(TokenKind kind) => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["Token"] = Sign(new JsonObject
            { ["version"] = 1, ["sub"] = new JsonObject { ["id"] = Session, ["type"] = "user" }, ["iat"] = 1795379659 }).Reveal(),
        ["WorkspaceId"] = TokensOf(kind).WorkspaceId,
        ["TokenKind"] = TokensOf(kind).OptionValue,
    };

    /// <summary>Creates a JWT with any claims, signed with the emulator's key.</summary>
    /// <param name="claims">The claims: <c>version</c>, <c>sub</c> with the token's <c>id</c> (and <c>type</c> for the older tokens),
    /// <c>iat</c>, <c>exp</c>.</param>
    public static TokenSecret Sign(JsonObject claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return FimidaraJwt.Sign(claims);
    }

    /// <inheritdoc />
    public override void AddSampleTokens()
    {
        var now = Clock.GetUtcNow();
        Add(new()
        {
            Name = "thumbnail service", Description = "Makes small pictures", CreatedAt = now.AddDays(-90), ExpiresAt = now.AddDays(9),
        });
        Add(new() { Name = "import of 2025", CreatedAt = now.AddDays(-330), ExpiresAt = now.AddDays(-150) });
    }

    /// <inheritdoc />
    protected override void Complete(EmulatedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (string.IsNullOrEmpty(token.Kind.Value))
            token.Kind = AgentToken;
        TokensOf(token.Kind).Complete(token);
    }

    /// <inheritdoc />
    protected override VendorResponse? Refuse(ReceivedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = TokensAt(request);
        if (request.Method == "OPTIONS" || (!asked.IsOlder && !_operations.ContainsKey(Route(request))))
            return null;
        try
        {
            return CallerOf(request, asked).IsAnonymous && !asked.AllowsAnonymous ? throw asked.InvalidCredentials() : null;
        }
        catch (FimidaraRefusalException refusal)
        {
            return Headed(request, refusal.Response);
        }
    }

    internal FimidaraTokens TokensOf(TokenKind kind) => Array.Find(_kinds, tokens => tokens.Kind == kind) ?? _kinds[0];

    internal string NewId() => string.Create(CultureInfo.InvariantCulture, $"emulated{NextNumber():D13}");

    private FimidaraTokens TokensAt(ReceivedRequest request)
        => Array.Find(_kinds, tokens => request.Path.StartsWith($"{tokens.Path}/", StringComparison.OrdinalIgnoreCase)) ?? _kinds[0];

    private static string Route(ReceivedRequest request)
        => $"{request.Method} {(request.Path.Length > 1 ? request.Path.TrimEnd('/') : request.Path)}";

    private VendorResponse Response(ReceivedRequest request)
    {
        if (request.Method == "OPTIONS")
        {
            return Headed(request, VendorResponse.Empty(200)
                .With("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
                .With("Access-Control-Allow-Headers", request.Header("Access-Control-Request-Headers") ?? "authorization,content-type"));
        }

        var asked = TokensAt(request);
        try
        {
            return Headed(request, _operations.TryGetValue(Route(request), out var operation)
                ? operation(new FimidaraCall(CallerOf(request, asked), Body(request, asked))) : asked.NoSuchOperation());
        }
        catch (FimidaraRefusalException refusal)
        {
            return Headed(request, refusal.Response);
        }
    }

    private FimidaraCaller CallerOf(ReceivedRequest request, FimidaraTokens asked)
    {
        var parts = request.Header("Authorization")?.Split(' ') ?? [];

        // Without a bearer token the caller is anonymous, which isn't an error in itself.
        if (parts.Length == 0 || (parts.Length == 2 && !parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase)))
            return new FimidaraCaller();
        if (parts.Length != 2)
            throw asked.InvalidCredentials();
        var now = Clock.GetUtcNow();
        if (FimidaraJwt.Claims(parts[1]) is not { } claims)
        {
            // A secret from a test isn't a JWT.
            return Tokens.FirstOrDefault(token => token.Secret?.Reveal() == parts[1]) is { IsRevoked: false } own
                && !(own.ExpiresAt <= now) && TokensOf(own.Kind).Generation == asked.Generation
                ? new FimidaraCaller { Token = own } : throw asked.InvalidCredentials();
        }

        if (Number(claims["exp"]) is { } end && Math.Floor(now.ToUnixTimeMilliseconds() / 1000m) >= end)
            throw asked.InvalidCredentials();
        if (!asked.IsOlder && Number(claims["version"]) is null or < 1)
            throw new FimidaraRefusalException(401, "CredentialsExpiredError", "Credentials expired", "loginAgain");

        var subject = claims["sub"] as JsonObject;
        if (EmulatorJson.Text(subject?["id"]) == Session)
            return new FimidaraCaller { IsUser = true };
        var kind = Array.Find(_kinds, tokens => tokens.Generation == asked.Generation && tokens.IsSubject(subject))
            ?? throw asked.InvalidCredentials();

        // The older servers report that the token doesn't exist.
        return kind.OfSubject(subject) is { } token
            ? new FimidaraCaller { Token = token, RefreshHash = EmulatorJson.Text(subject?["refreshToken"]) }
            : throw (asked.IsOlder ? kind.NotFound() : asked.InvalidCredentials());
    }

    private static decimal? Number(JsonNode? node)
        => node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out decimal number) ? number : null;

    // A body with a content type other than JSON is read as an empty object, like a missing body.
    private static JsonObject Body(ReceivedRequest request, FimidaraTokens asked)
    {
        if (request.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true
            || request.Body.Length == 0)
            return [];
        if (Encoding.UTF8.GetByteCount(request.Body) > LargestBody)
            throw asked.TooLarge();
        JsonNode? body;
        try
        {
            body = JsonNode.Parse(request.Body);

            // Duplicate members are detected only when the members are first accessed.
            _ = (body as JsonObject)?.Count;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            body = null;
        }

        return body switch
        {
            JsonObject members => members,
            JsonArray => throw new FimidaraRefusalException(VendorResponse.Json(
                400, """{"errors":[{"name":"ValidationError","message":"\"value\" must be of type object","field":""}]}""")),
            _ => throw asked.Unreadable(),
        };
    }

    private VendorResponse Headed(ReceivedRequest request, VendorResponse response)
    {
        if (response.Headers.TryGetValue("Content-Type", out var type) && type == "application/json")
            response.With("Content-Type", "application/json; charset=utf-8");
        response.With("Vary", "Origin").With("Access-Control-Allow-Credentials", "true");
        if (request.Header("Origin") is { } origin)
            response.With("Access-Control-Allow-Origin", origin);
        if (TokensAt(request).IsOlder)
            response.With("X-Powered-By", "Express");
        return response;
    }
}
