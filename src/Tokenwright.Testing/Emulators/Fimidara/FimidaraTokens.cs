using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>The tokens of one kind: the operations on them, their records, and how their server refuses.</summary>
internal abstract class FimidaraTokens(FimidaraEmulator emulator, TokenKind kind)
{
    private readonly ConditionalWeakTable<EmulatedToken, FimidaraRecord> _records = [];

    public TokenKind Kind => kind;

    /// <summary>Gets whether they are of the generation of 2022, which has a server of its own.</summary>
    public abstract bool IsOf2022 { get; }

    /// <summary>Gets what the paths of the operations begin with.</summary>
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

    /// <summary>Gets the workspace that all tokens are in.</summary>
    public abstract string WorkspaceId { get; }

    /// <summary>Gets whether a caller without a credential is let in.</summary>
    public virtual bool AllowsAnonymous => true;

    /// <summary>Gets the kind in the messages of the server.</summary>
    protected abstract string Title { get; }

    /// <summary>Gets the kind as the type of an agent.</summary>
    protected abstract string AgentType { get; }

    protected abstract string UserId { get; }

    protected FimidaraEmulator Emulator => emulator;

    protected bool IsDocumented => emulator.IsDocumented;

    protected IEnumerable<EmulatedToken> Kept => emulator.Tokens.Where(IsKept);

    protected IEnumerable<EmulatedToken> Listed => emulator.ListedTokens.Where(IsKept);

    /// <summary>Adds the recorded tokens.</summary>
    public abstract void AddExamples();

    public void Complete(EmulatedToken token)
    {
        token.Id ??= NewTokenId();
        token.OwnerId ??= UserId;
        token.UpdatedAt ??= token.CreatedAt;
        var record = RecordOf(token);
        record.CreatedBy ??= Agent(token.OwnerId, "user");
        record.UpdatedBy ??= record.CreatedBy;
        token.Secret ??= NewSecret(token);
    }

    /// <summary>Finds the token that a JWT's subject names; null where there is none.</summary>
    public EmulatedToken? OfSubject(JsonObject? subject)
        => Kept.FirstOrDefault(token => token.Id == EmulatorJson.Text(subject?["id"]));

    /// <summary>Determines whether a JWT with this subject is of a token of this kind.</summary>
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

    /// <summary>Reads how a request names its token.</summary>
    protected abstract FimidaraSelector SelectorOf(FimidaraInput input, bool isUpdate = false);

    /// <summary>Finds the token that is named so, and refuses the caller who may not have it.</summary>
    protected abstract EmulatedToken Selected(FimidaraCaller caller, FimidaraSelector selector);

    /// <summary>Finds the token of a request that names one and says no more.</summary>
    protected EmulatedToken Named(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        Check(input);
        return Selected(call.Caller, selector);
    }

    protected virtual string NewTokenId() => emulator.NewId();

    protected abstract TokenSecret NewSecret(EmulatedToken token);

    /// <summary>Gets how the server tells whether a name is taken.</summary>
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

        // A secret that a test gave stays.
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

    protected static void RequireGrant(FimidaraCaller caller)
    {
        if (caller.IsAnonymous)
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
