using System.Globalization;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Provides a base class for the kinds of tokens of the 2022 and 2023 generations.</summary>
internal abstract class FimidaraOlderTokens(FimidaraEmulator emulator, TokenKind kind, FimidaraGeneration generation)
    : FimidaraTokens(emulator, kind)
{
    private const long LowestOrder = 9007199254740991;
    private const int LongestPage = 1000;

    // These are the permission groups of the recorded responses. The first of each generation was an administrator's.
    private static readonly string[] PermissionGroups =
    [
        "GCyH17elCImfBfQXmC0m0", "2DY3k5J3tOC2lTkkByk34", "hGBqtFVk5oBDpVvtQC365",
        "permgrp_kPHJF0NR1x2KpdRqTzpnw", "permgrp_sZR-m6GqY-a2WExgI4HkK", "permgrp_1pnDOqQt_eyQcZux9kEph",
    ];

    private long _lastAssignment;

    public override FimidaraGeneration Generation => generation;

    public override string Path => IsOf2023 ? $"/v1/{Resource}" : $"/{Resource}";

    public override string OptionValue => IsOf2023 ? $"{OptionValueOf2022}2023" : OptionValueOf2022;

    public override string WorkspaceId => IsOf2023 ? "wkspce0_1p8RzEx9qaadLE9q6eV8G" : "U84GAWpItVIMtgJ75KEIt";

    protected bool IsOf2023 => generation == FimidaraGeneration.Of2023;

    protected override string UserId => IsOf2023 ? "user000_tUfegqKN3OTbx7W-KH2i9" : "ywfOQug5HeRLZtz1yDzpp";

    /// <summary>Gets the kind's name in paths.</summary>
    protected abstract string Resource { get; }

    /// <summary>Gets the kind's name in the options of a connection to a server of 2022.</summary>
    protected abstract string OptionValueOf2022 { get; }

    /// <summary>Gets the prefix of the tokens' ids in the 2023 generation.</summary>
    protected abstract string IdPrefix { get; }

    /// <summary>Gets the kind's name in the subject of a JWT.</summary>
    protected abstract string SubjectType { get; }

    protected abstract bool NameRequired { get; }

    /// <summary>Gets what an update requires.</summary>
    protected virtual FimidaraActions UpdateRequires => FimidaraActions.Update;

    /// <summary>Gets the server's message for a request without a token.</summary>
    protected abstract string NothingNamed { get; }

    public override bool IsSubject(JsonObject? subject) => EmulatorJson.Text(subject?["type"]) == SubjectType;

    // The older servers refuse with an HTML page.
    public override FimidaraRefusalException InvalidCredentials()
        => IsDocumented ? base.InvalidCredentials() : Page(401, "UnauthorizedError: invalid token");

    public override FimidaraRefusalException Unreadable() => Page(400, "SyntaxError: Unexpected end of JSON input");

    public override FimidaraRefusalException TooLarge() => Page(413, "PayloadTooLargeError: request entity too large");

    public override VendorResponse NoSuchOperation() => VendorResponse.Json(
        500, """{"errors":[{"message":"Server error","isPublicError":true,"name":"ServerError","statusCode":500}]}""");

    public override void Complete(EmulatedToken token)
    {
        var record = RecordOf(token);
        base.Complete(token);
        if (token.Roles.Count > 0 && record.Groups.Count == 0)
            record.Groups = AssignedGroups(token.Roles.Select((id, place) => (id, (double?)place + 1)), record.CreatedBy!);
    }

    protected override string NewTokenId() => IsOf2023 ? $"{IdPrefix}_{Emulator.NewId()}" : base.NewTokenId();

    // In these generations, seconds have a fraction.
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
        => new(null, IdOf(input, "tokenId", FimidaraTextRules.AllowNull), null, input.Flag("onReferenced", nullAllowed: true));

    /// <summary>Gets an id, whose length only the servers of 2022 check.</summary>
    protected string? IdOf(FimidaraInput input, string name, FimidaraTextRules rules = FimidaraTextRules.None)
        => IsOf2023 ? input.Text(name, rules: rules) : input.Id(name, rules);

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
        token.Roles = groups;
        RecordOf(token).Groups = AssignedGroups(
            groups.Select((id, place) => (id, (double?)place + 1)), Agent(UserId, "user"), assignedAt);
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
        if (!IsOf2023)
            shown["tags"] = record.Tags.DeepClone();
        return VendorEmulator.WithExtra(token, shown);
    }

    private static FimidaraRefusalException Page(int status, string text) => new(VendorResponse.Html(status,
        $"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>{text}</pre>\n"
            + "</body>\n</html>\n"));

    protected override VendorResponse Add(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = IdOf(input, "workspaceId");
        var change = Change(input, NameRequired);
        RequireWorkspace(call.Caller, workspaceId);
        RequireGrant(call.Caller, FimidaraActions.Create);

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

    protected override VendorResponse Get(FimidaraCall call) => One(ShownAlone(Named(call, FimidaraActions.Read)));

    protected override VendorResponse List(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = IdOf(input, "workspaceId");
        var (page, pageSize) = IsOf2023 ? Page(input) : (0, int.MaxValue);
        Check(input);
        RequireWorkspace(call.Caller, workspaceId);
        var tokens = Listed.ToList();
        if (tokens.Count > 0)
            RequireGrant(call.Caller, FimidaraActions.Read);
        var shown = new JsonObject();
        if (IsOf2023)
            shown["page"] = page;
        shown["tokens"] = new JsonArray([.. tokens.Skip((int)Math.Min((long)page * pageSize, int.MaxValue)).Take(pageSize).Select(Shown)]);
        return VendorResponse.Json(200, shown);
    }

    // The server changes numbers outside the range. By the documents, it would refuse them.
    private (int Page, int PageSize) Page(FimidaraInput input)
    {
        var page = input.Number("page", smallest: IsDocumented ? 0 : null, isInteger: true) ?? 0;
        var pageSize = input.Number("pageSize", IsDocumented ? 1 : null, IsDocumented ? LongestPage : null, isInteger: true) ?? LongestPage;
        return ((int)Math.Clamp(page, 0, int.MaxValue), (int)Math.Clamp(pageSize, 1, Emulator.LargestPage ?? LongestPage));
    }

    protected override VendorResponse Update(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input, isUpdate: true);
        var change = Change(input, nameRequired: false);
        var token = Selected(call.Caller, selector, UpdateRequires);

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
        Emulator.Remove(Named(call, FimidaraActions.Delete));
        return VendorResponse.Json(200, "{}");
    }

    protected override EmulatedToken Selected(FimidaraCaller caller, FimidaraSelector selector, FimidaraActions action)
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
        RequireGrant(caller, action);
        return token;
    }

    private FimidaraChange Change(FimidaraInput input, bool nameRequired)
    {
        var token = input.Object("token");
        var change = ChangeOf(token, !nameRequired ? FimidaraTextRules.AllowNull
            : input.Has("token") ? FimidaraTextRules.Required : FimidaraTextRules.None) with
        {
            Groups = token.Groups("permissionGroups", "permissionGroupId", hasOrder: true, anyLength: IsOf2023),
            Tags = token.Groups("tags", "tagId", hasOrder: false, anyLength: IsOf2023),
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
            token.Roles = [.. change.Groups.Select(group => group.Id)];
            record.Groups = AssignedGroups(change.Groups, AgentOf(caller));
        }

        if (change.Tags is null)
            return;

        // The server stores tags with the groups.
        if (IsDocumented)
        {
            record.Tags = new JsonArray([.. change.Tags.Select(tag => Assigned("tagId", tag.Id, AgentOf(caller)))]);
        }
        else
        {
            foreach (var tag in change.Tags)
                record.Groups.Add((JsonNode)Assigned("permissionGroupId", tag.Id, AgentOf(caller)));
        }
    }

    private JsonArray AssignedGroups(IEnumerable<(string Id, double? Order)> groups, JsonObject agent, string? at = null)
        => new([.. groups.Select(group =>
        {
            var assigned = Assigned("permissionGroupId", group.Id, agent, at);
            assigned["order"] = group.Order is null or 0 ? LowestOrder : Whole(group.Order.Value);
            return assigned;
        })]);

    private JsonObject Assigned(string member, string id, JsonObject agent, string? at = null)
    {
        var by = agent.DeepClone().AsObject();

        // The server of 2023 shows the internal id of the assignment.
        if (IsOf2023)
            by["_id"] = (++_lastAssignment).ToString("x24", CultureInfo.InvariantCulture);
        return new() { [member] = id, ["assignedAt"] = at ?? EmulatorJson.Time(Emulator.Now), ["assignedBy"] = by };
    }

    // The message was recorded in 2023. For 2022, it is reconstructed.
    private void RequireGroups(FimidaraChange change)
    {
        if (change.Groups?.Any(group => !PermissionGroups.Contains(group.Id) && Emulator.Grants?.ContainsKey(group.Id) != true) == true)
            throw FimidaraRefusalException.NotFound("PermissionGroup permissions group");
    }
}
