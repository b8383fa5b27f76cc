using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Provides a base class for the kinds of tokens of the 2022 generation.</summary>
internal abstract class FimidaraTokensOf2022(FimidaraEmulator emulator, TokenKind kind) : FimidaraTokens(emulator, kind)
{
    private const long LowestOrder = 9007199254740991;

    // These are the permission groups of the recorded responses. The rights that they grant aren't emulated.
    private static readonly string[] PermissionGroups = ["GCyH17elCImfBfQXmC0m0", "2DY3k5J3tOC2lTkkByk34", "hGBqtFVk5oBDpVvtQC365"];

    public override bool IsOf2022 => true;

    public override string WorkspaceId => "U84GAWpItVIMtgJ75KEIt";

    protected override string UserId => "ywfOQug5HeRLZtz1yDzpp";

    /// <summary>Gets the kind's name in the subject of a JWT.</summary>
    protected abstract string SubjectType { get; }

    protected abstract bool NameRequired { get; }

    /// <summary>Gets the server's message for a request without a token.</summary>
    protected abstract string NothingNamed { get; }

    public override bool IsSubject(JsonObject? subject) => EmulatorJson.Text(subject?["type"]) == SubjectType;

    // The servers of 2022 refuse with an HTML page.
    public override FimidaraRefusalException InvalidCredentials()
        => IsDocumented ? base.InvalidCredentials() : Page(401, "UnauthorizedError: invalid token");

    public override FimidaraRefusalException Unreadable() => Page(400, "SyntaxError: Unexpected end of JSON input");

    public override FimidaraRefusalException TooLarge() => Page(413, "PayloadTooLargeError: request entity too large");

    public override VendorResponse NoSuchOperation() => VendorResponse.Json(
        500, """{"errors":[{"message":"Server error","isPublicError":true,"name":"ServerError","statusCode":500}]}""");

    // In this generation, seconds have a fraction.
    protected override TokenSecret NewSecret(EmulatedToken token)
    {
        var claims = new JsonObject { ["version"] = 1, ["sub"] = new JsonObject { ["id"] = token.Id, ["type"] = SubjectType } };
        if (token.ExpiresAt is { } end)
            claims["exp"] = end.ToUnixTimeMilliseconds() / 1000m;
        claims["iat"] = token.CreatedAt!.Value.ToUnixTimeMilliseconds() / 1000m;
        return FimidaraJwt.Sign(claims);
    }

    /// <summary>Finds the token that has the key of an addition; null if the kind has no keys or the key isn't used.</summary>
    protected virtual EmulatedToken? Existing(string? key) => null;

    protected override FimidaraSelector SelectorOf(FimidaraInput input, bool isUpdate = false)
        => new(null, input.Id("tokenId", FimidaraTextRules.AllowNull), null, input.Flag("onReferenced", nullAllowed: true));

    protected virtual FimidaraChange ChangeOf(FimidaraInput token, FimidaraTextRules nameRules) => new(token)
    {
        Name = token.Text("name", 150, nameRules),
        Description = token.Text("description", 700, FimidaraTextRules.AllowNull | FimidaraTextRules.AllowEmpty),
    };

    /// <summary>Gets the token as the response to a look-up shows it.</summary>
    protected virtual JsonObject ShownAlone(EmulatedToken token) => Shown(token);

    /// <summary>Adds the members that are specific to this kind.</summary>
    protected virtual void Show(JsonObject shown, EmulatedToken token)
    {
    }

    protected void AddExample(EmulatedToken token, string assignedAt, params string[] groups)
    {
        RecordOf(token).Groups = new([.. groups.Select((id, place) => new JsonObject
        {
            ["permissionGroupId"] = id,
            ["order"] = place + 1,
            ["assignedAt"] = assignedAt,
            ["assignedBy"] = Agent(UserId, "user"),
        })]);
        Emulator.Add(token);
    }

    protected JsonObject Shown(EmulatedToken token)
    {
        var record = RecordOf(token);
        var shown = new JsonObject
        {
            ["resourceId"] = token.Id,
            ["workspaceId"] = WorkspaceId,
            ["tokenStr"] = NewSecret(token).Reveal(),
        };
        record.Show(shown, "name", token.Name);
        record.Show(shown, "description", token.Description);
        shown["createdAt"] = EmulatorJson.Time(token.CreatedAt);
        shown["createdBy"] = record.CreatedBy!.DeepClone();
        Show(shown, token);
        shown["lastUpdatedAt"] = EmulatorJson.Time(token.UpdatedAt);
        shown["lastUpdatedBy"] = record.UpdatedBy!.DeepClone();
        shown["permissionGroups"] = record.Groups.DeepClone();
        shown["tags"] = record.Tags.DeepClone();
        return VendorEmulator.WithExtra(token, shown);
    }

