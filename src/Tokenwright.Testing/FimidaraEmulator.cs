using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tokenwright.Testing;

/// <summary>
/// fimidara: agent tokens (<c>/v1/agentTokens</c>), and the client-assigned and program access tokens of the 2022 generation beside them.
/// Its first tokens are recorded responses of the vendor's server; their secrets are not. A token's secret is a JWT that the emulator signs
/// with a key of its own, so the token's identity and expiry are in it. Every token may do everything; a caller without a bearer token is
/// anonymous and may read nothing.
/// </summary>
public sealed class FimidaraEmulator : VendorEmulator
{
    /// <summary>The <see cref="EmulatedToken.Kind"/> of agent tokens; that of tokens that name none.</summary>
    public static readonly TokenKind AgentToken = new("agent token");

    /// <summary>The <see cref="EmulatedToken.Kind"/> of client-assigned tokens.</summary>
    public static readonly TokenKind ClientAssignedToken = new("client-assigned token");

    /// <summary>The <see cref="EmulatedToken.Kind"/> of program access tokens.</summary>
    public static readonly TokenKind ProgramAccessToken = new("program access token");

    private const string Workspace = "wrkspce_BCVQWEpFS43nFiVfWk6BX";
    private const string User = "user000_0A5DH2yT_32rEJJpYOy9M";
    private const string Session = "agtoken_emulated-session-0000";
    private const string WorkspaceOf2022 = "U84GAWpItVIMtgJ75KEIt";
    private const string UserOf2022 = "ywfOQug5HeRLZtz1yDzpp";
    private const long LowestOrder = 9007199254740991;
    private const double RefreshDuration = 2592000000;
    private const int LargestBody = 100 * 1024;

    // The permission groups of the recorded responses. What they grant isn't emulated.
    private static readonly string[] PermissionGroups = ["GCyH17elCImfBfQXmC0m0", "2DY3k5J3tOC2lTkkByk34", "hGBqtFVk5oBDpVvtQC365"];

    private static readonly byte[] SigningKey = "emulated.fimidara.signing-key"u8.ToArray();
    // By the documents of the agent tokens.
    private static readonly string[] NeverNull = ["name", "description", "expiresAt", "shouldRefresh"];
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly ConditionalWeakTable<EmulatedToken, Details> _details = [];
    private readonly Dictionary<string, Func<Call, VendorResponse>> _operations;
    private readonly HashSet<string> _jobs = new(StringComparer.Ordinal);
    private int _made;

    /// <summary>Starts the emulator.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public FimidaraEmulator(EmulatorOptions? options = null)
        : base("Fimidara", options)
    {
        // Paths are taken in any case, and with a slash at their end.
        _operations = new(StringComparer.OrdinalIgnoreCase)
        {
            ["POST /v1/agentTokens/addToken"] = AddAgentToken,
            ["POST /v1/agentTokens/getToken"] = GetAgentToken,
            ["POST /v1/agentTokens/getWorkspaceTokens"] = ListAgentTokens,
            ["POST /v1/agentTokens/countWorkspaceTokens"] = CountAgentTokens,
            ["POST /v1/agentTokens/updateToken"] = UpdateAgentToken,
            ["DELETE /v1/agentTokens/deleteToken"] = DeleteAgentToken,
            ["POST /v1/agentTokens/encodeToken"] = EncodeAgentToken,
            ["POST /v1/agentTokens/refreshToken"] = RefreshAgentToken,
            ["POST /v1/jobs/getJobStatus"] = GetJobStatus,
        };
        foreach (var (kind, path) in new[] { (ClientAssignedToken, "/clientAssignedTokens"), (ProgramAccessToken, "/programAccessTokens") })
        {
            _operations[$"POST {path}/addToken"] = call => AddOf2022(kind, call);
            _operations[$"POST {path}/getToken"] = call => GetOf2022(kind, call);
            _operations[$"POST {path}/getWorkspaceTokens"] = call => ListOf2022(kind, call);
            _operations[$"POST {path}/updateToken"] = call => UpdateOf2022(kind, call);
            _operations[$"DELETE {path}/deleteToken"] = call => DeleteOf2022(kind, call);
        }

        AddExamples();
        foreach (var method in Methods)
            OnAuthenticated(method, "/*", Response);
    }

    /// <inheritdoc />
    public override string ConnectionName => "files";

    /// <summary>
    /// The address, the JWT of a user's session, and the id of the workspace that it works in, for connections with agent tokens. A session
    /// has no token of its own: for <see cref="TokenReference.Self"/>, put the <see cref="EmulatedToken.Secret"/> of one of
    /// <see cref="VendorEmulator.Tokens"/> in place of the JWT.
    /// </summary>
    public override IReadOnlyDictionary<string, string> ConnectionSettings => SettingsFor(AgentToken);

