using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tokenwright.Testing;

/// <summary>Emulates the agent tokens, and the jobs that delete them.</summary>
internal sealed class FimidaraAgentTokens(FimidaraEmulator emulator) : FimidaraTokens(emulator, FimidaraEmulator.AgentToken)
{
    private const int LongestId = 50;

    // These come from the documents.
    private static readonly string[] NeverNull = ["name", "description", "expiresAt", "shouldRefresh"];

    private readonly HashSet<string> _jobs = new(StringComparer.Ordinal);

    public override FimidaraGeneration Generation => FimidaraGeneration.AgentTokens;

    public override string Path => "/v1/agentTokens";

    public override Dictionary<string, Func<FimidaraCall, VendorResponse>> Operations => new(base.Operations)
    {
        [$"POST {Path}/countWorkspaceTokens"] = Count,
        [$"POST {Path}/encodeToken"] = Encode,
        [$"POST {Path}/refreshToken"] = Refresh,
        ["POST /v1/jobs/getJobStatus"] = GetJobStatus,
    };

    public override string OptionValue => "AgentToken";

    public override string WorkspaceId => "wrkspce_BCVQWEpFS43nFiVfWk6BX";

    // The documents require a bearer token. The server treats a caller without one as the public.
    public override bool AllowsAnonymous => !IsDocumented;

    protected override string Title => "Agent token";

    protected override string AgentType => "agentToken";

    protected override string UserId => "user000_0A5DH2yT_32rEJJpYOy9M";

