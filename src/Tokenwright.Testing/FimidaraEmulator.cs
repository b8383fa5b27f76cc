using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// fimidara: reading of agent tokens, and of the client-assigned and program access tokens of the 2022 generation. The records are recorded
/// answers of the vendor's server; the secrets in them are not.
/// </summary>
public sealed class FimidaraEmulator : VendorEmulator
{
    private static readonly Kind AgentTokens = new(
        "/v1/agentTokens", new("emulated.fimidara.agent-token"), "Agent token not found", ["workspaceId", "tokenId", "providedResourceId", "onReferenced", "shouldEncode"], """
        [
          {"resourceId":"agtoken_N3VSaPwSRBsYfTSpJpJF-","createdAt":1795379826911,"lastUpdatedAt":1795379826911,"isDeleted":false,
           "workspaceId":"wrkspce_BCVQWEpFS43nFiVfWk6BX","name":"noperm","providedResourceId":null,"shouldRefresh":null,"refreshDuration":2592000000,
           "createdBy":{"agentId":"user000_0A5DH2yT_32rEJJpYOy9M","agentType":"user"},"lastUpdatedBy":{"agentId":"user000_0A5DH2yT_32rEJJpYOy9M","agentType":"user"}},
          {"resourceId":"agtoken_mVp1Dmx2RBkWZm2V4e-xV","createdAt":1795379823874,"lastUpdatedAt":1795379823874,"isDeleted":false,
           "workspaceId":"wrkspce_BCVQWEpFS43nFiVfWk6BX","providedResourceId":null,"shouldRefresh":null,"refreshDuration":2592000000,
           "createdBy":{"agentId":"user000_0A5DH2yT_32rEJJpYOy9M","agentType":"user"},"lastUpdatedBy":{"agentId":"user000_0A5DH2yT_32rEJJpYOy9M","agentType":"user"}},
          {"resourceId":"agtoken_l-yalcN0b-AuwcOY2h_o2","createdAt":1795379823917,"lastUpdatedAt":1795379823917,"isDeleted":false,
           "workspaceId":"wrkspce_BCVQWEpFS43nFiVfWk6BX","name":"My Token","description":"A token","expiresAt":1795466223880,"providedResourceId":"user-42",
           "shouldRefresh":true,"refreshDuration":3600000,
           "createdBy":{"agentId":"user000_0A5DH2yT_32rEJJpYOy9M","agentType":"user"},"lastUpdatedBy":{"agentId":"user000_0A5DH2yT_32rEJJpYOy9M","agentType":"user"}}
        ]
        """);

    private static readonly Kind ClientAssignedTokens = new(
        "/clientAssignedTokens", new("emulated.fimidara.client-assigned-token"), "Client assigned token not found", ["tokenId", "onReferenced"], """
        [
          {"resourceId":"KdI9pbimqfxLaI3KU8F2k","providedResourceId":null,"workspaceId":"U84GAWpItVIMtgJ75KEIt","tokenStr":"emulated.fimidara.client-assigned-token",
           "name":"admin client","createdAt":"2026-11-22T20:40:56.655Z","createdBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"},
           "issuedAt":"2026-11-22T20:40:56.655Z","lastUpdatedAt":"2026-11-22T20:40:56.655Z","lastUpdatedBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"},
           "permissionGroups":[{"permissionGroupId":"GCyH17elCImfBfQXmC0m0","order":1,"assignedAt":"2026-11-22T20:40:56.670Z","assignedBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"}}],
           "tags":[]},
          {"resourceId":"N1ec97hk3PaUOOTAmgUeH","providedResourceId":"user-42","workspaceId":"U84GAWpItVIMtgJ75KEIt","tokenStr":"emulated.fimidara.client-assigned-token.other",
           "name":"My Token","description":"second call","createdAt":"2026-11-22T20:40:56.267Z","createdBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"},
           "issuedAt":"2026-11-22T20:40:56.267Z","expires":"2026-11-23T20:40:56.232Z","lastUpdatedAt":"2026-11-22T20:40:56.304Z",
           "lastUpdatedBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"},
           "permissionGroups":[{"permissionGroupId":"2DY3k5J3tOC2lTkkByk34","order":1,"assignedAt":"2026-11-22T20:40:56.281Z","assignedBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"}},
                               {"permissionGroupId":"hGBqtFVk5oBDpVvtQC365","order":2,"assignedAt":"2026-11-22T20:40:56.281Z","assignedBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"}}],
           "tags":[]}
        ]
        """);

    private static readonly Kind ProgramAccessTokens = new(
        "/programAccessTokens", new("emulated.fimidara.program-access-token"), "Program access token not found", ["tokenId", "onReferenced"], """
        [
          {"resourceId":"AhuCEg-T6VE909iSG2tnk","workspaceId":"U84GAWpItVIMtgJ75KEIt","name":"prog","description":"p","tokenStr":"emulated.fimidara.program-access-token",
           "createdAt":"2026-11-22T20:40:57.366Z","createdBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"},
           "permissionGroups":[{"permissionGroupId":"GCyH17elCImfBfQXmC0m0","order":1,"assignedAt":"2026-11-22T20:40:57.375Z","assignedBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"}}],
           "lastUpdatedAt":"2026-11-22T20:40:57.366Z","lastUpdatedBy":{"agentId":"ywfOQug5HeRLZtz1yDzpp","agentType":"user"},"tags":[]}
        ]
        """);

