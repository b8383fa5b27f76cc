using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Sends the recorded requests of the vendor's server to the fimidara emulator, and compares the responses.</summary>
internal sealed class FimidaraRecordedEmulatorTests : FimidaraEmulatorFixture
{
    private const string OtherWorkspace = "the emulator has one workspace";
    private const string OtherEndpoint = "another endpoint";
    private const string ItsRefreshToken = "the refresh token is that server's";

    // Requests that are not sent to the emulator, and the reasons.
    private static readonly Dictionary<string, string> NotAsked = new()
    {
        ["agent-tokens/077_getToken__other_workspace_agent"] = OtherWorkspace,
        ["agent-tokens/133_refreshToken__reuse_old_refresh_token"] = ItsRefreshToken,
        ["agent-tokens/135_refreshToken__old_refresh_with_new_jwt"] = ItsRefreshToken,
        ["agent-tokens/141_refreshToken__user_session"] = ItsRefreshToken,
        ["agent-tokens/147_jobs_getJobStatus"] = OtherEndpoint,
        ["client-assigned-tokens/001_addPermissionGroup"] = OtherEndpoint,
        ["client-assigned-tokens/071_client_getWorkspaceTokens__client_other_ws"] = OtherWorkspace,
        ["v1-client-assigned-tokens/001_addPermissionGroup"] = OtherEndpoint,
        ["v1-client-assigned-tokens/071_client_getWorkspaceTokens__client_other_ws"] = OtherWorkspace,
    };

    // The administrators' groups of the recorded servers. That of agent tokens wasn't recorded.
    private const string AdminGroup = "permgrp_admins";

    private static readonly Dictionary<string, FimidaraActions> Grants = new[]
        { AdminGroup, "GCyH17elCImfBfQXmC0m0", "permgrp_kPHJF0NR1x2KpdRqTzpnw" }.ToDictionary(group => group, _ => FimidaraActions.All);

