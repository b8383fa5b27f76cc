using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tokenwright.Adapters;
using Tokenwright.ContractTests.SpecOperations;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.SpecTests.Spec;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>
/// Tests every operation of every spec, even if the facade doesn't use it: the typed client sends what the spec says, and accepts every
/// declared response. The cases are generated from the specs, so a new operation or status needs no change here.
/// </summary>
internal sealed class SpecOperationTests
{
    // The only number here that is not read from the specs. It changes when an operation is added to a spec.
    private const int Operations = 68;

    private const string SomeSecret = "synthetic-secret-of-an-undeclared-response";

    private VendorServer _vendor = null!;
    private HttpClient _http = null!;
    private VendorResponse _response = null!;
    private ReceivedRequest? _received;

    // All cases share one server, because there are many. Each configures its own response.
    [OneTimeSetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        foreach (var method in new[] { "GET", "PUT", "POST", "PATCH", "DELETE" })
            _vendor.On(method, "/*", Received);
        _http = new HttpClient { BaseAddress = _vendor.BaseAddress };

        VendorResponse Received(ReceivedRequest request)
        {
            _received = request;
            return _response;
        }
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _http.Dispose();
        _vendor.Dispose();
    }

    [TestCaseSource(nameof(Requests))]
    public async Task Sends_what_the_spec_says(SpecRequest request, TypedOperation operation)
    {
        _response = SpecResponse.Of(request.Spec, request.Operation).First(response => response.IsSuccess).Response;

        await operation.CallAsync(_http, request);

        Sent.Has(_received!, request.Operation.Method, request.PathAndQuery, [.. ExpectedHeaders(request)]);
        switch (request.MediaType)
        {
            case null:
                Assert.That(_received!.Body, Is.Empty);
                break;
            case "application/x-www-form-urlencoded":
                Assert.That(_received!.Form(),
                    Is.EquivalentTo(request.Body!.AsObject().ToDictionary(field => field.Key, field => field.Value!.ToString())));
                break;
            case "text/plain":
                Assert.That(_received!.Body, Is.EqualTo(request.Body!.ToString()));
                break;
            default:
                AssertSame(JsonNode.Parse(_received!.Body), request.Body);
                break;
        }
    }

    [TestCaseSource(nameof(Successes))]
    public async Task Reads_a_success(SpecResponse response, TypedOperation operation)
    {
        _response = response.Response;

        var result = await operation.CallAsync(_http, SpecRequest.Of(response.Spec, response.Operation).First());

        AssertSame(Comparable(result), Comparable(response.Body));
    }