    private static readonly Kind[] Kinds = [AgentTokens, ClientAssignedTokens, ProgramAccessTokens];

    /// <summary>Starts the emulator.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public FimidaraEmulator(EmulatorOptions? options = null)
        : base("Fimidara", options)
    {
        foreach (var kind in Kinds)
        {
            OnAuthenticated("POST", $"{kind.Path}/getWorkspaceTokens", request => List(kind, request));
            OnAuthenticated("POST", $"{kind.Path}/getToken", request => Get(kind, request));
        }
    }

    /// <summary>The JWT of the agent token that the emulator lets in; it is in the list, by the name <c>noperm</c>.</summary>
    public static TokenSecret AgentToken => AgentTokens.Token;

    /// <summary>The JWT of the client-assigned token that the emulator lets in, for connections with the <c>TokenKind</c> of that name.</summary>
    public static TokenSecret ClientAssignedToken => ClientAssignedTokens.Token;

    /// <summary>The JWT of the program access token that the emulator lets in, for connections with the <c>TokenKind</c> of that name.</summary>
    public static TokenSecret ProgramAccessToken => ProgramAccessTokens.Token;

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["Token"] = AgentToken.Reveal(),
    };

    /// <inheritdoc />
    protected override VendorAnswer? Refuse(ReceivedRequest request)
    {
        var kind = Kinds.First(kind => request.Path.StartsWith(kind.Path, StringComparison.Ordinal));
        var authorization = request.Header("Authorization");

        // Without a bearer token the caller is anonymous, which is no error by itself.
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return kind == AgentTokens && request.Path.EndsWith("/getWorkspaceTokens", StringComparison.Ordinal)
                ? VendorAnswer.Json(200, """{"page":0,"tokens":[]}""")
                : Error(403, "PermissionDeniedError", "Permission denied");
        }

        if (authorization["Bearer ".Length..] == kind.Token.Reveal())
            return null;

        // The old servers refuse with a page.
        return kind == AgentTokens
            ? VendorAnswer.Json(401, """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials","action":"loginAgain"}]}""")
            : VendorAnswer.Html(401, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>Unauthorized</pre>\n</body>\n</html>\n");
    }

    private static VendorAnswer List(Kind kind, ReceivedRequest request)
    {
        var body = Body(request);
        var isPaged = kind == AgentTokens;
        if (Refused(body, isPaged ? ["workspaceId", "page", "pageSize", "shouldEncode"] : ["workspaceId"]) is { } refusal)
            return refusal;
        var page = (int?)body["page"] ?? 0;
        var pageSize = (int?)body["pageSize"] ?? 1000;
        var answer = new JsonObject { ["tokens"] = new JsonArray([.. kind.Tokens().Skip(page * pageSize).Take(pageSize)]) };
        if (isPaged)
            answer["page"] = page;
        return VendorAnswer.Json(200, answer.ToJsonString());
    }

    private static VendorAnswer Get(Kind kind, ReceivedRequest request)
    {
        var body = Body(request);
        if (Refused(body, kind.GetMembers) is { } refusal)
            return refusal;
        var tokens = kind.Tokens();
        var token = (string?)body["tokenId"] is { } id ? tokens.FirstOrDefault(token => (string?)token["resourceId"] == id)
            : (bool?)body["onReferenced"] == true ? tokens[0]
            : (string?)body["providedResourceId"] is { } key ? tokens.FirstOrDefault(token => (string?)token["providedResourceId"] == key)
            : null;
        if (token is null)
            return Error(404, "NotFoundError", kind.NotFound);

        // As the server does: the groups of a program access token are in its list only.
        if (kind == ProgramAccessTokens)
            token["permissionGroups"] = new JsonArray();
        return VendorAnswer.Json(200, new JsonObject { ["token"] = token }.ToJsonString());
    }

    // Another content type than JSON is read as an empty object.
    private static JsonObject Body(ReceivedRequest request)
        => request.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true
        && request.Body.Length > 0
            ? JsonNode.Parse(request.Body)!.AsObject()
            : [];

    private static VendorAnswer? Refused(JsonObject body, string[] allowed)
    {
        var errors = body.Select(member => member.Key).Except(allowed)
            .Select(name => new JsonObject { ["name"] = "ValidationError", ["message"] = $"\"{name}\" is not allowed", ["field"] = name })
            .ToArray<JsonNode?>();
        return errors.Length == 0 ? null : VendorAnswer.Json(400, new JsonObject { ["errors"] = new JsonArray(errors) }.ToJsonString());
    }

    private static VendorAnswer Error(int status, string name, string message)
        => VendorAnswer.Json(status, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["name"] = name, ["message"] = message }) }.ToJsonString());

    // The first of the tokens is the one that the emulator lets in.
    private sealed class Kind(string path, TokenSecret token, string notFound, string[] getMembers, string tokens)
    {
        public string Path => path;

        public TokenSecret Token => token;

        public string NotFound => notFound;

        public string[] GetMembers => getMembers;

        public IReadOnlyList<JsonObject> Tokens() => [.. JsonNode.Parse(tokens)!.AsArray().Select(element => element!.DeepClone().AsObject())];
    }
}
