using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Provides a base class for one kind of tokens: its operations, records and refusals.</summary>
internal abstract class FimidaraTokens(FimidaraEmulator emulator, TokenKind kind)
{
    private readonly ConditionalWeakTable<EmulatedToken, FimidaraRecord> _records = [];

    public TokenKind Kind => kind;

    /// <summary>Gets the generation of servers that has these tokens.</summary>
    public abstract FimidaraGeneration Generation { get; }

    /// <summary>Gets whether the generation is older than agent tokens.</summary>
    public bool IsOlder => Generation != FimidaraGeneration.AgentTokens;

    /// <summary>Gets the prefix of the operations' paths.</summary>
    public abstract string Path { get; }

    /// <summary>Gets the operations, by method and path.</summary>
    public virtual Dictionary<string, Func<FimidaraCall, VendorResponse>> Operations => new()
    {
        [$"POST {Path}/addToken"] = Add,
        [$"POST {Path}/getToken"] = Get,
        [$"POST {Path}/getWorkspaceTokens"] = List,
        [$"POST {Path}/updateToken"] = Update,
        [$"DELETE {Path}/deleteToken"] = Delete,
    };

    /// <summary>Gets the kind's name in the options of a connection.</summary>
    public abstract string OptionValue { get; }

    /// <summary>Gets the workspace of all tokens.</summary>
    public abstract string WorkspaceId { get; }

    /// <summary>Gets whether a caller without a credential is accepted.</summary>
    public virtual bool AllowsAnonymous => true;

    /// <summary>Gets the kind's name in the server's messages.</summary>
    protected abstract string Title { get; }

    /// <summary>Gets the kind's name as an agent type.</summary>
    protected abstract string AgentType { get; }

    protected abstract string UserId { get; }

    protected FimidaraEmulator Emulator => emulator;

    protected bool IsDocumented => emulator.IsDocumented;

    protected IEnumerable<EmulatedToken> Kept => emulator.Tokens.Where(IsKept);

    protected IEnumerable<EmulatedToken> Listed => emulator.ListedTokens.Where(IsKept);

    /// <summary>Adds the recorded tokens.</summary>
    public abstract void AddExamples();

    public virtual void Complete(EmulatedToken token)
    {
        token.Id ??= NewTokenId();
        token.OwnerId ??= UserId;
        token.UpdatedAt ??= token.CreatedAt;
        var record = RecordOf(token);
        record.CreatedBy ??= Agent(token.OwnerId, "user");
        record.UpdatedBy ??= record.CreatedBy;
        token.Secret ??= NewSecret(token);
    }

    /// <summary>Finds the token in a JWT's subject; null if there is none.</summary>
    public EmulatedToken? OfSubject(JsonObject? subject)
        => Kept.FirstOrDefault(token => token.Id == EmulatorJson.Text(subject?["id"]));

    /// <summary>Determines whether a JWT with this subject belongs to a token of this kind.</summary>
    public abstract bool IsSubject(JsonObject? subject);

    public virtual FimidaraRefusalException InvalidCredentials() => FimidaraRefusalException.InvalidCredentials();

    public virtual FimidaraRefusalException Unreadable() => FimidaraRefusalException.ServerError();

    public virtual FimidaraRefusalException TooLarge() => FimidaraRefusalException.ServerError();

    public virtual VendorResponse NoSuchOperation() => VendorResponse.Html(404, "Not found");

    public FimidaraRefusalException NotFound() => FimidaraRefusalException.NotFound(Title);

    protected abstract VendorResponse Add(FimidaraCall call);

    protected abstract VendorResponse Get(FimidaraCall call);

    protected abstract VendorResponse List(FimidaraCall call);

    protected abstract VendorResponse Update(FimidaraCall call);

    protected abstract VendorResponse Delete(FimidaraCall call);

    /// <summary>Reads how a request identifies its token.</summary>
    protected abstract FimidaraSelector SelectorOf(FimidaraInput input, bool isUpdate = false);