    [TestCaseSource(nameof(Errors))]
    public void Keeps_an_error(SpecResponse response, TypedOperation operation)
    {
        _response = response.Response;

        var exception =
            Assert.CatchAsync<ApiException>(() => operation.CallAsync(_http, SpecRequest.Of(response.Spec, response.Operation).First()))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.StatusCode, Is.EqualTo(_response.Status));
            Assert.That(exception.Response, Is.EqualTo(_response.Body));
            foreach (var (name, value) in _response.Headers)
                Assert.That(exception.GetHeader(name), Is.EqualTo(value), name);
        }
    }

    // On a connection with a credential: the spec declares for each operation whether the credential is sent.
    [TestCaseSource(nameof(Credentials))]
    public async Task Carries_the_credential_where_the_spec_has_one_and_nowhere_else(SpecRequest request, TypedOperation operation)
    {
        _response = SpecResponse.Of(request.Spec, request.Operation).First(response => response.IsSuccess).Response;
        using var connection = Connect();
        var credential = new CountingCredential();
        using var http = connection.CreateHttpClient(credential);

        await operation.CallAsync(http, request);

        var isAnonymous = request.Operation.Node["security"] is JsonArray { Count: 0 };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_received!.Header(CountingCredential.Name), isAnonymous ? Is.Null : Is.EqualTo("credential"));
            Assert.That(credential.Asked, Is.EqualTo(isAnonymous ? 0 : 1), "What is not sent is not exchanged either.");
        }
    }

    [Test]
    public void An_anonymous_operation_that_is_refused_does_not_drop_the_credential()
    {
        _response = VendorResponse.Json(401, "{}");
        using var connection = Connect();
        var credential = new CountingCredential();
        using var http = connection.CreateHttpClient(credential);
        foreach (var test in Credentials()
            .Where(test => ((SpecRequest)test.Arguments[0]!).Operation.Node["security"] is JsonArray { Count: 0 }))
            Assert.CatchAsync<ApiException>(() => ((TypedOperation)test.Arguments[1]!).CallAsync(http, (SpecRequest)test.Arguments[0]!));

        Assert.That((credential.Asked, credential.Dropped), Is.EqualTo((0, 0)));
    }

    // Lists every spec with an anonymous operation, so that the tests above are never empty.
    [Test]
    public void Four_specs_have_anonymous_operations()
        => Assert.That(
            Credentials().Select(test => (SpecRequest)test.Arguments[0]!)
                .Where(request => request.Operation.Node["security"] is JsonArray { Count: 0 }).Select(request => request.Operation.Name),
            Is.EquivalentTo(new[] { "login", "requestAccessToken", "introspectAccessToken", "revokeAccessToken",
                "getAccessTokenByApiRefreshToken", "getApiTokenDetails", "getTokenPublicKey", "Login" }));

    // Servers send other success statuses than documented. The client goes by the body.
    [TestCaseSource(nameof(UndeclaredSuccesses))]
    public async Task Reads_an_undeclared_success(SpecResponse response, TypedOperation operation)
    {
        _response = VendorResponse.Bytes(299, System.Text.Encoding.UTF8.GetBytes(response.Response.Body), "application/json");

        var result = await operation.CallAsync(_http, SpecRequest.Of(response.Spec, response.Operation).First());

        AssertSame(Comparable(result), Comparable(response.Body));
    }

    // Reads the specs again in another way, so that no case is lost unnoticed.
    [TestCaseSource(typeof(Vendors), nameof(Vendors.Names))]
    public void Every_operation_and_status_has_its_cases(string vendor)
    {
        var paths = (JsonObject)SpecFile.Of(vendor).Root["paths"]!;
        var declared = paths.SelectMany(path => (JsonObject)path.Value!).Select(member => member.Value).OfType<JsonObject>()
            .Where(node => node.ContainsKey("operationId"))
            .ToList();
        var operations = declared.Select(node => node.Text("operationId")!).ToList();
        var statuses = declared.SelectMany(
            node => node.Members("responses").Select(response => $"{node.Text("operationId")} {response.Key}")).ToList();
        var responded = Successes().Concat(Errors()).Select(test => (SpecResponse)test.Arguments[0]!)
            .Where(response => response.Spec == SpecFile.Of(vendor)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(operations,
                Has.Count.EqualTo(Regex.Count(Vendors.Read(vendor, "openapi.yaml"), "(?m)^ +operationId: ")).And.Count.GreaterThan(0));
            Assert.That(OperationsOf(Requests(), vendor), Is.EquivalentTo(operations));
            Assert.That(
                UndeclaredSuccesses().Select(test => (SpecResponse)test.Arguments[0]!)
                    .Where(response => response.Spec == SpecFile.Of(vendor)).Select(response => response.Operation.Name),
                Is.EquivalentTo(operations));
            Assert.That(
                responded.Select(response => $"{response.Operation.Name} {response.DeclaredStatus}").Distinct(), Is.EquivalentTo(statuses));
        }

        // At least: two requests and an undeclared success for each operation, and a response to each example of a status.
        var cases = AllCases(vendor);
        TestContext.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{operations.Count} operations, {statuses.Count} statuses, {cases.Count} cases"));
        Assert.That(cases, Has.Count.AtLeast((3 * operations.Count) + statuses.Count).And.Unique);
    }

    [Test]
    public void No_operation_of_any_spec_is_lost()
        => Assert.That(Requests().Select(test => ((SpecRequest)test.Arguments[0]!).Operation).Distinct().Count(), Is.EqualTo(Operations));

    private static IEnumerable<TestCaseData> Requests()
        => Cases((vendor, spec, operation, typed) =>
            SpecRequest.Of(spec, operation).Select(request => Case(vendor, operation, request.Name, request, typed)));

    private static IEnumerable<TestCaseData> Successes() => Responses(success: true);

    private static IEnumerable<TestCaseData> Errors() => Responses(success: false);

    private static IEnumerable<TestCaseData> UndeclaredSuccesses()
        => Cases((vendor, spec, operation, typed) =>
            [Case(vendor, operation, "299", SpecResponse.Of(spec, operation).First(response => response.IsSuccess), typed)]);

    private static IEnumerable<TestCaseData> Credentials()
        => Cases((vendor, spec, operation, typed) =>
            [Case(vendor, operation, "credential", SpecRequest.Of(spec, operation).First(), typed)]);

    private static List<string> AllCases(string vendor)
    {
        var prefix = NameOf(vendor) + " ";
        return [.. Requests().Concat(Successes()).Concat(Errors()).Concat(UndeclaredSuccesses()).Select(test => test.TestName!)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
    }

    private static IEnumerable<TestCaseData> Responses(bool success)
        => Cases((vendor, spec, operation, typed) => SpecResponse.Of(spec, operation)
            .Where(response => response.IsSuccess == success)
            .Select(response => Case(vendor, operation, response.Name, response, typed)));

    private static IEnumerable<TestCaseData> Cases(Func<string, SpecFile, SpecOperation, TypedOperation, IEnumerable<TestCaseData>> make)
        => from vendor in Vendors.Names
           let spec = SpecFile.Of(vendor)
           let client = TypedOperation.ClientOf(vendor)
           from operation in spec.Operations
           from test in make(NameOf(vendor), spec, operation, new TypedOperation(operation, client))
           select test;

    private static TestCaseData Case(string vendor, SpecOperation operation, string what, object argument, TypedOperation typed)
        => new TestCaseData(argument, typed).SetName($"{vendor} {operation.Name} {what}");

    /// <summary>Returns the vendor's name as in code.</summary>
    private static string NameOf(string vendor) => TypedOperation.ClientOf(vendor).Name[..^"ApiClient".Length];

    private static IEnumerable<string> OperationsOf(IEnumerable<TestCaseData> cases, string vendor)
        => cases.Select(test => (SpecRequest)test.Arguments[0]!)
            .Where(request => request.Spec == SpecFile.Of(vendor))
            .Select(request => request.Operation.Name)
            .Distinct();

    // The client has no credential here: the connection provides it.
    private static IEnumerable<(string Name, string Value)> ExpectedHeaders(SpecRequest request)
    {
        if (request.Accept is { } accept)
            yield return ("Accept", accept);
        if (request.MediaType is { } mediaType)
            yield return ("Content-Type", mediaType);
        else if (request.Operation.Method == "POST")
            yield return ("Content-Type", "application/json; charset=utf-8");
    }

    private static void AssertSame(JsonNode? actual, JsonNode? expected)
        => Assert.That(JsonNode.DeepEquals(actual, expected), Is.True,
            () => $"actual:   {actual?.ToJsonString()}{Environment.NewLine}expected: {expected?.ToJsonString()}");

    /// <summary>
    /// Removes nulls, which mean the same as missing members, and gives all times one form, because models contain instants.
    /// </summary>
    private static JsonNode? Comparable(JsonNode? node) => node switch
    {
        JsonObject found => new JsonObject(
            found.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Key, Comparable(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Comparable)]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.Contains('-', StringComparison.Ordinal)
            && VendorTime.TryParse(text, out var time) => time.ToString("O"),
        _ => node?.DeepClone(),
    };

    // The options of any vendor: they don't matter for a typed client.
    private VendorConnection Connect()
    {
        var options = new ExtremeCloudIQOptions { BaseAddress = _vendor.BaseAddress, ApiToken = new TokenSecret("unused"), MaxRetries = 0 };
        return VendorConnection.Open(ExtremeCloudIQVendor.Instance, "any", () => options);
    }

    /// <summary>A credential that counts how often it was requested, and dropped.</summary>
    private sealed class CountingCredential() : RequestCredential(Header(Name))
    {
        public const string Name = "X-Credential";

        public int Asked { get; private set; }

        public int Dropped { get; private set; }

        public override ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return new(new TokenSecret("credential"));
        }

        public override void Refused(TokenSecret refused) => Dropped++;
    }
}
