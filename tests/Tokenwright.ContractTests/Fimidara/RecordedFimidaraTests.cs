using System.Globalization;
using System.Text;
using System.Text.Json;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Tokenwright.Adapters;
using Tokenwright.ContractTests.Readers;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;
using Tokenwright.Testing;
using JsonSerializer = Newtonsoft.Json.JsonSerializer;

namespace Tokenwright.ContractTests;

/// <summary>
/// Exchanges that were recorded from the vendor's own server. The tests compare the SDK's requests with them, and the SDK reads each
/// response.
/// </summary>
internal sealed class RecordedFimidaraTests
{
    private const int Recorded = 196;
    private const int SentAsRecorded = 139;

    private static readonly JsonSerializer Json = JsonSerializer.Create(NewtonsoftReading.Settings);

    private static readonly Dictionary<string, TypedOperation> Operations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["POST /v1/agentTokens/addToken"] =
            TypedOperation.Of<AddAgentTokenEndpointParams>(async (api, body) => await api.AddAgentTokenAsync(body)),
        ["POST /v1/agentTokens/getToken"] =
            TypedOperation.Of<GetAgentTokenEndpointParams>(async (api, body) => await api.GetAgentTokenAsync(body)),
        ["POST /v1/agentTokens/getWorkspaceTokens"] =
            TypedOperation.Of<GetWorkspaceAgentTokensEndpointParams>(async (api, body) => await api.ListAgentTokensAsync(body)),
        ["POST /v1/agentTokens/countWorkspaceTokens"] =
            TypedOperation.Of<CountWorkspaceAgentTokensEndpointParams>(async (api, body) => await api.CountAgentTokensAsync(body)),
        ["POST /v1/agentTokens/updateToken"] =
            TypedOperation.Of<UpdateAgentTokenEndpointParams>(async (api, body) => await api.UpdateAgentTokenAsync(body)),
        ["DELETE /v1/agentTokens/deleteToken"] =
            TypedOperation.Of<DeleteAgentTokenEndpointParams>(async (api, body) => await api.DeleteAgentTokenAsync(body)),
        ["POST /v1/agentTokens/encodeToken"] =
            TypedOperation.Of<EncodeAgentTokenEndpointParams>(async (api, body) => await api.EncodeAgentTokenAsync(body)),
        ["POST /v1/agentTokens/refreshToken"] =
            TypedOperation.Of<RefreshAgentTokenEndpointParams>(async (api, body) => await api.RefreshAgentTokenAsync(body)),
        ["POST /clientAssignedTokens/addToken"] =
            TypedOperation.Of<AddClientAssignedTokenEndpointParams>(async (api, body) => await api.AddClientAssignedTokenAsync(body)),
        ["POST /clientAssignedTokens/getToken"] =
            TypedOperation.Of<GetClientAssignedTokenEndpointParams>(async (api, body) => await api.GetClientAssignedTokenAsync(body)),
        ["POST /clientAssignedTokens/getWorkspaceTokens"] = TypedOperation.Of<GetWorkspaceClientAssignedTokensEndpointParams>(
            async (api, body) => await api.ListClientAssignedTokensAsync(body)),
        ["POST /clientAssignedTokens/updateToken"] =
            TypedOperation.Of<UpdateClientAssignedTokenEndpointParams>(async (api, body) => await api.UpdateClientAssignedTokenAsync(body)),
        ["DELETE /clientAssignedTokens/deleteToken"] =
            TypedOperation.Of<DeleteClientAssignedTokenEndpointParams>(async (api, body) => await api.DeleteClientAssignedTokenAsync(body)),
        ["POST /programAccessTokens/addToken"] =
            TypedOperation.Of<AddProgramAccessTokenEndpointParams>(async (api, body) => await api.AddProgramAccessTokenAsync(body)),
        ["POST /programAccessTokens/getToken"] =
            TypedOperation.Of<GetProgramAccessTokenEndpointParams>(async (api, body) => await api.GetProgramAccessTokenAsync(body)),
        ["POST /programAccessTokens/getWorkspaceTokens"] = TypedOperation.Of<GetWorkspaceProgramAccessTokenEndpointParams>(
            async (api, body) => await api.ListProgramAccessTokensAsync(body)),
        ["POST /programAccessTokens/updateToken"] =
            TypedOperation.Of<UpdateProgramAccessTokenEndpointParams>(async (api, body) => await api.UpdateProgramAccessTokenAsync(body)),
        ["DELETE /programAccessTokens/deleteToken"] =
            TypedOperation.Of<DeleteProgramAccessTokenEndpointParams>(async (api, body) => await api.DeleteProgramAccessTokenAsync(body)),
        ["POST /v1/clientAssignedTokens/addToken"] =
            TypedOperation.Of<AddClientAssignedTokenEndpointParams>(async (api, body) => await api.AddClientAssignedToken2023Async(body)),
        ["POST /v1/clientAssignedTokens/getToken"] =
            TypedOperation.Of<GetClientAssignedTokenEndpointParams>(async (api, body) => await api.GetClientAssignedToken2023Async(body)),
        ["POST /v1/clientAssignedTokens/getWorkspaceTokens"] = TypedOperation.Of<GetWorkspaceClientAssignedTokensEndpointParams2023>(
            async (api, body) => await api.ListClientAssignedTokens2023Async(body)),
        ["POST /v1/clientAssignedTokens/updateToken"] = TypedOperation.Of<UpdateClientAssignedTokenEndpointParams>(
            async (api, body) => await api.UpdateClientAssignedToken2023Async(body)),
        ["DELETE /v1/clientAssignedTokens/deleteToken"] = TypedOperation.Of<DeleteClientAssignedTokenEndpointParams>(
            async (api, body) => await api.DeleteClientAssignedToken2023Async(body)),
        ["POST /v1/programAccessTokens/addToken"] =
            TypedOperation.Of<AddProgramAccessTokenEndpointParams>(async (api, body) => await api.AddProgramAccessToken2023Async(body)),
        ["POST /v1/programAccessTokens/getToken"] =
            TypedOperation.Of<GetProgramAccessTokenEndpointParams>(async (api, body) => await api.GetProgramAccessToken2023Async(body)),
        ["POST /v1/programAccessTokens/getWorkspaceTokens"] = TypedOperation.Of<GetWorkspaceProgramAccessTokenEndpointParams2023>(
            async (api, body) => await api.ListProgramAccessTokens2023Async(body)),
        ["POST /v1/programAccessTokens/updateToken"] = TypedOperation.Of<UpdateProgramAccessTokenEndpointParams>(
            async (api, body) => await api.UpdateProgramAccessToken2023Async(body)),
        ["DELETE /v1/programAccessTokens/deleteToken"] = TypedOperation.Of<DeleteProgramAccessTokenEndpointParams>(
            async (api, body) => await api.DeleteProgramAccessToken2023Async(body)),
    };

    // Recordings of endpoints that the typed client doesn't have. A similar method reads their responses.
    private static readonly Dictionary<string, string> Nearest = new(StringComparer.OrdinalIgnoreCase)
    {
        ["GET /v1/agentTokens/addToken"] = "POST /v1/agentTokens/addToken",
        ["OPTIONS /v1/agentTokens/addToken"] = "POST /v1/agentTokens/addToken",
        ["POST /v1/agentTokens/introspectToken"] = "POST /v1/agentTokens/getToken",
        ["POST /v1/jobs/getJobStatus"] = "DELETE /v1/agentTokens/deleteToken",
        ["POST /permissionGroups/addPermissionGroup"] = "POST /clientAssignedTokens/addToken",
        ["POST /clientAssignedTokens/nope"] = "POST /clientAssignedTokens/getToken",
        ["POST /clientAssignedTokens/countWorkspaceTokens"] = "POST /clientAssignedTokens/getWorkspaceTokens",
        ["POST /programAccessTokens/countWorkspaceTokens"] = "POST /programAccessTokens/getWorkspaceTokens",
        ["POST /v1/permissionGroups/addPermissionGroup"] = "POST /v1/clientAssignedTokens/addToken",
        ["POST /v1/clientAssignedTokens/nope"] = "POST /v1/clientAssignedTokens/getToken",
        ["POST /v1/clientAssignedTokens/countWorkspaceTokens"] = "POST /v1/clientAssignedTokens/getWorkspaceTokens",
        ["POST /v1/programAccessTokens/countWorkspaceTokens"] = "POST /v1/programAccessTokens/getWorkspaceTokens",
    };

    private const string ExplicitNull = "a member that is null is left out";
    private const string WrongType = "a member has a type that the typed request refuses";
    private const string UnknownMember = "a member that the typed request doesn't have";
    private const string NoJson = "the body is no JSON object";
    private const string OtherEndpoint = "another endpoint";
    private const string TokenMissing = "the typed request always has 'token'";

    // Recorded requests that the typed client can't send as they are, and the reasons. For those of 2023, see WhyNotSentAsRecorded.
    private static readonly Dictionary<string, string> NotSentAsRecorded = new()
    {
        ["agent-tokens/007_addToken__expires_numeric_string"] = WrongType,
        ["agent-tokens/009_addToken__expires_null"] = ExplicitNull,
        ["agent-tokens/013_addToken__expires_bool"] = WrongType,
        ["agent-tokens/017_addToken__many_errors"] = WrongType,
        ["agent-tokens/019_addToken__token_wrapper_old_style"] = UnknownMember,
        ["agent-tokens/021_addToken__shouldRefresh_null"] = ExplicitNull,
        ["agent-tokens/043_addToken__malformed_json"] = NoJson,
        ["agent-tokens/045_addToken__form_urlencoded"] = NoJson,
        ["agent-tokens/047_addToken__array_body"] = NoJson,
        ["agent-tokens/049_addToken__get_method"] = OtherEndpoint,
        ["agent-tokens/051_addToken__options_preflight"] = OtherEndpoint,
        ["agent-tokens/055_unknown_path"] = OtherEndpoint,
        ["agent-tokens/075_getToken__token_id_null"] = ExplicitNull,
        ["agent-tokens/093_getWorkspaceTokens__page_fraction"] = WrongType,
        ["agent-tokens/109_updateToken__name_null"] = ExplicitNull,
        ["agent-tokens/111_updateToken__missing_token"] = TokenMissing,
        ["agent-tokens/129_encodeToken__should_encode_not_allowed"] = UnknownMember,
        ["agent-tokens/139_refreshToken__unknown_field"] = UnknownMember,
        ["agent-tokens/147_jobs_getJobStatus"] = OtherEndpoint,
        ["client-assigned-tokens/001_addPermissionGroup"] = OtherEndpoint,
        ["client-assigned-tokens/007_client_addToken__expires_ms_number"] = WrongType,
        ["client-assigned-tokens/009_client_addToken__expires_date_only"] = "a date without a time is sent with one",
        ["client-assigned-tokens/011_client_addToken__expires_null"] = ExplicitNull,
        ["client-assigned-tokens/019_client_addToken__nulls"] = ExplicitNull,
        ["client-assigned-tokens/025_client_addToken__unknown_field"] = UnknownMember,
        ["client-assigned-tokens/035_client_addToken__malformed_json"] = NoJson,
        ["client-assigned-tokens/037_client_addToken__no_body"] = NoJson,
        ["client-assigned-tokens/039_unknown_path"] = OtherEndpoint,
        ["client-assigned-tokens/047_client_getToken__by_provided_id"] = UnknownMember,
        ["client-assigned-tokens/049_client_getToken__with_workspaceId"] = UnknownMember,
        ["client-assigned-tokens/053_client_getToken__null_id_on_referenced"] = ExplicitNull,
        ["client-assigned-tokens/061_client_getWorkspaceTokens__page1_size2"] = UnknownMember,
        ["client-assigned-tokens/063_client_getWorkspaceTokens__page_without_size"] = UnknownMember,
        ["client-assigned-tokens/065_client_getWorkspaceTokens__size_101"] = UnknownMember,
        ["client-assigned-tokens/067_client_getWorkspaceTokens__size_zero"] = UnknownMember,
        ["client-assigned-tokens/075_client_countWorkspaceTokens__denied"] = OtherEndpoint,
        ["client-assigned-tokens/081_client_updateToken__groups_null"] = ExplicitNull,
        ["client-assigned-tokens/089_client_updateToken__missing_token"] = TokenMissing,
        ["client-assigned-tokens/111_program_countWorkspaceTokens__ok"] = OtherEndpoint,
        ["client-assigned-tokens/113_program_updateToken__missing_token"] = TokenMissing,
    };

    private static readonly IReadOnlyList<RecordedExchange> Exchanges = RecordedExchange.ReadAll("fimidara");

    private VendorServer _vendor = null!;
    private VendorConnection _connection = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        var options = new FimidaraOptions
            { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, CreationSettleTime = TimeSpan.Zero, Token = new TokenSecret("unused") };
        _connection = VendorConnection.Open(FimidaraVendor.Instance, "recorded", () => options);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _connection.Dispose();
        _vendor.Dispose();
    }

    [Test]
    public void All_recordings_are_here()
    {
        Assert.That(Exchanges, Has.Count.EqualTo(Recorded));
        Assert.That(Exchanges.Count(exchange => WhyNotSentAsRecorded(exchange) is null), Is.EqualTo(SentAsRecorded));
        Assert.That(NotSentAsRecorded.Keys, Is.SubsetOf(Exchanges.Select(exchange => exchange.Name)));
    }

    // The recorded Content-Length shows whether the bodies are replayed byte by byte. Error pages were shortened.
    [TestCaseSource(nameof(Cases))]
    public void Replayed_responses_have_the_recorded_length(RecordedExchange recorded)
        => Assert.That(
            Encoding.UTF8.GetByteCount(recorded.ResponseBody).ToString(CultureInfo.InvariantCulture),
            recorded.ResponseBody.StartsWith('<') ? Is.Not.Empty : Is.EqualTo(recorded.ResponseHeaders["content-length"]));

    [TestCaseSource(nameof(Cases))]
    public async Task Requests_are_sent_as_recorded(RecordedExchange recorded)
    {
        var (operation, method, path) = OperationOf(recorded);
        _vendor.On(method, path, Response(recorded));
        try
        {
            await operation.Call(Api(recorded), recorded.RequestBody);
        }
        catch (ApiException)
        {
            // The other test covers the response.
        }

        var sent = _vendor.Requests[^1];
        Assert.That((sent.Method, sent.Path), Is.EqualTo((method, path)));
        Assert.That(sent.Header("Authorization"), Is.EqualTo(recorded.RequestHeaders.GetValueOrDefault("authorization")));
        Assert.That(sent.Header("Content-Type"), Is.EqualTo("application/json"));
        var isSame = $"{method} {path}".Equals(recorded.MethodAndPath, StringComparison.OrdinalIgnoreCase)
            && SameJson(sent.Body, recorded.RequestBody);
        var reason = WhyNotSentAsRecorded(recorded);
        Assert.That(isSame, Is.EqualTo(reason is null),
            $"body sent: {sent.Body}{Environment.NewLine}recorded: {recorded.RequestBody}{Environment.NewLine}excused: {reason}");
    }

    [TestCaseSource(nameof(Cases))]
    public async Task Responses_are_read_or_become_the_right_exception(RecordedExchange recorded)
    {
        var (operation, method, path) = OperationOf(recorded);
        _vendor.On(method, path, Response(recorded));

        if (recorded.Status == 200 && recorded.ResponseBody.Length > 0)
        {
            var model = await operation.Call(Api(recorded), recorded.RequestBody);

            // A model doesn't distinguish a null member from a missing one.
            var read = JToken.FromObject(model, Json).ToString(Formatting.None);
            Assert.That(SameJson(read, WithoutNulls(recorded.ResponseBody)), Is.True,
                $"read: {read}{Environment.NewLine}recorded: {recorded.ResponseBody}");
            return;
        }

        var exception = Assert.ThrowsAsync<ApiException>(() => operation.Call(Api(recorded), recorded.RequestBody))!;

        Assert.That(exception.StatusCode, Is.EqualTo(recorded.Status));
        Assert.That(exception.IsUnreadableSuccess, Is.EqualTo(recorded.Status == 200));
        Assert.That(exception.Response, Is.EqualTo(recorded.Status == 200 ? null : recorded.ResponseBody));
    }

    [TestCaseSource(nameof(Failures))]
    public void Failures_become_TokenClientExceptions(RecordedExchange recorded)
    {
        var is2023 = recorded.Name.StartsWith("v1-", StringComparison.Ordinal);
        var kind = recorded.Path.Contains("/programAccessTokens/", StringComparison.Ordinal)
                ? (is2023 ? FimidaraTokenKind.ProgramAccessToken2023 : FimidaraTokenKind.ProgramAccessToken)
            : is2023 ? FimidaraTokenKind.ClientAssignedToken2023
            : recorded.Name.StartsWith("client-assigned-tokens/", StringComparison.Ordinal) ? FimidaraTokenKind.ClientAssignedToken
            : FimidaraTokenKind.AgentToken;
        var folder = FimidaraFixture.Path(kind);
        _vendor.On("POST", $"{folder}/getToken", Response(recorded));
        _vendor.On("POST", $"{folder}/getWorkspaceTokens", Response(recorded));
        using var client = new FimidaraTokenClient(
            "recorded", new FimidaraOptions { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, CreationSettleTime = TimeSpan.Zero,
                Token = new TokenSecret("synthetic"), TokenKind = kind });

        var ofGet = Assert.CatchAsync<TokenClientException>(() => client.GetAsync(TokenReference.ById("any")))!;
        var ofList = Assert.CatchAsync<TokenClientException>(async () => await client.ListAsync().ToListAsync())!;

        var errors = recorded.ResponseBody.StartsWith('{') ? (JArray)JObject.Parse(recorded.ResponseBody)["errors"]! : [];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ofGet, Is.TypeOf(ExpectedType(recorded.Status, isAboutToken: errors.Count > 0)));
            Assert.That(ofList, Is.TypeOf(ExpectedType(recorded.Status, isAboutToken: false)));
            foreach (var exception in new[] { ofGet, ofList })
            {
                Assert.That((int)exception.Status!, Is.EqualTo(recorded.Status));
                Assert.That(exception.VendorErrorCode, Is.EqualTo((string?)errors.FirstOrDefault()?["name"]));
                foreach (var error in errors)
                    Assert.That(exception.VendorMessage, Does.Contain((string)error["message"]!));
                Assert.That(exception.IsTransient, Is.EqualTo(recorded.Status == 500));
                if (exception is TokenInvalidRequestException invalid)
                {
                    Assert.That(invalid.Problems, Is.EqualTo(errors.Where(error => error["field"] is not null).Select(error =>
                        new TokenRequestProblem(
                            (string)error["field"]! is { Length: > 0 } field ? field : null, (string)error["message"]!))));
                }
            }
        }
    }

    private static IEnumerable<TestCaseData> Cases()
        => Exchanges.Select(exchange => new TestCaseData(exchange).SetArgDisplayNames(exchange.Name));

    private static IEnumerable<TestCaseData> Failures()
        => Exchanges.Where(exchange => exchange.Status != 200 || exchange.ResponseBody.Length == 0)
            .Select(exchange => new TestCaseData(exchange).SetArgDisplayNames(exchange.Name));

    // An error status of a list is not about a token, and a page in place of JSON is not from the API.
    private static Type ExpectedType(int status, bool isAboutToken) => status switch
    {
        200 => typeof(TokenInvalidResponseException),
        400 => typeof(TokenInvalidRequestException),
        401 => typeof(TokenAuthenticationException),
        403 => typeof(TokenPermissionException),
        404 when isAboutToken => typeof(TokenNotFoundException),
        404 => typeof(TokenClientException),
        409 => typeof(TokenConflictException),
        500 => typeof(TokenServiceUnavailableException),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No recording has it."),
    };

    // The requests of 2022 and 2023 have the same names. Those of 2023 also have pages.
    private static string? WhyNotSentAsRecorded(RecordedExchange recorded)
        => NotSentAsRecorded.GetValueOrDefault(recorded.Name)
            ?? (recorded.Name.StartsWith("v1-", StringComparison.Ordinal)
                && !recorded.Path.EndsWith("/getWorkspaceTokens", StringComparison.Ordinal)
                    ? NotSentAsRecorded.GetValueOrDefault(recorded.Name["v1-".Length..]) : null);

    private static (TypedOperation Operation, string Method, string Path) OperationOf(RecordedExchange recorded)
    {
        var key = Nearest.GetValueOrDefault(recorded.MethodAndPath, recorded.MethodAndPath);
        var (name, operation) = Operations.Single(operation => operation.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
        var parts = name.Split(' ');
        return (operation, parts[0], parts[1]);
    }

    private static VendorResponse Response(RecordedExchange recorded)
    {
        var response = VendorResponse.Json(recorded.Status, recorded.ResponseBody);
        response.Headers.Clear();
        foreach (var (name, value) in recorded.ResponseHeaders.Where(header => header.Key != "content-length"))
            response.With(name, value);
        return response;
    }

    private static bool SameJson(string left, string right)
    {
        if (!right.StartsWith('{'))
            return false;
        try
        {
            return JsonElement.DeepEquals(JsonElement.Parse(left), JsonElement.Parse(right));
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    private static string WithoutNulls(string json)
    {
        using var reader = new JsonTextReader(new StringReader(json)) { DateParseHandling = DateParseHandling.None };
        var body = JObject.Load(reader);
        foreach (var member in body.Descendants().OfType<JProperty>().Where(member => member.Value.Type == JTokenType.Null).ToList())
            member.Remove();
        return body.ToString(Formatting.None);
    }

    private FimidaraApiClient Api(RecordedExchange recorded)
        => new(_connection.CreateHttpClient(
            recorded.RequestHeaders.TryGetValue("authorization", out var authorization)
                ? new FixedCredential(() => new TokenSecret(authorization), RequestCredential.Header("Authorization"))
                : null));

    private sealed record TypedOperation(Func<IFimidaraApiClient, string, Task<object>> Call)
    {
        public static TypedOperation Of<TRequest>(Func<IFimidaraApiClient, TRequest, Task<object>> call)
            where TRequest : class, new()
            => new((api, body) => call(api, Typed<TRequest>(body)));

        // Members that don't fit the typed request are left out.
        private static TRequest Typed<TRequest>(string body)
            where TRequest : class, new()
        {
            if (!body.StartsWith('{'))
                return new TRequest();
            try
            {
                using var reader = new JsonTextReader(new StringReader(body));
                return Json.Deserialize<TRequest>(reader) ?? new TRequest();
            }
            catch (Newtonsoft.Json.JsonException)
            {
                return new TRequest();
            }
        }
    }
}