    /// <summary>Finds the selected token, and refuses a caller that isn't granted the action.</summary>
    protected abstract EmulatedToken Selected(FimidaraCaller caller, FimidaraSelector selector, FimidaraActions action);

    /// <summary>Finds the token of a request that contains nothing else.</summary>
    protected EmulatedToken Named(FimidaraCall call, FimidaraActions action)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        Check(input);
        return Selected(call.Caller, selector, action);
    }

    protected virtual string NewTokenId() => emulator.NewId();

    protected abstract TokenSecret NewSecret(EmulatedToken token);

    /// <summary>Gets the function with which the server decides whether a name is taken.</summary>
    protected virtual Func<string, bool> IsSame(string name) => other => other.Equals(name, StringComparison.OrdinalIgnoreCase);

    protected FimidaraRecord RecordOf(EmulatedToken token) => _records.GetValue(token, _ => new FimidaraRecord());

    protected EmulatedToken Made(FimidaraCaller caller)
    {
        var token = new EmulatedToken { Kind = kind, CreatedAt = emulator.Now };
        var agent = AgentOf(caller);
        RecordOf(token).CreatedBy = agent;
        token.OwnerId = (string?)agent["agentId"];
        return token;
    }

    protected void Touch(EmulatedToken token, FimidaraCaller caller)
    {
        token.UpdatedAt = emulator.Now;
        RecordOf(token).UpdatedBy = AgentOf(caller);

        // A secret from a test is kept.
        if (token.Secret is null || FimidaraJwt.Claims(token.Secret.Reveal()) is not null)
            token.Secret = NewSecret(token);
    }

    protected JsonObject AgentOf(FimidaraCaller caller)
        => caller.Token is { } token ? Agent(token.Id, emulator.TokensOf(token.Kind).AgentType) : Agent(UserId, "user");

    protected static JsonObject Agent(string? id, string type) => new() { ["agentId"] = id, ["agentType"] = type };

    protected static void Check(FimidaraInput input)
    {
        input.End();
        if (input.Errors.Count > 0)
            throw new FimidaraRefusalException(VendorResponse.Json(400, new JsonObject { ["errors"] = input.Errors.DeepClone() }));
    }

    protected void RequireWorkspace(FimidaraCaller caller, string? id)
    {
        if (string.IsNullOrEmpty(id) && caller.Token is null)
            throw new FimidaraRefusalException(400, "InvalidRequestError", "Workspace ID not provided");
        if (!string.IsNullOrEmpty(id) && id != WorkspaceId)
            throw FimidaraRefusalException.NotFound("Workspace");
    }

    /// <summary>Determines whether a caller may do something. A user's session may do everything.</summary>
    protected bool IsGranted(FimidaraCaller caller, FimidaraActions action)
        => caller.IsUser || (caller.Token is { } token && (emulator.Grants is not { } grants || token.Roles
            .Aggregate(FimidaraActions.None, (granted, group) => granted | grants.GetValueOrDefault(group)).HasFlag(action)));

    protected void RequireGrant(FimidaraCaller caller, FimidaraActions action)
    {
        if (!IsGranted(caller, action))
            throw FimidaraRefusalException.Denied();
    }

    protected void RequireFreeName(string? name, EmulatedToken? except = null)
    {
        if (name is null)
            return;
        var isSame = IsSame(name);
        if (Kept.Any(token => token != except && token.Name is { } other && isSame(other)))
            throw new FimidaraRefusalException(409, "ResourceExistsError", $"{Title} exists");
    }

    protected static VendorResponse One(JsonObject shown) => VendorResponse.Json(200, new JsonObject { ["token"] = shown });

    protected static JsonValue Whole(double number)
        => number == Math.Truncate(number) && Math.Abs(number) < 1e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);

    private bool IsKept(EmulatedToken token) => token.Kind == kind && !token.IsRevoked;
}