    [TestCase("agent-tokens", 1795379837000, 75)]
    [TestCase("client-assigned-tokens", 1795380058000, 56)]
    [TestCase("v1-client-assigned-tokens", 1795380286000, 56)]
    public async Task It_responds_as_the_recorded_server_did(string folder, long now, int count)
    {
        using var emulator =
            new FimidaraEmulator(new() { TimeProvider = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(now)) });
        emulator.Clear();
        emulator.Grants = Grants;
        var differences = new List<string>();
        var asked = 0;
        foreach (var recorded in RecordedExchange.ReadAll("fimidara")
            .Where(exchange => exchange.Name.StartsWith($"{folder}/", StringComparison.Ordinal) && !NotAsked.ContainsKey(exchange.Name)))
        {
            // The recorded server had two workspaces. Not every request was recorded, so the test may have to add the token that a request
            // is about.
            var requestBody = recorded.RequestBody
                .Replace("wrkspce_2QVjeZJZ51_R6SWNfUako", Workspace, StringComparison.Ordinal)
                .Replace("h13cWllkShCjgIgMIQ5Ml", WorkspaceOf2022, StringComparison.Ordinal)
                .Replace("wkspce0_aeFzyFrMLmZ8vw3JMUEfy", WorkspaceOf2023, StringComparison.Ordinal)
                .Replace("agtoken_BYEzEzzY-ALk1r2V3b6wc", "agtoken_emulated-session-0000", StringComparison.Ordinal);
            Arrange(emulator, recorded, requestBody);
            using var request = new HttpRequestMessage(new HttpMethod(recorded.Method), new Uri(emulator.BaseAddress, recorded.Path));
            if (recorded.RequestHeaders.TryGetValue("content-type", out var contentType))
            {
                request.Content = new StringContent(requestBody, Encoding.UTF8);
                request.Content.Headers.ContentType = new(contentType);
            }

            if (recorded.RequestHeaders.TryGetValue("authorization", out var authorization))
                request.Headers.TryAddWithoutValidation("Authorization", recorded.Name.EndsWith(
                    "__wrong_secret", StringComparison.Ordinal) ? authorization : Resigned(emulator, authorization, now));
            if (recorded.RequestHeaders.TryGetValue("origin", out var origin))
                request.Headers.TryAddWithoutValidation("Origin", origin);

            using var response = await _http.SendAsync(request);
            asked++;
            var body = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode != recorded.Status
                || response.Content.Headers.ContentType?.ToString() != recorded.ResponseHeaders.GetValueOrDefault("content-type"))
                differences.Add(
                    $"{recorded.Name}: {(int)response.StatusCode} {response.Content.Headers.ContentType} for {recorded.Status}: {body}");
            else if (Difference(recorded, body) is { } difference)
                differences.Add($"{recorded.Name}: {difference}");
            if (recorded.Status == 200 && recorded.MethodAndPath.EndsWith("/addToken", StringComparison.Ordinal)
                && recorded.ResponseBody.Length > 0)
                emulator.Tokens[^1].Id = (string)JsonNode.Parse(recorded.ResponseBody)!["token"]!["resourceId"]!;
        }

        Assert.That(differences, Is.Empty, string.Join(Environment.NewLine, differences));
        Assert.That(asked, Is.EqualTo(count));
    }

    private static void Arrange(FimidaraEmulator emulator, RecordedExchange recorded, string requestBody)
    {
        if (ClaimsOf(recorded.RequestHeaders.GetValueOrDefault("authorization")) is { } claims
            && (string?)claims["sub"]!["id"] is { } caller)
            Put(emulator, recorded, caller, (string?)claims["sub"]!["type"]);
        if (recorded.Status is 404 or 500 || recorded.MethodAndPath.EndsWith("/addToken", StringComparison.Ordinal)
            || !requestBody.StartsWith('{'))
            return;
        var responded = recorded.ResponseBody.StartsWith('{') ? JsonNode.Parse(recorded.ResponseBody)!["token"] : null;
        var asked = JsonNode.Parse(requestBody)!;
        var id = (string?)(responded?["resourceId"] ?? asked["tokenId"]);
        if (id is null)
            return;
        var token = Put(
            emulator, recorded, id, recorded.Path.Contains("/programAccess", StringComparison.Ordinal) ? "program" : "client");
        if (token is null)
            return;
        token.Key = (string?)asked["providedResourceId"] ?? token.Key;
        if (responded is not null)
        {
            token.Name ??= (string?)responded["name"];
            token.Description ??= (string?)responded["description"];
            token.ExpiresAt = responded["expiresAt"]?.GetValue<long>() is { } end
                ? DateTimeOffset.FromUnixTimeMilliseconds(end) : responded["expires"]?.GetValue<DateTimeOffset>();
        }
    }

    private static EmulatedToken? Put(FimidaraEmulator emulator, RecordedExchange recorded, string id, string? type)
    {
        var isAgent = recorded.Name.StartsWith("agent-tokens", StringComparison.Ordinal);
        if (id == "agtoken_BYEzEzzY-ALk1r2V3b6wc" || id.StartsWith("00000", StringComparison.Ordinal)
            || (!isAgent && type is not ("client" or "program")))
            return null;
        var is2023 = recorded.Name.StartsWith("v1-", StringComparison.Ordinal);
        var kind = isAgent ? FimidaraEmulator.AgentToken
            : type == "program" ? (is2023 ? FimidaraEmulator.ProgramAccessToken2023 : FimidaraEmulator.ProgramAccessToken)
            : is2023 ? FimidaraEmulator.ClientAssignedToken2023 : FimidaraEmulator.ClientAssignedToken;
        var token = emulator.Tokens.FirstOrDefault(token => token.Id == id) ?? emulator.Add(new EmulatedToken { Id = id, Kind = kind });

        // An agent token gets its groups in another API. The recorded token got them after it was refused.
        if (isAgent)
            token.Roles = recorded.Status == 403 ? [] : [AdminGroup];
        return token;
    }

    // The recorded server's session is replaced by the emulator's, and a token's JWT is signed again.
    private static string Resigned(FimidaraEmulator emulator, string authorization, long now)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || ClaimsOf(authorization) is not { } claims)
            return authorization;
        var isSession = (string?)claims["sub"]!["id"] == "agtoken_BYEzEzzY-ALk1r2V3b6wc" || (string?)claims["sub"]!["type"] == "user";
        return isSession && (int)claims["version"]! == 1 && !((double?)claims["exp"] * 1000 < now)
            ? $"Bearer {emulator.ConnectionSettings["Token"]}"
            : $"Bearer {FimidaraEmulator.Sign(claims).Reveal()}";
    }

    private static JsonObject? ClaimsOf(string? authorization)
    {
        var parts = authorization?.Split(' ')[^1].Split('.');
        return parts is [_, var claims, _] ? JsonNode.Parse(Base64Url.DecodeFromChars(claims)) as JsonObject : null;
    }

    private static string? Difference(RecordedExchange recorded, string body)
    {
        if (!recorded.ResponseBody.StartsWith('{'))
            return recorded.ResponseBody.StartsWith('<') ? (body.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal) ? null : body)
                : (body == recorded.ResponseBody ? null : body);
        var (wanted, got) = (JToken.Parse(recorded.ResponseBody), JToken.Parse(body));
        if (recorded.Status == 200)
        {
            var isNew = recorded.MethodAndPath.EndsWith("/addToken", StringComparison.Ordinal);
            (wanted, got) = (Comparable(wanted, isNew), Comparable(got, isNew));
        }

        return JToken.DeepEquals(Sorted(wanted), Sorted(got))
            ? null : $"{Environment.NewLine}  wanted {Sorted(wanted).ToString(Newtonsoft.Json.Formatting.None)}{Environment.NewLine}  " +
            $"got    {Sorted(got).ToString(Newtonsoft.Json.Formatting.None)}";
    }

    // Ids, times and secrets differ between servers, and the earlier changes of a token were not always recorded. A new token is compared
    // completely.
    private static JToken Comparable(JToken token, bool isNew)
    {
        switch (token)
        {
            case JObject record:
                foreach (var member in record.Properties().ToList())
                {
                    if (member.Name == "tokens" || (!isNew && member.Name == "permissionGroups"))
                        member.Value = "...";
                    else if (member.Value is JContainer inner)
                        member.Value = Comparable(inner, isNew);
                    else if (!isNew && member.Value.Type == JTokenType.Null)
                        member.Remove();
                    else if (!isNew
                        || member.Name is "resourceId" or "_id" or "jwtToken" or "tokenStr" or "refreshToken" or "jwtTokenExpiresAt"
                        || (member.Name.EndsWith("At", StringComparison.Ordinal) && member.Name != "expiresAt"))
                        member.Value = "...";
                }

                return record;
            case JArray array:
                return new JArray(array.Select(item => Comparable(item, isNew)));
            default:
                return token;
        }
    }

    private static JToken Sorted(JToken token) => token switch
    {
        JObject record => new JObject(record.Properties().OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => new JProperty(member.Name, Sorted(member.Value)))),
        JArray array => new JArray(array.Select(Sorted)),
        _ => token,
    };
}
