using System.Text.Json.Nodes;
using Tokenwright.Cli.Audit;
using Tokenwright.Cli.Connections;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.CliTests;

/// <summary>What an audit reports, and what it doesn't report.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class AuditTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenCapabilities Daily =
        new([]) { LastUsedGranularity = TimeSpan.FromDays(1), Limits = new() { TokensPerOwner = 10 } };
    private static readonly TokenCapabilities Blind = new([]);
    private static readonly TokenCapabilities Endless = new([]) { TokensCanExpire = false };

    private static IEnumerable<TestCaseData> Tokens()
    {
        yield return Finds("nothing wrong", Token(), Daily);
        yield return Finds("ended a second ago", Token(expires: Now.AddSeconds(-1), used: Now.AddDays(-300)), Daily, "TW001");
        yield return Finds("called expired by the vendor", Token(state: TokenState.Expired), Daily, "TW001");
        yield return Finds("ends in 14 days", Token(expires: Now.AddDays(14)), Daily, "TW002");
        yield return Finds("ends in 15 days", Token(expires: Now.AddDays(15)), Daily);
        yield return Finds("never expires", Token(never: true), Daily, "TW003");
        yield return Finds("never expires, as no token of the vendor does", Token(never: true), Endless, "TW003");
        yield return Finds("valid for 366 days", Token(created: Now.AddDays(-100), expires: Now.AddDays(266)), Daily);
        yield return Finds(
            "valid for 366 days and a second", Token(created: Now.AddDays(-100), expires: Now.AddDays(266).AddSeconds(1)), Daily, "TW012");
        yield return Finds("valid for longer, but expired", Token(created: Now.AddDays(-500), expires: Now.AddDays(-1)), Daily, "TW001");
        yield return Finds(
            "valid for longer, but revoked", Token(expires: Now.AddDays(500), state: TokenState.Revoked), Daily);
        yield return Finds("366 days left, issued nobody knows when", Token(noStart: true, expires: Now.AddDays(366)), Daily);
        yield return Finds("367 days left, issued nobody knows when", Token(noStart: true, expires: Now.AddDays(367)), Daily, "TW012");
        yield return Finds(
            "367 days left, issued in the future", Token(created: Now.AddDays(9), expires: Now.AddDays(367)), Daily, "TW012");
        yield return Finds("an end that isn't known", Token(noEnd: true), Daily);
        yield return Finds("used 91 days ago, as a daily record has it", Token(used: Now.AddDays(-91)), Daily, "TW004");
        yield return Finds("used 90.5 days ago, which may have been 89.5", Token(used: Now.AddDays(-90.5)), Daily);
        yield return Finds("never used since 30 days", Token(neverUsed: true, created: Now.AddDays(-30)), Daily, "TW005");
        yield return Finds("never used since 29 days", Token(neverUsed: true, created: Now.AddDays(-29)), Daily);
        yield return Finds("no use recorded where the vendor records none", Token(neverUsed: true, created: Now.AddDays(-200)), Blind);
        yield return Finds("all scopes", Token(scopes: ["sp:scopes:all"]), Daily, "TW006");
        yield return Finds("a scope with another one's name in it", Token(scopes: ["sp:scopes:allowed"]), Daily);
        yield return Finds("an administrator", Token(roles: ["ADMINISTRATOR"]), Daily, "TW006");
        yield return Finds("all roles in the vendor's own model", Token(
            raw: new ApiTokenDetailsDto { AllowedScopes = new() { OrganizationScopes = new() { AllRoles = true } } }), Daily, "TW006");
        yield return Finds("all permissions of a service", Token(raw: new ApiTokenDetailsDto
            { AllowedScopes = new() { ServicesScopes = [new() { ServiceDefinitionId = "s", AllPermissions = true }] } }), Daily, "TW006");
        yield return Finds("no owner", Token(noOwner: true), Daily, "TW007");
        yield return Finds("an owner without id and name", Token(owner: new TokenOwner { Kind = "user" }), Daily, "TW007");
        yield return Finds("off for 30 days", Token(state: TokenState.Deactivated, updated: Now.AddDays(-30)), Daily, "TW009");
        yield return Finds(
            "an expiry that can't be read", Token(noEnd: true, state: TokenState.Unknown, unreadable: TokenFields.Expiry), Daily, "TW011");
        yield return Finds("rights that can't be read", Token(unreadable: TokenFields.Rights), Daily, "TW011");
        yield return Finds("a last use that can't be read, which is not none",
            Token(neverUsed: true, created: Now.AddDays(-200), unreadable: TokenFields.LastUse), Daily, "TW011");
        yield return Finds("a flag that can't be read, of a token that expired",
            Token(expires: Now.AddDays(-1), unreadable: TokenFields.State), Daily, "TW001", "TW011");
        yield return Finds("off for a day", Token(state: TokenState.Deactivated, updated: Now.AddDays(-1)), Daily);
    }

    [TestCaseSource(nameof(Tokens))]
    public void The_audit_of_a_token_finds_the_expected_rules(string _, ApiToken token, TokenCapabilities capabilities, string[] rules)
        => Assert.That(new Auditor(new AuditPolicy(), Now).Judge(token, capabilities).Select(finding => finding.RuleId), Is.EqualTo(rules));

    [TestCase("build server", "build-server (2)", true)]
    [TestCase("build server", "Build_Server old", true)]
    [TestCase("backup", "backup v2", true)]
    [TestCase("backup", "backups", false)]
    [TestCase("1", "2", false)]
    public void Names_that_differ_by_a_number_or_a_word_count_as_one_purpose(string first, string second, bool areSame)
    {
        var auditor = new Auditor(new AuditPolicy(), Now);
        _ = auditor.Judge(Token(name: first), Daily).ToList();
        _ = auditor.Judge(Token(name: second), Daily).ToList();
        Assert.That(auditor.JudgeTogether().Select(finding => finding.RuleId), areSame ? Is.EqualTo(new[] { "TW008", "TW008" }) : Is.Empty);
    }

    [TestCase(8, false)]
    [TestCase(9, true)]
    public void More_than_80_percent_of_the_quota_is_found(int count, bool isFound)
    {
        var auditor = new Auditor(new AuditPolicy(), Now);
        for (var i = 0; i < count; i++)
            _ = auditor.Judge(Token(name: $"{(char)('a' + i)}{(char)('k' + i)}"), Daily).ToList();
        Assert.That(auditor.JudgeTogether().Select(finding => finding.RuleId), isFound ? Is.EqualTo(new[] { "TW010" }) : Is.Empty);
    }

    [Test]
    public void Every_rule_has_a_case_and_says_what_to_do()
    {
        var tried = Tokens().SelectMany(test => (string[])test.Arguments[3]!).Concat(["TW008", "TW010"]).Distinct().Order();
        Assert.Multiple(() =>
        {
            Assert.That(tried, Is.EqualTo(AuditRule.All.Select(rule => rule.Id)));
            Assert.That(AuditRule.All.Select(rule => rule.Remedy), Has.All.Not.Empty);
        });
    }

    [Test]
    public async Task An_audit_of_all_vendors_finds_something_at_each_and_says_so_by_its_exit_status()
    {
        using var workplace = new Workplace();
        workplace.Emulator<VMwareCloudEmulator>().OwnToken.ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(3);
        var run = await workplace.RunAsync("audit", "-o", "json");
        var findings = JsonNode.Parse(run.Output)!["findings"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(findings.Select(finding => (string)finding!["vendor"]!).Distinct(),
                Is.EquivalentTo(VendorEntry.All.Select(vendor => vendor.Name)));
            Assert.That(findings.Select(finding => (string)finding!["fingerprint"]!), Is.Unique);
        });
    }

    // An unreadable value must not pass as harmless, and a last use at the minimum date means that there was none.
    [TestCase("expirationDate", "\"never\"", "TW011")]
    [TestCase("expirationDate", "\"\"", "TW011")]
    [TestCase("expirationDate", "\"2020-01-02T03:04:05.000 UTC\"", "TW001")]
    [TestCase("scope", "{\"all\":true}", "TW011")]
    [TestCase("lastUsed", "\"0001-01-01T00:00:00Z\"", "TW005")]
    [TestCase("lastUsed", "0", "TW005")]
    public async Task An_unexpected_value_of_a_vendor_leads_to_a_finding(string member, string json, string rule)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        var now = TimeProvider.System.GetUtcNow();
        emulator.Add(new EmulatedToken
        {
            Name = "odd", CreatedAt = now.AddDays(-60), LastUsedAt = now.AddDays(-2), ExpiresAt = now.AddDays(60),
                Scopes = ["sp:scopes:default"], Extra = new() { [member] = JsonNode.Parse(json) },
        });

        var run = await workplace.RunAsync("audit", "-o", "json");

        Assert.That(
            JsonNode.Parse(run.Output)!["findings"]!.AsArray().Select(finding => (string?)finding!["ruleId"]), Is.EqualTo(new[] { rule }));
        Assert.That(run.ExitCode, Is.EqualTo(1));
    }

    [TestCase("""{"code":401,"message":"session expired"}""", "session expired")]
    [TestCase("{}", "has no list")]
    [TestCase("""{"paging":{"total_count":3}}""", "has no list")]
    public async Task A_list_that_is_missing_is_a_failure_and_not_an_audit_without_findings(string body, string said)
    {
        using var workplace = new Workplace(connections: ["storage", "cloud"]);
        workplace.Emulator<VMwareCloudEmulator>().OwnToken.ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(300);
        workplace.Emulator<XmsEmulator>().On("GET", "/v1/access-tokens/", VendorResponse.Json(200, body));

        var run = await workplace.RunAsync("audit", "--fail-on", "none");

        Assert.That((run.ExitCode, run.Error.Contains(said, StringComparison.Ordinal)), Is.EqualTo((3, true)), run.Error);
    }

    [TestCase("low", 1)]
    [TestCase("medium", 1)]
    [TestCase("high", 0)]
    [TestCase("none", 0)]
    public async Task Exit_status_is_1_for_findings_of_the_given_severity_or_higher(string failOn, int status)
    {
        using var workplace = new Workplace(connections: ["cloud"]);
        workplace.Emulator<VMwareCloudEmulator>().OwnToken.ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(3);
        Assert.That((await workplace.RunAsync("audit", "--fail-on", failOn)).ExitCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Exceptions_accept_a_finding_until_their_date_and_give_a_reason()
    {
        using var workplace = new Workplace(connections: ["storage"]);
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var policy = workplace.WritePrivate("policy.json", $$"""
            {
              "Severities": { "TW006": "none" },
              "Exceptions": [
                { "Rule": "TW003", "Vendor": "Xms", "Token": "7", "Reason": "The vendor's tokens never expire.", "Until": "{{tomorrow}}" },
                { "Rule": "TW003", "Connection": "storage", "Token": "name", "Reason": "Was accepted.", "Until": "2026-01-31" }
              ]
            }
            """);
        var run = await workplace.RunAsync("audit", "--policy", policy, "-o", "json");
        var findings = JsonNode.Parse(run.Output)!["findings"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(findings.Select(finding => ((string?)finding!["tokenId"], (string?)finding["exceptionUntil"])),
                Is.EquivalentTo(new[] { ("7", tomorrow), ("0", (string?)null) }));
            Assert.That(run.Error, Does.Contain("policy.json:5: the exception from TW003 expired on 2026-01-31"));
            Assert.That(run.Error, Does.Contain("2 tokens of 1 connection: 1 finding (1 medium), and 1 accepted finding."));
        });
    }

    [TestCase("{ \"Thresholds\": { \"UnusedDay\": 5 } }", "Thresholds:UnusedDay: is not a threshold", "Did you mean UnusedDays?")]
    [TestCase("{ \"Thresholds\": { \"QuotaPercent\": 101 } }", "QuotaPercent", "from 0 to 100")]
    [TestCase("{ \"Thresholds\": { \"MaximumLifetimeDays\": -1 } }", "MaximumLifetimeDays", "from 0 to 36500")]
    [TestCase("{ \"Thresholds\": { \"MaxLifetimeDays\": 90 } }", "Thresholds:MaxLifetimeDays", "Did you mean MaximumLifetimeDays?")]
    [TestCase("{ \"Severities\": { \"TW001\": \"fatal\" } }", "Severities:TW001", "high, medium, low, or none")]
    [TestCase("{ \"Severities\": { \"TW999\": \"low\" } }", "TW999", "is not a rule")]
    [TestCase("{ \"BroadScopes\": [\"\"] }", "BroadScopes:0", "not empty")]
    [TestCase("{ \"Exceptions\": [{ \"Rule\": \"TW001\", \"Token\": \"x\", \"Until\": \"2027-01-01\" }] }", "Exceptions:0",
        "Reason is missing")]
    [TestCase("{ \"Exceptions\": [{ \"Rule\": \"TW001\", \"Token\": \"x\", \"Reason\": \"y\" }] }", "Exceptions:0", "Until is missing")]
    [TestCase("{ \"Exceptions\": [{ \"Rule\": \"TW001\", \"Token\": \"x\", \"Reason\": \"y\", \"Until\": \"soon\" }] }",
        "Exceptions:0:Until", "2027-01-31")]
    [TestCase("{ \"Exceptions\": [{ \"Rule\": \"TW001\", \"Reason\": \"y\", \"Until\": \"2027-01-01\" }] }", "Exceptions:0",
        "names no Token")]
    [TestCase("{ \"Exception\": [] }", "Exception", "Did you mean Exceptions?")]
    public async Task An_error_in_a_policy_is_reported_with_its_line(string text, string field, string said)
    {
        using var workplace = new Workplace(connections: []);
        var run = await workplace.RunAsync("audit", "--policy", workplace.WritePrivate("policy.json", text));
        Assert.Multiple(() =>
        {
            Assert.That(run.ExitCode, Is.EqualTo(2));
            Assert.That(run.Error, Does.Contain("policy.json:1: ").And.Contain(field).And.Contain(said));
        });
    }

    [Test]
    public async Task Where_no_token_can_expire_that_is_medium_unless_the_policy_says_otherwise()
    {
        using var workplace = new Workplace(connections: ["storage", "identity"]);
        var policy = workplace.WritePrivate("policy.json", """{ "Severities": { "TW003": "high" } }""");

        var run = await workplace.RunAsync("audit", "--rule", "TW003", "-o", "json");
        var strict = await workplace.RunAsync("audit", "--rule", "TW003", "-o", "json", "--policy", policy);

        var findings = JsonNode.Parse(run.Output)!["findings"]!.AsArray();
        Assert.Multiple(() =>
        {
            Assert.That(findings.Select(finding => ((string?)finding!["vendor"], (string?)finding["severity"],
                    ((string)finding["reason"]!).EndsWith("; no token of this vendor can expire.", StringComparison.Ordinal))).Distinct(),
                Is.EquivalentTo(new[] { ("SailPoint", "high", false), ((string?)"Xms", (string?)"medium", true) }));
            Assert.That(JsonNode.Parse(strict.Output)!["findings"]!.AsArray().Select(finding => (string?)finding!["severity"]),
                Has.All.EqualTo("high"));
        });
    }

    [TestCase(400, null, "It is valid for 460 d, from ")]
    [TestCase(200, null, null)]
    [TestCase(200, 259, "It is valid for 260 d, from ")]
    public async Task A_lifetime_that_is_longer_than_the_policy_allows_is_a_finding(int left, int? most, string? reason)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        AddToken(workplace, left, extra: null);
        var policy = workplace.WritePrivate(
            "policy.json", most is null ? "{}" : $$"""{ "Thresholds": { "MaximumLifetimeDays": {{most}} } }""");

        var run = await workplace.RunAsync("audit", "--policy", policy, "-o", "json");

        Assert.That(Reasons(run, "TW012"), reason is null ? Is.Empty : Has.One.StartsWith(reason));
    }

    [TestCase(400, "It is valid for 400 d more, until ")]
    [TestCase(365, null)]
    public async Task Without_a_creation_time_the_time_that_is_left_counts(int left, string? reason)
    {
        using var workplace = new Workplace(connections: ["identity"]);
        AddToken(workplace, left, new JsonObject { ["created"] = null });

        var run = await workplace.RunAsync("audit", "-o", "json");

        Assert.That(Reasons(run, "TW012"), reason is null ? Is.Empty : Has.One.StartsWith(reason));
    }

    private static void AddToken(Workplace workplace, int daysLeft, JsonObject? extra)
    {
        var emulator = workplace.Emulator<SailPointEmulator>();
        emulator.Clear();
        var now = TimeProvider.System.GetUtcNow();
        emulator.Add(new EmulatedToken { Name = "long", CreatedAt = now.AddDays(-60), LastUsedAt = now, ExpiresAt = now.AddDays(daysLeft),
            Scopes = ["sp:scopes:default"], Extra = extra });
    }

    private static IEnumerable<string> Reasons(Run run, string rule) => JsonNode.Parse(run.Output)!["findings"]!.AsArray()
        .Where(finding => (string?)finding!["ruleId"] == rule).Select(finding => (string)finding!["reason"]!);

    // One record that can't be read hides neither the others nor itself.
    [TestCase("\"a token\"", "A record in the vendor's list can't be read.")]
    [TestCase("null, [], 7", "3 records in the vendor's list can't be read.")]
    public async Task A_record_that_cannot_be_read_is_a_finding_and_the_others_are_audited(string elements, string reason)
    {
        const string Other = """{"id":"1","name":"other","owner":{"id":"2"},"scope":["sp:scopes:all"],"lastUsed":"2020-01-01T00:00:00Z"}""";
        using var workplace = new Workplace(connections: ["identity"]);
        workplace.Emulator<SailPointEmulator>().On(
            "GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, $"[{elements}, {Other}]"));

        var run = await workplace.RunAsync("audit", "-o", "json");

        Assert.Multiple(() =>
        {
            Assert.That(Reasons(run, "TW011"), Is.EqualTo(new[] { $"{reason} Tokens may be missing here." }));
            Assert.That(Reasons(run, "TW006"), Is.EqualTo(new[] { "It has scope sp:scopes:all." }));
            Assert.That(run.ExitCode, Is.EqualTo(1));
            Assert.That(run.Error, Does.Contain("\n1 token of 1 connection: "));
        });
    }

    [TestCase("storage", """{"access_tokens":"none"}""")]
    [TestCase("storage", """{"access_tokens":[{"id":1},{"id":""")]
    public async Task A_response_that_cannot_be_read_is_a_finding_and_a_failure(string connection, string body)
    {
        using var workplace = new Workplace(connections: [connection, "identity"]);
        workplace.Emulator<XmsEmulator>().On("GET", "/v1/access-tokens/", VendorResponse.Json(200, body));

        var run = await workplace.RunAsync("audit", "-o", "json");

        Assert.Multiple(() =>
        {
            Assert.That(Reasons(run, "TW011"), Has.One.StartsWith($"Xms connection '{connection}', list: "));
            Assert.That((string?)JsonNode.Parse(run.Output)!["failures"]![0]!["kind"], Is.EqualTo("invalidResponse"));
            Assert.That(run.ExitCode, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task Each_finding_says_whose_token_it_is()
    {
        using var workplace = new Workplace(connections: ["identity"]);
        var json = JsonNode.Parse((await workplace.RunAsync("audit", "-o", "json")).Output)!["findings"]!.AsArray();
        var csv = Csv.Read((await workplace.RunAsync("audit", "-o", "csv")).Output);
        var owners = json.Select(finding => (string)finding!["owner"]!).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(owners, Is.Not.Empty.And.All.Not.Empty);
            Assert.That(csv.Select(row => row["owner"]), Is.EqualTo(owners));
        });
    }

    [Test]
    public void The_schema_file_of_policies_matches_the_rules() => SchemaFile.Hold("policy.schema.json", PolicySchema.Make());

    private static TestCaseData Finds(string name, ApiToken token, TokenCapabilities capabilities, params string[] rules)
        => new TestCaseData(name, token, capabilities, rules).SetArgDisplayNames(name);

    private static readonly TokenOwner Somebody = new() { Id = "1", Name = "somebody" };

    private static ApiToken Token(
        string? name = null,
        TokenOwner? owner = null,
        bool noOwner = false,
        DateTimeOffset? created = null,
        bool noStart = false,
        DateTimeOffset? updated = null,
        DateTimeOffset? expires = null,
        DateTimeOffset? used = null,
        bool never = false,
        bool noEnd = false,
        bool neverUsed = false,
        string[]? scopes = null,
        string[]? roles = null,
        TokenState? state = null,
        object? raw = null,
        TokenFields unreadable = TokenFields.None) => new()
        {
            Vendor = raw is ApiTokenDetailsDto ? VMwareCloud.VMwareCloudTokenClient.VendorName : "V",
            Connection = "c",
            Id = Guid.NewGuid().ToString("n"),
            Name = name,
            Owner = noOwner ? null : owner ?? Somebody,
            CreatedAt = noStart ? null : created ?? Now.AddDays(-10),
            UpdatedAt = updated,
            ExpiresAt = never || noEnd ? null : expires ?? Now.AddDays(100),
            NeverExpires = never,
            LastUsedAt = neverUsed ? null : used ?? Now.AddHours(-5),
            Scopes = [.. (scopes ?? []).Select(scope => new TokenScope(scope))],
            Roles = [.. (roles ?? []).Select(role => new TokenRole(role))],
            State = state ?? TokenState.Active,
            Raw = raw,
            Unreadable = unreadable,
        };
}