    /// <summary>
    /// The options of a connection with one kind of token: as <see cref="ConnectionSettings"/>, in the generation of that kind.
    /// </summary>
    /// <param name="kind">The kind.</param>
    public IReadOnlyDictionary<string, string> SettingsFor(TokenKind kind) => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["Token"] = Sign(new JsonObject
            { ["version"] = 1, ["sub"] = new JsonObject { ["id"] = Session, ["type"] = "user" }, ["iat"] = 1795379659 }).Reveal(),
        ["WorkspaceId"] = IsOf2022(kind) ? WorkspaceOf2022 : Workspace,
        ["TokenKind"] = kind == ClientAssignedToken
            ? "ClientAssignedToken" : kind == ProgramAccessToken ? "ProgramAccessToken" : "AgentToken",
    };

    /// <summary>Signs claims with the emulator's key, for JWTs of any content.</summary>
    /// <param name="claims">The claims: <c>version</c>, <c>sub</c> with the token's <c>id</c> (and <c>type</c> for tokens of 2022),
    /// <c>iat</c>, <c>exp</c>.</param>
    public static TokenSecret Sign(JsonObject claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        var text = $"{Base64Url(Encoding.UTF8.GetBytes("""{"alg":"HS256","typ":"JWT"}"""))}.{Base64Url(Encoding.UTF8.GetBytes(
            claims.ToJsonString()))}";
        return new TokenSecret($"{text}.{Base64Url(HMACSHA256.HashData(SigningKey, Encoding.ASCII.GetBytes(text)))}");
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
        token.Id ??= IsOf2022(token.Kind) ? NewId() : $"agtoken_{NewId()}";
        token.OwnerId ??= IsOf2022(token.Kind) ? UserOf2022 : User;
        token.UpdatedAt ??= token.CreatedAt;
        var details = DetailsOf(token);
        details.CreatedBy ??= Agent(token.OwnerId, "user");
        details.UpdatedBy ??= details.CreatedBy;
        token.Secret ??= Encode(token).Jwt;
    }

    /// <inheritdoc />
    protected override VendorResponse? Refuse(ReceivedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var isOf2022 = IsPathOf2022(request.Path);
        if (request.Method == "OPTIONS" || (!isOf2022 && !_operations.ContainsKey(Key(request))))
            return null;
        var caller = CallerOf(request, isOf2022, out var error);

        // The documents of the agent tokens demand a bearer token; the server takes a caller without one for the public.
        if (caller is { IsAnonymous: true } && !isOf2022 && Behaviour == EmulatorBehaviour.Documented)
            (caller, error) = (null, new(401, "InvalidCredentialsError", "Invalid credentials", "loginAgain"));
        if (caller is not null)
            return null;

        // The old servers refuse with a page.
        return isOf2022 && Behaviour == EmulatorBehaviour.Live && error!.Status == 401
            ? Headed(request, VendorResponse.Html(401, Page("UnauthorizedError: invalid token")))
            : Headed(request, Error(error!));
    }

    private VendorResponse Response(ReceivedRequest request)
    {
        var isOf2022 = IsPathOf2022(request.Path);
        if (request.Method == "OPTIONS")
        {
            return Headed(request, VendorResponse.Json(200, string.Empty)
                .With("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
                .With("Access-Control-Allow-Headers", request.Header("Access-Control-Request-Headers") ?? "authorization,content-type"));
        }

        if (!_operations.TryGetValue(Key(request), out var operation))
        {
            return Headed(request, isOf2022
                ? VendorResponse.Json(
                    500, """{"errors":[{"message":"Server error","isPublicError":true,"name":"ServerError","statusCode":500}]}""")
                : VendorResponse.Html(404, "Not found"));
        }

        try
        {
            return Headed(request, operation(new Call(CallerOf(request, isOf2022, out _)!, Body(request, isOf2022))));
        }
        catch (RefusalException refusal)
        {
            return Headed(request, refusal.Response);
        }
    }

    // ---- Agent tokens ----
    private VendorResponse AddAgentToken(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", 50);
        var expiresAt = input.Milliseconds("expiresAt");
        var name = input.Text("name", 150, nullAllowed: true);
        var description = input.Text("description", 700, nullAllowed: true, emptyAllowed: true);
        var key = input.Text("providedResourceId", 50, nullAllowed: true, trim: false);
        var shouldRefresh = input.Flag("shouldRefresh");
        var refreshDuration = input.Number("refreshDuration", smallest: 0);
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        Check(input);
        RequireWorkspace(call.Caller, workspaceId);
        RequireGrant(call.Caller);
        RequireFreeName(AgentToken, name, null);
        if (key is not null && Kept(AgentToken).Any(token => token.Key == key))
            throw Refusal(409, "ResourceExistsError", $"Agent token with provided ID {key} exists");

        var token = Made(AgentToken, call.Caller);
        (token.Name, token.Description, token.Key) = (name, description, key);
        var details = DetailsOf(token);
        Keep(details, input, "name", "description", "expiresAt");
        SetExpiry(token, expiresAt);
        details.ShouldRefresh = shouldRefresh;
        details.RefreshDuration = refreshDuration is > 0 ? refreshDuration.Value : RefreshDuration;
        Add(token);
        var record = AgentRecord(token, shouldEncode);

        // What was not said is null on later reads only.
        if (shouldRefresh is null)
            record.Remove("shouldRefresh");
        return One(record);
    }

    private VendorResponse GetAgentToken(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        Check(input);
        return One(AgentRecord(Selected(call.Caller, selector), shouldEncode));
    }

    private VendorResponse ListAgentTokens(Call call)
    {
        var isLive = Behaviour == EmulatorBehaviour.Live;
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", 50);
        var page = (int)(input.Number("page", smallest: 0, largest: int.MaxValue, isInteger: true) ?? 0);
        var pageSize = (int)(input.Number("pageSize", smallest: 1, largest: isLive ? 1000 : 100, isInteger: true) ?? (isLive ? 1000 : 50));
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        Check(input);
        pageSize = Math.Min(pageSize, LargestPage ?? pageSize);
        RequireWorkspace(call.Caller, workspaceId);
        var tokens =
            (call.Caller.IsAnonymous ? [] : Listed(AgentToken)).Skip((int)Math.Min((long)page * pageSize, int.MaxValue)).Take(pageSize);
        return VendorResponse.Json(200, new JsonObject
            { ["page"] = page, ["tokens"] = new JsonArray([.. tokens.Select(token => AgentRecord(token, shouldEncode))]) }.ToJsonString());
    }

    private VendorResponse CountAgentTokens(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", 50);
        Check(input);
        RequireWorkspace(call.Caller, workspaceId);
        return VendorResponse.Json(
            200, new JsonObject { ["count"] = call.Caller.IsAnonymous ? 0 : Kept(AgentToken).Count() }.ToJsonString());
    }

    private VendorResponse UpdateAgentToken(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        var change = input.Object("token");
        var expiresAt = change.Milliseconds("expiresAt");
        var name = change.Text("name", 150, nullAllowed: true);
        var description = change.Text("description", 700, nullAllowed: true, emptyAllowed: true);
        var key = change.Text("providedResourceId", 50, nullAllowed: true, trim: false);

        // Published as changeable, and refused by the server.
        var isDocumented = Behaviour == EmulatorBehaviour.Documented;
        var shouldRefresh = isDocumented ? change.Flag("shouldRefresh") : null;
        var refreshDuration = isDocumented ? change.Number("refreshDuration", smallest: 0) : null;
        change.End();
        Check(input);
        var token = Selected(call.Caller, selector);
        RequireFreeName(AgentToken, name, token);

        var details = DetailsOf(token);
        Keep(details, change, "name", "description", "expiresAt");
        if (change.Has("name"))
            token.Name = name;
        if (change.Has("description"))
            token.Description = description;
        if (change.Has("providedResourceId"))
            token.Key = key;
        if (change.Has("expiresAt"))
            SetExpiry(token, expiresAt);
        details.ShouldRefresh = shouldRefresh ?? details.ShouldRefresh;
        details.RefreshDuration = refreshDuration is > 0 ? refreshDuration.Value : details.RefreshDuration;
        Touch(token, call.Caller);
        return One(AgentRecord(token, shouldEncode));
    }

    private VendorResponse DeleteAgentToken(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        Check(input);
        Remove(Selected(call.Caller, selector));
        var job = $"job0000_{NewId()}";
        _jobs.Add(job);
        return VendorResponse.Json(200, new JsonObject { ["jobId"] = job }.ToJsonString());
    }

    private VendorResponse EncodeAgentToken(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        Check(input);
        return Encoded(Selected(call.Caller, selector));
    }

    private VendorResponse RefreshAgentToken(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var refreshToken = input.Text("refreshToken", 1000, required: true);

        // Taken without a word, although not published.
        input.Text("workspaceId", 50);
        input.Text("providedResourceId", 50);
        Check(input);
        if (call.Caller.Token is not { } token || call.Caller.RefreshHash is not { } hash || DetailsOf(token).ShouldRefresh != true)
            throw Denied();
        if (Hash(refreshToken!) != hash)
            throw Refusal(403, "PermissionDeniedError", "Invalid refresh token");
        return Encoded(token);
    }

    // The emulator clears away at once. The message for a job that it doesn't know is reconstructed.
    private VendorResponse GetJobStatus(Call call)
    {
        var input = new FimidaraInput(call.Body);
        var id = input.Text("jobId", 50, required: true);
        Check(input);
        RequireGrant(call.Caller);
        return _jobs.Contains(id!)
            ? VendorResponse.Json(200, """{"status":"completed"}""") : throw Refusal(404, "NotFoundError", "Job not found");
    }

    private static Selector SelectorOf(FimidaraInput input)
        => new(input.Text("workspaceId", 50), input.Text("tokenId", 50), input.Text("providedResourceId", 50, emptyAllowed: true),
            input.Flag("onReferenced"));

    // The id goes before "the caller's own", that before the key. The documents say that the caller's own is meant where nothing is named.
    private EmulatedToken Selected(Caller caller, Selector selector)
    {
        var onReferenced = selector.OnReferenced ?? (Behaviour == EmulatorBehaviour.Documented && string.IsNullOrEmpty(selector.Key));
        EmulatedToken? token = null;
        if (selector.WorkspaceId is not null)
            RequireWorkspace(caller, selector.WorkspaceId);
        if (selector.Id is { } id)
        {
            // A session's own record trips the server.
            if (id == Session)
                throw ServerError();
            token = Kept(AgentToken).FirstOrDefault(token => token.Id == id);
        }
        else if (onReferenced)
        {
            if (caller.IsUser)
                throw ServerError();
            token = caller.Token;
        }
        else if (!string.IsNullOrEmpty(selector.Key))
        {
            RequireWorkspace(caller, selector.WorkspaceId);
            token = Listed(AgentToken).FirstOrDefault(token => token.Key == selector.Key);
        }

        if (token is null)
            throw Refusal(404, "NotFoundError", "Agent token not found");
        RequireGrant(caller);
        return token;
    }

    private JsonObject AgentRecord(EmulatedToken token, bool shouldEncode)
    {
        var details = DetailsOf(token);
        var record = new JsonObject
        {
            ["resourceId"] = token.Id,
            ["createdAt"] = token.CreatedAt?.ToUnixTimeMilliseconds(),
            ["lastUpdatedAt"] = token.UpdatedAt?.ToUnixTimeMilliseconds(),
            ["isDeleted"] = false,
            ["workspaceId"] = Workspace,
        };
        Show(record, details, "name", token.Name);
        Show(record, details, "description", token.Description);
        Show(record, details, "expiresAt", ExpiryOf(token));
        record["providedResourceId"] = token.Key;
        record["shouldRefresh"] = details.ShouldRefresh;
        record["refreshDuration"] = Whole(details.RefreshDuration);
        record["createdBy"] = details.CreatedBy!.DeepClone();
        record["lastUpdatedBy"] = details.UpdatedBy!.DeepClone();
        if (shouldEncode)
            Show(record, Encode(token));
        if (Behaviour == EmulatorBehaviour.Documented)
        {
            // There, these are never null.
            foreach (var name in NeverNull.Where(name => record[name] is null))
                record.Remove(name);
        }

        return WithExtra(token, record);
    }

    private VendorResponse Encoded(EmulatedToken token)
    {
        var record = new JsonObject();
        Show(record, Encode(token));
        return VendorResponse.Json(200, record.ToJsonString());
    }

    private static void Show(JsonObject record, EncodedToken encoded)
    {
        record["jwtToken"] = encoded.Jwt.Reveal();
        if (encoded.RefreshToken is not null)
            record["refreshToken"] = encoded.RefreshToken;
        if (encoded.ExpiresAt is not null)
            record["jwtTokenExpiresAt"] = encoded.ExpiresAt;
    }

    // ---- The generation of 2022 ----
    private VendorResponse AddOf2022(TokenKind kind, Call call)
    {
        var isClient = kind == ClientAssignedToken;
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", length: 21);
        var change = ChangeOf(kind, input, nameRequired: !isClient);
        Check(input);
        RequireWorkspace(call.Caller, workspaceId, WorkspaceOf2022);
        RequireGrant(call.Caller);

        // The name goes first, and a token that the key leads to is no exception.
        RequireFreeName(kind, change.Name, null);
        RequireGroups(change);
        var token = isClient && !string.IsNullOrEmpty(change.Key) ? Kept(kind).FirstOrDefault(token => token.Key == change.Key) : null;
        if (token is null)
        {
            token = Made(kind, call.Caller);
            Apply(token, change, call.Caller);
            Add(token);
        }
        else
        {
            // A key that is there already means that token.
            Apply(token, change, call.Caller);
            Touch(token, call.Caller);
        }

        return One(RecordOf2022(token));
    }

    private VendorResponse GetOf2022(TokenKind kind, Call call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf2022(kind, input, isUpdate: false);
        Check(input);
        var record = RecordOf2022(SelectedOf2022(kind, call.Caller, selector));

        // The groups of a program access token are in its list only.
        if (kind == ProgramAccessToken && Behaviour == EmulatorBehaviour.Live)
            record["permissionGroups"] = new JsonArray();
        return One(record);
    }

    private VendorResponse ListOf2022(TokenKind kind, Call call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", length: 21);
        Check(input);
        RequireWorkspace(call.Caller, workspaceId, WorkspaceOf2022);
        var tokens = Listed(kind).ToList();
        if (tokens.Count > 0)
            RequireGrant(call.Caller);
        return VendorResponse.Json(200, new JsonObject { ["tokens"] = new JsonArray([.. tokens.Select(RecordOf2022)]) }.ToJsonString());
    }

    private VendorResponse UpdateOf2022(TokenKind kind, Call call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf2022(kind, input, isUpdate: true);
        var change = ChangeOf(kind, input, nameRequired: false);
        Check(input);
        var token = SelectedOf2022(kind, call.Caller, selector);

        // Another case of the own name counts as taken.
        if (change.Name != token.Name)
            RequireFreeName(kind, change.Name, null);
        RequireGroups(change);
        Apply(token, change, call.Caller);
        Touch(token, call.Caller);
        return One(RecordOf2022(token));
    }

    private VendorResponse DeleteOf2022(TokenKind kind, Call call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf2022(kind, input, isUpdate: false);
        Check(input);
        Remove(SelectedOf2022(kind, call.Caller, selector));
        return VendorResponse.Json(200, "{}");
    }

    // The server's own types let get and delete take the key, as its documents do; its validation doesn't.
    private Selector SelectorOf2022(TokenKind kind, FimidaraInput input, bool isUpdate)
    {
        var takesKey = kind == ClientAssignedToken && (isUpdate || Behaviour == EmulatorBehaviour.Documented);
        return new(
            takesKey ? input.Text("workspaceId", length: 21, nullAllowed: true) : null,
            input.Text("tokenId", length: 21, nullAllowed: true),
            takesKey ? input.Text("providedResourceId", 300, nullAllowed: true) : null,
            input.Flag("onReferenced", nullAllowed: true));
    }

    private EmulatedToken SelectedOf2022(TokenKind kind, Caller caller, Selector selector)
    {
        EmulatedToken? token;
        if (selector.Id is { } id)
        {
            token = Kept(kind).FirstOrDefault(token => token.Id == id);
        }
        else if (selector.OnReferenced == true && caller.Token?.Kind == kind)
        {
            token = caller.Token;
        }
        else if (!string.IsNullOrEmpty(selector.Key))
        {
            RequireWorkspace(caller, selector.WorkspaceId, WorkspaceOf2022);
            token = Listed(kind).FirstOrDefault(token => token.Key == selector.Key);
        }
        else
        {
            throw Refusal(400, "InvalidRequestError", kind == ClientAssignedToken
                ? "Client assigned token ID or providedResourceId not set" : "Program access token ID not provided");
        }

        if (token is null)
            throw NotFoundOf(kind);
        RequireGrant(caller);
        return token;
    }

    private Change ChangeOf(TokenKind kind, FimidaraInput input, bool nameRequired)
    {
        var isClient = kind == ClientAssignedToken;
        var token = input.Object("token");
        var change = new Change(
            token,
            isClient ? token.Text("providedResourceId", 300, nullAllowed: true) : null,
            token.Text("name", 150, nullAllowed: !nameRequired, required: nameRequired && input.Has("token")),
            token.Text("description", 700, nullAllowed: true, emptyAllowed: true),
            isClient ? token.Iso("expires", numberAllowed: Behaviour == EmulatorBehaviour.Documented) : null,
            token.Groups("permissionGroups", "permissionGroupId", hasOrder: true),
            token.Groups("tags", "tagId", hasOrder: false));
        token.End();
        return change;
    }

    private void Apply(EmulatedToken token, Change change, Caller caller)
    {
        var details = DetailsOf(token);
        Keep(details, change.Sent, "name", "description", "expires");
        if (change.Sent.Has("name"))
            token.Name = change.Name;
        if (change.Sent.Has("description"))
            token.Description = change.Description;
        if (change.Sent.Has("expires"))
            token.ExpiresAt = change.Expires;
        if (change.Sent.Has("providedResourceId"))
            token.Key = change.Key;
        if (change.Groups is not null)
        {
            details.Groups = new JsonArray([.. change.Groups.Select(group =>
            {
                var assigned = Assigned("permissionGroupId", group.Id, caller);
                assigned["order"] = group.Order is null or 0 ? LowestOrder : Whole(group.Order.Value);
                return assigned;
            })]);
        }

        if (change.Tags is null)
            return;

        // The server files tags with the groups.
        if (Behaviour == EmulatorBehaviour.Documented)
        {
            details.Tags = new JsonArray([.. change.Tags.Select(tag => Assigned("tagId", tag.Id, caller))]);
        }
        else
        {
            foreach (var tag in change.Tags)
                details.Groups.Add((JsonNode)Assigned("permissionGroupId", tag.Id, caller));
        }
    }

    private JsonObject Assigned(string member, string id, Caller caller)
        => new() { [member] = id, ["assignedAt"] = Iso(Now()), ["assignedBy"] = AgentOf(caller, isOf2022: true) };

    private JsonObject RecordOf2022(EmulatedToken token)
    {
        var details = DetailsOf(token);
        var isClient = token.Kind == ClientAssignedToken;
        var record = new JsonObject { ["resourceId"] = token.Id };
        if (isClient)
            record["providedResourceId"] = token.Key;
        record["workspaceId"] = WorkspaceOf2022;
        record["tokenStr"] = Encode(token).Jwt.Reveal();
        Show(record, details, "name", token.Name);
        Show(record, details, "description", token.Description);
        record["createdAt"] = Iso(token.CreatedAt);
        record["createdBy"] = details.CreatedBy!.DeepClone();
        if (isClient)
        {
            record["issuedAt"] = Iso(token.CreatedAt);
            Show(record, details, "expires",
                Behaviour == EmulatorBehaviour.Documented ? token.ExpiresAt?.ToUnixTimeMilliseconds() : Iso(token.ExpiresAt));
            if (Behaviour == EmulatorBehaviour.Documented)
                record["version"] = 1;
        }

        record["lastUpdatedAt"] = Iso(token.UpdatedAt);
        record["lastUpdatedBy"] = details.UpdatedBy!.DeepClone();
        record["permissionGroups"] = details.Groups.DeepClone();
        record["tags"] = details.Tags.DeepClone();
        return WithExtra(token, record);
    }

    private static void RequireGroups(Change change)
    {
        // The message is reconstructed.
        if (change.Groups?.Any(group => !PermissionGroups.Contains(group.Id)) == true)
            throw Refusal(404, "NotFoundError", "Permission group not found");
    }

    // ---- What both have ----
    private IEnumerable<EmulatedToken> Listed(TokenKind kind) => ListedTokens.Where(token => token.Kind == kind && !token.IsRevoked);

    private IEnumerable<EmulatedToken> Kept(TokenKind kind) => Tokens.Where(token => token.Kind == kind && !token.IsRevoked);

    private Details DetailsOf(EmulatedToken token) => _details.GetValue(token, _ => new Details());

    private EmulatedToken Made(TokenKind kind, Caller caller)
    {
        var token = new EmulatedToken { Kind = kind, CreatedAt = Now() };
        var details = DetailsOf(token);
        details.CreatedBy = AgentOf(caller, IsOf2022(kind));
        token.OwnerId = (string?)details.CreatedBy["agentId"];
        return token;
    }

    private void Touch(EmulatedToken token, Caller caller)
    {
        token.UpdatedAt = Now();
        DetailsOf(token).UpdatedBy = AgentOf(caller, IsOf2022(token.Kind));

        // A secret that a test gave stays.
        if (token.Secret is null || ClaimsOf(token.Secret.Reveal()) is not null)
            token.Secret = Encode(token).Jwt;
    }

    private static void Keep(Details details, FimidaraInput input, params string[] names)
    {
        foreach (var name in names.Where(input.Has))
            details.Given.Add(name);
    }

    // A member that was never set is absent; one that was set to null is null.
    private static void Show(JsonObject record, Details details, string name, JsonNode? value)
    {
        if (value is not null || details.Given.Contains(name))
            record[name] = value;
    }

    private static void Check(FimidaraInput input)
    {
        input.End();
        if (input.Errors.Count > 0)
            throw new RefusalException(VendorResponse.Json(400, new JsonObject { ["errors"] = input.Errors.DeepClone() }.ToJsonString()));
    }

    private static void RequireWorkspace(Caller caller, string? id, string workspace = Workspace)
    {
        if (string.IsNullOrEmpty(id) && caller.Token is null)
            throw Refusal(400, "InvalidRequestError", "Workspace ID not provided");
        if (!string.IsNullOrEmpty(id) && id != workspace)
            throw Refusal(404, "NotFoundError", "Workspace not found");
    }

    private static void RequireGrant(Caller caller)
    {
        if (caller.IsAnonymous)
            throw Denied();
    }

    private void RequireFreeName(TokenKind kind, string? name, EmulatedToken? except)
    {
        if (name is null)
            return;
        Func<string, bool> isSame = other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase);
        if (kind == AgentToken && Behaviour == EmulatorBehaviour.Live)
        {
            // The server makes a pattern of the name as it stands.
            try
            {
                var pattern = new Regex($"^{name}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
                isSame = pattern.IsMatch;
            }
            catch (ArgumentException)
            {
                throw ServerError();
            }
        }

        if (Kept(kind).Any(token => token != except && token.Name is { } other && isSame(other)))
            throw Refusal(409, "ResourceExistsError", $"{WordOf(kind)} exists");
    }

    // ---- Credentials ----
    private Caller? CallerOf(ReceivedRequest request, bool isOf2022, out ErrorItem? error)
    {
        error = null;
        var parts = request.Header("Authorization")?.Split(' ') ?? [];

        // Without a bearer token the caller is anonymous, which is no error by itself.
        if (parts.Length == 0 || (parts.Length == 2 && !parts[0].Equals("Bearer", StringComparison.OrdinalIgnoreCase)))
            return new Caller();
        var now = Clock.GetUtcNow();
        error = new(401, "InvalidCredentialsError", "Invalid credentials", "loginAgain");
        if (parts.Length != 2)
            return null;

        // A secret that a test gave is no JWT.
        var tokens = Tokens;
        var own = tokens.FirstOrDefault(token => token.Secret?.Reveal() == parts[1]);
        if (ClaimsOf(parts[1]) is not { } claims)
        {
            if (own is null || own.IsRevoked || own.ExpiresAt <= now || IsOf2022(own.Kind) != isOf2022)
                return null;
            error = null;
            return new Caller { Token = own };
        }

        if (AsNumber(claims["exp"]) is { } end && Math.Floor(now.ToUnixTimeMilliseconds() / 1000m) >= end)
            return null;
        if (!isOf2022 && AsNumber(claims["version"]) is null or < 1)
        {
            error = new(401, "CredentialsExpiredError", "Credentials expired", "loginAgain");
            return null;
        }

        var subject = claims["sub"] as JsonObject;
        var id = AsText(subject?["id"]);
        if (id == Session)
        {
            error = null;
            return new Caller { IsUser = true };
        }

        var kind = !isOf2022 ? AgentToken
            : AsText(subject?["type"]) switch { "client" => ClientAssignedToken, "program" => ProgramAccessToken, _ => default };
        if (kind == default)
            return null;
        var token = Kept(kind).FirstOrDefault(token => token.Id == id);
        if (token is not null)
        {
            error = null;
            return new Caller { Token = token, RefreshHash = AsText(subject?["refreshToken"]) };
        }

        // The old servers say that the token is gone.
        if (isOf2022)
            error = new(404, "NotFoundError", $"{WordOf(kind)} not found", null);
        return null;
    }

    private static JsonObject? ClaimsOf(string jwt)
    {
        try
        {
            var parts = jwt.Split('.');
            if (parts.Length != 3)
                return null;
            var signature = HMACSHA256.HashData(SigningKey, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));
            return CryptographicOperations.FixedTimeEquals(signature, FromBase64Url(parts[2]))
                && AsText(JsonNode.Parse(FromBase64Url(parts[0]))?["alg"]) == "HS256"
                ? JsonNode.Parse(FromBase64Url(parts[1])) as JsonObject
                : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private EncodedToken Encode(EmulatedToken token)
    {
        var created = token.CreatedAt!.Value.ToUnixTimeMilliseconds();
        var end = ExpiryOf(token);
        if (IsOf2022(token.Kind))
        {
            // There, seconds have a fraction.
            var claimsOf2022 = new JsonObject { ["version"] = 1,
                ["sub"] = new JsonObject { ["id"] = token.Id, ["type"] = token.Kind == ClientAssignedToken ? "client" : "program" } };
            if (end is not null)
                claimsOf2022["exp"] = end / 1000m;
            claimsOf2022["iat"] = created / 1000m;
            return new(Sign(claimsOf2022), null, null);
        }

        var details = DetailsOf(token);
        var subject = new JsonObject { ["id"] = token.Id };
        string? refreshToken = null;
        if (details.ShouldRefresh == true)
        {
            refreshToken = NewId();
            subject["refreshToken"] = Hash(refreshToken);
            var next = Now().ToUnixTimeMilliseconds() + (long)Math.Min(details.RefreshDuration, 1e15);
            end = end is null or 0 ? next : Math.Min(next, end.Value);
        }

        // To the server, an end of 0 is none.
        var claims = new JsonObject { ["version"] = 1, ["sub"] = subject };
        if (end is not null and not 0)
            claims["exp"] = (long)Math.Floor(end.Value / 1000m);
        claims["iat"] = (long)Math.Floor(created / 1000m);
        return new(Sign(claims), refreshToken, end == 0 ? null : end);
    }

    // In place of the server's argon2id.
    private static string Hash(string refreshToken)
        => $"emulated$sha256${Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(refreshToken))).ToLowerInvariant()}";

    // ---- Small things ----
    private void SetExpiry(EmulatedToken token, long? milliseconds)
    {
        // The vendor's calendar is longer than ours.
        var far = milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
        DetailsOf(token).FarExpiry = far ? milliseconds : null;
        token.ExpiresAt = milliseconds is null ? null
            : !far ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value)
            : milliseconds > 0 ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
    }

    private long? ExpiryOf(EmulatedToken token)
        => token.ExpiresAt == DateTimeOffset.MaxValue || token.ExpiresAt == DateTimeOffset.MinValue
            ? DetailsOf(token).FarExpiry ?? token.ExpiresAt.Value.ToUnixTimeMilliseconds()
            : token.ExpiresAt?.ToUnixTimeMilliseconds();

    // The servers count in milliseconds.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(Clock.GetUtcNow().ToUnixTimeMilliseconds());

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"emulated{Interlocked.Increment(ref _made):D13}");

    private static string? Iso(DateTimeOffset? time)
        => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static JsonValue Whole(double number)
        => number == Math.Truncate(number) && Math.Abs(number) < 1e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);

    private static decimal? AsNumber(JsonNode? node)
        => node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue(out decimal number) ? number : null;

    private static string? AsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static byte[] FromBase64Url(string text)
        => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4));

    private static bool IsOf2022(TokenKind kind) => kind == ClientAssignedToken || kind == ProgramAccessToken;

    private static bool IsPathOf2022(string path)
        => path.StartsWith("/clientAssignedTokens/", StringComparison.OrdinalIgnoreCase)
            || path.StartsWith("/programAccessTokens/", StringComparison.OrdinalIgnoreCase);

    private static string Key(ReceivedRequest request)
        => $"{request.Method} {(request.Path.Length > 1 ? request.Path.TrimEnd('/') : request.Path)}";

    private static string WordOf(TokenKind kind)
        => kind == ClientAssignedToken ? "Client assigned token" : kind == ProgramAccessToken ? "Program access token" : "Agent token";

    private static JsonObject Agent(string? id, string type) => new() { ["agentId"] = id, ["agentType"] = type };

    private static JsonObject AgentOf(Caller caller, bool isOf2022)
        => caller.Token is not { } token ? Agent(isOf2022 ? UserOf2022 : User, "user")
            : Agent(token.Id, token.Kind == ClientAssignedToken
                ? "client-assigned-token" : token.Kind == ProgramAccessToken ? "program-access-token" : "agentToken");

    private static VendorResponse One(JsonObject record) => VendorResponse.Json(200, new JsonObject { ["token"] = record }.ToJsonString());

    // Another content type than JSON is read as an empty object, as no body is.
    private static JsonObject Body(ReceivedRequest request, bool isOf2022)
    {
        if (request.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true
            || request.Body.Length == 0)
            return [];
        if (Encoding.UTF8.GetByteCount(request.Body) > LargestBody)
            throw isOf2022
                ? new RefusalException(VendorResponse.Html(413, Page("PayloadTooLargeError: request entity too large"))) : ServerError();
        JsonNode? body = null;
        try
        {
            body = JsonNode.Parse(request.Body);

            // Members that come twice are found on the first look only.
            _ = (body as JsonObject)?.Count;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            body = null;
        }

        return body switch
        {
            JsonObject members => members,
            JsonArray => throw new RefusalException(VendorResponse.Json(
                400, """{"errors":[{"name":"ValidationError","message":"\"value\" must be of type object","field":""}]}""")),
            _ => throw (isOf2022
                ? new RefusalException(VendorResponse.Html(400, Page("SyntaxError: Unexpected end of JSON input"))) : ServerError()),
        };
    }

    private static string Page(string text)
        => $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta " +
            $"charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>{text}</pre>\n</body>\n</html>\n";

    private static VendorResponse Headed(ReceivedRequest request, VendorResponse response)
    {
        if (response.Headers.TryGetValue("Content-Type", out var type) && type == "application/json")
        {
            if (response.Body.Length > 0)
                response.With("Content-Type", "application/json; charset=utf-8");
            else
                response.Headers.Remove("Content-Type");
        }

        response.With("Vary", "Origin").With("Access-Control-Allow-Credentials", "true");
        if (request.Header("Origin") is { } origin)
            response.With("Access-Control-Allow-Origin", origin);
        if (IsPathOf2022(request.Path))
            response.With("X-Powered-By", "Express");
        return response;
    }

    private static RefusalException NotFoundOf(TokenKind kind) => Refusal(404, "NotFoundError", $"{WordOf(kind)} not found");

    private static RefusalException Denied() => Refusal(403, "PermissionDeniedError", "Permission denied");

    private static RefusalException ServerError() => Refusal(500, "ServerError", "Server error");

    private static RefusalException Refusal(int status, string name, string message) => new(Error(new(status, name, message, null)));

    private static VendorResponse Error(ErrorItem error)
    {
        var item = new JsonObject { ["name"] = error.Name, ["message"] = error.Message };
        if (error.Action is not null)
            item["action"] = error.Action;
        return VendorResponse.Json(error.Status, new JsonObject { ["errors"] = new JsonArray(item) }.ToJsonString());
    }

    // The recorded responses.
    private void AddExamples()
    {
        Add(new EmulatedToken
            { Id = "agtoken_N3VSaPwSRBsYfTSpJpJF-", Name = "noperm", CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795379826911) });
        Add(new EmulatedToken { Id = "agtoken_mVp1Dmx2RBkWZm2V4e-xV", CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795379823874) });
        var refreshing = new EmulatedToken
        {
            Id = "agtoken_l-yalcN0b-AuwcOY2h_o2",
            Name = "My Token",
            Description = "A token",
            Key = "user-42",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795379823917),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(1795466223880),
        };
        (DetailsOf(refreshing).ShouldRefresh, DetailsOf(refreshing).RefreshDuration) = (true, 3600000);
        Add(refreshing);

        var admin = new EmulatedToken { Kind = ClientAssignedToken, Id = "KdI9pbimqfxLaI3KU8F2k", Name = "admin client",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380056655) };
        DetailsOf(admin).Groups = Groups("2026-11-22T20:40:56.670Z", ("GCyH17elCImfBfQXmC0m0", 1));
        Add(admin);
        var client = new EmulatedToken
        {
            Kind = ClientAssignedToken,
            Id = "N1ec97hk3PaUOOTAmgUeH",
            Name = "My Token",
            Description = "second call",
            Key = "user-42",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380056267),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380056304),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(1795466456232),
        };
        DetailsOf(client).Groups = Groups("2026-11-22T20:40:56.281Z", ("2DY3k5J3tOC2lTkkByk34", 1), ("hGBqtFVk5oBDpVvtQC365", 2));
        Add(client);

        var program = new EmulatedToken
        {
            Kind = ProgramAccessToken,
            Id = "AhuCEg-T6VE909iSG2tnk",
            Name = "prog",
            Description = "p",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795380057366),
        };
        DetailsOf(program).Groups = Groups("2026-11-22T20:40:57.375Z", ("GCyH17elCImfBfQXmC0m0", 1));
        Add(program);

        static JsonArray Groups(string assignedAt, params (string Id, int Order)[] groups) => new([.. groups.Select(group => new JsonObject
        {
            ["permissionGroupId"] = group.Id,
            ["order"] = group.Order,
            ["assignedAt"] = assignedAt,
            ["assignedBy"] = Agent(UserOf2022, "user"),
        })]);
    }

    // What the vendor keeps of a token beyond what all vendors have.
    private sealed class Details
    {
        public HashSet<string> Given { get; } = new(StringComparer.Ordinal);

        public bool? ShouldRefresh { get; set; }

        public double RefreshDuration { get; set; } = FimidaraEmulator.RefreshDuration;

        public long? FarExpiry { get; set; }

        public JsonObject? CreatedBy { get; set; }

        public JsonObject? UpdatedBy { get; set; }

        public JsonArray Groups { get; set; } = [];

        public JsonArray Tags { get; set; } = [];
    }

    // Neither a user nor a token: anonymous.
    private sealed class Caller
    {
        public bool IsUser { get; init; }

        public EmulatedToken? Token { get; init; }

        public string? RefreshHash { get; init; }

        public bool IsAnonymous => !IsUser && Token is null;
    }

    private sealed record Call(Caller Caller, JsonObject Body);

    private sealed record Selector(string? WorkspaceId, string? Id, string? Key, bool? OnReferenced);

    private sealed record Change(
        FimidaraInput Sent,
        string? Key,
        string? Name,
        string? Description,
        DateTimeOffset? Expires,
        IReadOnlyList<(string Id, double? Order)>? Groups,
        IReadOnlyList<(string Id, double? Order)>? Tags);

    private sealed record ErrorItem(int Status, string Name, string Message, string? Action);

    private sealed class EncodedToken(TokenSecret jwt, string? refreshToken, long? expiresAt)
    {
        public TokenSecret Jwt => jwt;

        public string? RefreshToken => refreshToken;

        public long? ExpiresAt => expiresAt;
    }

    private sealed class RefusalException(VendorResponse response) : Exception
    {
        public VendorResponse Response => response;
    }
}