    public override void AddExamples()
    {
        Emulator.Add(new EmulatedToken
            { Id = "agtoken_N3VSaPwSRBsYfTSpJpJF-", Name = "noperm", CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795379826911) });
        Emulator.Add(new EmulatedToken
            { Id = "agtoken_mVp1Dmx2RBkWZm2V4e-xV", CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795379823874) });
        var refreshing = new EmulatedToken
        {
            Id = "agtoken_l-yalcN0b-AuwcOY2h_o2",
            Name = "My Token",
            Description = "A token",
            Key = "user-42",
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1795379823917),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(1795466223880),
        };
        (RecordOf(refreshing).ShouldRefresh, RecordOf(refreshing).RefreshDuration) = (true, 3600000);
        Emulator.Add(refreshing);
    }

    public override bool IsSubject(JsonObject? subject) => true;

    protected override string NewTokenId() => $"agtoken_{Emulator.NewId()}";

    protected override TokenSecret NewSecret(EmulatedToken token) => new((string)Encoded(token)["jwtToken"]!);

    // The server uses the name as a pattern without escaping it.
    protected override Func<string, bool> IsSame(string name)
    {
        if (IsDocumented)
            return base.IsSame(name);
        try
        {
            return new Regex($"^{name}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).IsMatch;
        }
        catch (ArgumentException)
        {
            throw FimidaraRefusalException.ServerError();
        }
    }

    protected override VendorResponse Add(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", LongestId);
        var expiresAt = input.Milliseconds("expiresAt");
        var (name, description, key) = Members(input);
        var shouldRefresh = input.Flag("shouldRefresh");
        var refreshDuration = input.Number("refreshDuration", smallest: 0);
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        Check(input);
        RequireWorkspace(call.Caller, workspaceId);
        RequireGrant(call.Caller, FimidaraActions.Create);
        RequireFreeName(name);
        if (key is not null && Kept.Any(token => token.Key == key))
            throw new FimidaraRefusalException(409, "ResourceExistsError", $"Agent token with provided ID {key} exists");

        var token = Made(call.Caller);
        (token.Name, token.Description, token.Key) = (name, description, key);
        var record = RecordOf(token);
        record.Keep(input, "name", "description", "expiresAt");
        SetExpiry(token, expiresAt);
        record.ShouldRefresh = shouldRefresh;
        record.RefreshDuration = refreshDuration is > 0 ? refreshDuration.Value : FimidaraRecord.DefaultRefreshDuration;
        Emulator.Add(token);
        var shown = Shown(token, shouldEncode);

        // A value that wasn't sent is null only in later reads.
        if (shouldRefresh is null)
            shown.Remove("shouldRefresh");
        return One(shown);
    }

    protected override VendorResponse Get(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        Check(input);
        return One(Shown(Selected(call.Caller, selector, FimidaraActions.Read), shouldEncode));
    }

    protected override VendorResponse List(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", LongestId);
        var page = (int)(input.Number("page", smallest: 0, largest: int.MaxValue, isInteger: true) ?? 0);
        var pageSize = (int)(input.Number("pageSize", smallest: 1, largest: IsDocumented ? 100 : 1000, isInteger: true)
            ?? (IsDocumented ? 50 : 1000));
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        Check(input);
        pageSize = Math.Min(pageSize, Emulator.LargestPage ?? pageSize);
        RequireWorkspace(call.Caller, workspaceId);
        var readable = IsGranted(call.Caller, FimidaraActions.Read) ? Listed : [];
        var tokens = readable.Skip((int)Math.Min((long)page * pageSize, int.MaxValue)).Take(pageSize);
        return VendorResponse.Json(200, new JsonObject
            { ["page"] = page, ["tokens"] = new JsonArray([.. tokens.Select(token => Shown(token, shouldEncode))]) });
    }

    private VendorResponse Count(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var workspaceId = input.Text("workspaceId", LongestId);
        Check(input);
        RequireWorkspace(call.Caller, workspaceId);
        return VendorResponse.Json(200, new JsonObject { ["count"] = IsGranted(call.Caller, FimidaraActions.Read) ? Kept.Count() : 0 });
    }

    protected override VendorResponse Update(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var selector = SelectorOf(input);
        var shouldEncode = input.Flag("shouldEncode") ?? false;
        var change = input.Object("token");
        var expiresAt = change.Milliseconds("expiresAt");
        var (name, description, key) = Members(change);

        // The published document allows this change, but the server refuses it.
        var shouldRefresh = IsDocumented ? change.Flag("shouldRefresh") : null;
        var refreshDuration = IsDocumented ? change.Number("refreshDuration", smallest: 0) : null;
        change.End();
        Check(input);
        var token = Selected(call.Caller, selector, FimidaraActions.Update);
        RequireFreeName(name, except: token);

        var record = RecordOf(token);
        record.Keep(change, "name", "description", "expiresAt");
        if (change.Has("name"))
            token.Name = name;
        if (change.Has("description"))
            token.Description = description;
        if (change.Has("providedResourceId"))
            token.Key = key;
        if (change.Has("expiresAt"))
            SetExpiry(token, expiresAt);
        record.ShouldRefresh = shouldRefresh ?? record.ShouldRefresh;
        record.RefreshDuration = refreshDuration is > 0 ? refreshDuration.Value : record.RefreshDuration;
        Touch(token, call.Caller);
        return One(Shown(token, shouldEncode));
    }

    protected override VendorResponse Delete(FimidaraCall call)
    {
        Emulator.Remove(Named(call, FimidaraActions.Delete));
        var job = $"job0000_{Emulator.NewId()}";
        _jobs.Add(job);
        return VendorResponse.Json(200, new JsonObject { ["jobId"] = job });
    }

    private VendorResponse Encode(FimidaraCall call) => VendorResponse.Json(200, Encoded(Named(call, FimidaraActions.Read)));

    private VendorResponse Refresh(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var refreshToken = input.Text("refreshToken", 1000, FimidaraTextRules.Required);

        // The server accepts this value, although it isn't published.
        input.Text("workspaceId", LongestId);
        input.Text("providedResourceId", LongestId);
        Check(input);
        if (call.Caller.Token is not { } token || call.Caller.RefreshHash is not { } hash || RecordOf(token).ShouldRefresh != true)
            throw FimidaraRefusalException.Denied();
        return Hash(refreshToken!) == hash
            ? VendorResponse.Json(200, Encoded(token)) : throw FimidaraRefusalException.Denied("Invalid refresh token");
    }

    // The emulator cleans up at once. The message for an unknown job is reconstructed.
    private VendorResponse GetJobStatus(FimidaraCall call)
    {
        var input = new FimidaraInput(call.Body);
        var id = input.Text("jobId", LongestId, FimidaraTextRules.Required);
        Check(input);
        RequireGrant(call.Caller, FimidaraActions.None);
        return _jobs.Contains(id!)
            ? VendorResponse.Json(200, """{"status":"completed"}""") : throw FimidaraRefusalException.NotFound("Job");
    }

    private static (string? Name, string? Description, string? Key) Members(FimidaraInput input)
        => (input.Text("name", 150, FimidaraTextRules.AllowNull),
            input.Text("description", 700, FimidaraTextRules.AllowNull | FimidaraTextRules.AllowEmpty),
            input.Text("providedResourceId", LongestId, FimidaraTextRules.AllowNull | FimidaraTextRules.KeepSpaces));

    protected override FimidaraSelector SelectorOf(FimidaraInput input, bool isUpdate = false)
        => new(input.Text("workspaceId", LongestId), input.Text("tokenId", LongestId),
            input.Text("providedResourceId", LongestId, FimidaraTextRules.AllowEmpty), input.Flag("onReferenced"));

    // The id takes precedence over the caller's own token, which takes precedence over the key. According to the documents, the caller's
    // own token is the default.
    protected override EmulatedToken Selected(FimidaraCaller caller, FimidaraSelector selector, FimidaraActions action)
    {
        var onReferenced = selector.OnReferenced ?? (IsDocumented && string.IsNullOrEmpty(selector.Key));
        EmulatedToken? token = null;
        if (selector.WorkspaceId is not null)
            RequireWorkspace(caller, selector.WorkspaceId);
        if (selector.Id is { } id)
        {
            // The server fails when a session reads its own record.
            if (id == FimidaraEmulator.Session)
                throw FimidaraRefusalException.ServerError();
            token = Kept.FirstOrDefault(token => token.Id == id);
        }
        else if (onReferenced)
        {
            if (caller.IsUser)
                throw FimidaraRefusalException.ServerError();
            token = caller.Token;
        }
        else if (!string.IsNullOrEmpty(selector.Key))
        {
            RequireWorkspace(caller, selector.WorkspaceId);
            token = Listed.FirstOrDefault(token => token.Key == selector.Key);
        }

        if (token is null)
            throw NotFound();
        RequireGrant(caller, action);
        return token;
    }

    private JsonObject Shown(EmulatedToken token, bool shouldEncode)
    {
        var record = RecordOf(token);
        var shown = new JsonObject
        {
            ["resourceId"] = token.Id,
            ["createdAt"] = token.CreatedAt?.ToUnixTimeMilliseconds(),
            ["lastUpdatedAt"] = token.UpdatedAt?.ToUnixTimeMilliseconds(),
            ["isDeleted"] = false,
            ["workspaceId"] = WorkspaceId,
        };
        record.Show(shown, "name", token.Name);
        record.Show(shown, "description", token.Description);
        record.Show(shown, "expiresAt", ExpiryOf(token));
        shown["providedResourceId"] = token.Key;
        shown["shouldRefresh"] = record.ShouldRefresh;
        shown["refreshDuration"] = Whole(record.RefreshDuration);
        shown["createdBy"] = record.CreatedBy!.DeepClone();
        shown["lastUpdatedBy"] = record.UpdatedBy!.DeepClone();
        if (shouldEncode)
        {
            foreach (var (name, value) in Encoded(token))
                shown[name] = value!.DeepClone();
        }

        if (IsDocumented)
        {
            foreach (var name in NeverNull.Where(name => shown[name] is null))
                shown.Remove(name);
        }

        return VendorEmulator.WithExtra(token, shown);
    }

    // The members with the secret, and with the refresh token if there is one.
    private JsonObject Encoded(EmulatedToken token)
    {
        var created = token.CreatedAt!.Value.ToUnixTimeMilliseconds();
        var end = ExpiryOf(token);
        var record = RecordOf(token);
        var subject = new JsonObject { ["id"] = token.Id };
        string? refreshToken = null;
        if (record.ShouldRefresh == true)
        {
            refreshToken = Emulator.NewId();
            subject["refreshToken"] = Hash(refreshToken);
            var next = Emulator.Now.ToUnixTimeMilliseconds() + (long)Math.Min(record.RefreshDuration, 1e15);
            end = end is null or 0 ? next : Math.Min(next, end.Value);
        }

        // The server treats an expiry of 0 as no expiry.
        var claims = new JsonObject { ["version"] = 1, ["sub"] = subject };
        if (end is not null and not 0)
            claims["exp"] = (long)Math.Floor(end.Value / 1000m);
        claims["iat"] = (long)Math.Floor(created / 1000m);
        var encoded = new JsonObject { ["jwtToken"] = FimidaraJwt.Sign(claims).Reveal() };
        if (refreshToken is not null)
            encoded["refreshToken"] = refreshToken;
        if (end is not null and not 0)
            encoded["jwtTokenExpiresAt"] = end;
        return encoded;
    }

    // This replaces the argon2id of the server.
    private static string Hash(string refreshToken)
        => $"emulated$sha256${Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(refreshToken))).ToLowerInvariant()}";

    private void SetExpiry(EmulatedToken token, long? milliseconds)
    {
        var far = milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
        RecordOf(token).FarExpiry = far ? milliseconds : null;
        token.ExpiresAt = milliseconds is null ? null
            : !far ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value)
            : milliseconds > 0 ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
    }

    private long? ExpiryOf(EmulatedToken token)
        => token.ExpiresAt == DateTimeOffset.MaxValue || token.ExpiresAt == DateTimeOffset.MinValue
            ? RecordOf(token).FarExpiry ?? token.ExpiresAt.Value.ToUnixTimeMilliseconds()
            : token.ExpiresAt?.ToUnixTimeMilliseconds();
}