    private static FimidaraRefusalException Page(int status, string text) => new(VendorResponse.Html(status,
        $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>{text}</pre>\n"
            + "</body>\n</html>\n"));

    protected override VendorResponse Add(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Id("workspaceId");
        var change = Change(input, NameRequired);
        RequireWorkspace(call.Caller, workspaceId);
        RequireGrant(call.Caller);

        // The name is checked first, even if the key identifies an existing token.
        RequireFreeName(change.Name);
        RequireGroups(change);
        var token = Existing(change.Key);
        if (token is null)
        {
            token = Made(call.Caller);
            Apply(token, change, call.Caller);
            Emulator.Add(token);
        }
        else
        {
            Apply(token, change, call.Caller);
            Touch(token, call.Caller);
        }

        return One(Shown(token));
    }

    protected override VendorResponse Get(FimidaraCall call) => One(ShownAlone(Named(call)));

    protected override VendorResponse List(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Id("workspaceId");
        Check(input);
        RequireWorkspace(call.Caller, workspaceId);
        var tokens = Listed.ToList();
        if (tokens.Count > 0)
            RequireGrant(call.Caller);
        return VendorResponse.Json(200, new JsonObject { ["tokens"] = new JsonArray([.. tokens.Select(Shown)]) });
    }

    protected override VendorResponse Update(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input, isUpdate: true);
        var change = Change(input, nameRequired: false);
        var token = Selected(call.Caller, selector);

        // The token's own name in another case counts as taken.
        if (change.Name != token.Name)
            RequireFreeName(change.Name);
        RequireGroups(change);
        Apply(token, change, call.Caller);
        Touch(token, call.Caller);
        return One(Shown(token));
    }

    protected override VendorResponse Delete(FimidaraCall call)
    {
        Emulator.Remove(Named(call));
        return VendorResponse.Json(200, "{}");
    }

    protected override EmulatedToken Selected(FimidaraCaller caller, FimidaraSelector selector)
    {
        EmulatedToken? token;
        if (selector.Id is { } id)
        {
            token = Kept.FirstOrDefault(token => token.Id == id);
        }
        else if (selector.OnReferenced == true && caller.Token?.Kind == Kind)
        {
            token = caller.Token;
        }
        else if (!string.IsNullOrEmpty(selector.Key))
        {
            RequireWorkspace(caller, selector.WorkspaceId);
            token = Listed.FirstOrDefault(token => token.Key == selector.Key);
        }
        else
        {
            throw new FimidaraRefusalException(400, "InvalidRequestError", NothingNamed);
        }

        if (token is null)
            throw NotFound();
        RequireGrant(caller);
        return token;
    }

    private FimidaraChange Change(FimidaraInput input, bool nameRequired)
    {
        var token = input.Object("token");
        var change = ChangeOf(token, !nameRequired ? FimidaraTextRules.AllowNull
            : input.Has("token") ? FimidaraTextRules.Required : FimidaraTextRules.None) with
        {
            Groups = token.Groups("permissionGroups", "permissionGroupId", hasOrder: true),
            Tags = token.Groups("tags", "tagId", hasOrder: false),
        };
        token.End();
        Check(input);
        return change;
    }

    private void Apply(EmulatedToken token, FimidaraChange change, FimidaraCaller caller)
    {
        var record = RecordOf(token);
        record.Keep(change.Sent, "name", "description", "expires");
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
            record.Groups = new JsonArray([.. change.Groups.Select(group =>
            {
                var assigned = Assigned("permissionGroupId", group.Id, caller);
                assigned["order"] = group.Order is null or 0 ? LowestOrder : Whole(group.Order.Value);
                return assigned;
            })]);
        }

        if (change.Tags is null)
            return;

        // The server stores tags with the groups.
        if (IsDocumented)
        {
            record.Tags = new JsonArray([.. change.Tags.Select(tag => Assigned("tagId", tag.Id, caller))]);
        }
        else
        {
            foreach (var tag in change.Tags)
                record.Groups.Add((JsonNode)Assigned("permissionGroupId", tag.Id, caller));
        }
    }

    private JsonObject Assigned(string member, string id, FimidaraCaller caller)
        => new() { [member] = id, ["assignedAt"] = EmulatorJson.Time(Emulator.Now), ["assignedBy"] = AgentOf(caller) };

    private static void RequireGroups(FimidaraChange change)
    {
        // The message is reconstructed.
        if (change.Groups?.Any(group => !PermissionGroups.Contains(group.Id)) == true)
            throw FimidaraRefusalException.NotFound("Permission group");
    }
}
