using Tokenwright.SailPoint;
using Tokenwright.VMwareCloud;

namespace Tokenwright.UnitTests;

/// <summary>
/// Unreadable members of a record are unknown and never harmless, and times that mean "none" are none. Tested for all vendors, over a raw
/// socket.
/// </summary>
internal sealed class UnreadableRecordTests
{
    private static readonly string[] UnreadableExpiries =
        ["\"never\"", "\"\"", "\"soon\"", "{}", "[]", "true", "1e300", "99999999999999999999", "9223372036854775807", "\"05/06/2027\"",
            "\"1.2.2027\"", "\"0001-01-01T00:00:00+10:00\""];

    private static IEnumerable<TestCaseData> UnreadableOf()
        => from vendor in VendorRecord.All
           where vendor.Expiry is not null
           from json in UnreadableExpiries
           select new TestCaseData(vendor, json).SetArgDisplayNames(vendor.Name, json);

    [TestCaseSource(nameof(UnreadableOf))]
    public async Task An_expiry_that_can_not_be_read_makes_the_state_unknown(VendorRecord vendor, string json)
    {
        var token = await vendor.ReadAsync($"\"{vendor.Expiry}\":{json}");

        Assert.That((token.State, token.ExpiresAt, token.NeverExpires, token.Unreadable),
            Is.EqualTo((TokenState.Unknown, (DateTimeOffset?)null, false, TokenFields.Expiry)));
        Assert.That(token.UnknownFields.GetValueOrDefault(vendor.Expiry!), Is.EqualTo(json), "the raw text is kept");
    }

    [Test]
    public async Task An_unreadable_expiry_in_a_list_without_raw_records_makes_the_state_unknown()
    {
        using var server =
            VendorRecord.Serve(
            """[{"id":"a","expirationDate":"never"},{"id":"b"},{"id":"c","ExpirationDate":"2030-01-01T00:00:00Z"},{"id":"d","scope":""" +
            """{}}]""");
        using var client =
            new SailPointTokenClient("c", new() { BaseAddress = server.Address, ClientId = "id", ClientSecret = new TokenSecret("s") });

        var tokens = await client.ListAsync().ToListAsync();

        Assert.That(tokens.Select(token => (token.State.ToString(), token.NeverExpires, token.Unreadable)), Is.EqualTo(new[]
        {
            ("unknown", false, TokenFields.Expiry), ("active", true, TokenFields.None), ("active", false, TokenFields.None),
                ("active", true, TokenFields.Rights),
        }));
        Assert.That(tokens.Select(token => token.UnknownFields.Count), Is.EqualTo(new[] { 1, 0, 1, 1 }));
    }

    private static IEnumerable<TestCaseData> ReadableOf()
        => from vendor in VendorRecord.All
           where vendor.Expiry is not null
           from form in new[]
           {
               ("\"2020-01-02T03:04:05.000 UTC\"", "2020-01-02T03:04:05.0000000Z"),
                   ("\"2027-01-02T03:04:05Z[UTC]\"", "2027-01-02T03:04:05.0000000Z"),
               ("\"2027-01-02T04:04:05+01:00[Europe/Berlin]\"", "2027-01-02T03:04:05.0000000Z"),
                   ("\"2027-01-02 03:04:05 +0000 UTC\"", "2027-01-02T03:04:05.0000000Z"),
               ("1798859045000", "2027-01-02T03:04:05.0000000Z"), ("1798859045000.0", "2027-01-02T03:04:05.0000000Z"),
                   ("\"1798859045000.0\"", "2027-01-02T03:04:05.0000000Z"),
               ("1.798859045e12", "2027-01-02T03:04:05.0000000Z"), ("1798859045000000", "2027-01-02T03:04:05.0000000Z"),
                   ("\"1798859045000000\"", "2027-01-02T03:04:05.0000000Z"),
               ("1798859045000000000", "2027-01-02T03:04:05.0000000Z"),
           }
           select new TestCaseData(vendor, form.Item1, form.Item2).SetArgDisplayNames(vendor.Name, form.Item1);

    [TestCaseSource(nameof(ReadableOf))]
    public async Task Values_with_a_certain_meaning_are_read(VendorRecord vendor, string json, string expected)
    {
        var token = await vendor.ReadAsync($"\"{vendor.Expiry}\":{json}");

        Assert.That(token.ExpiresAt?.UtcDateTime.ToString("O"), Is.EqualTo(expected));
        Assert.That((token.NeverExpires, token.Unreadable), Is.EqualTo((false, TokenFields.None)));
        if (!vendor.IsProof && expected.StartsWith("2020", StringComparison.Ordinal))
            Assert.That(token.State, Is.EqualTo(TokenState.Expired));
        else
            Assert.That(token.State,
                Is.EqualTo(token.ExpiresAt > TimeProvider.System.GetUtcNow() || vendor.IsProof ? TokenState.Active : TokenState.Expired));
    }

    [TestCaseSource(typeof(VendorRecord), nameof(VendorRecord.All))]
    public async Task A_missing_or_null_expiry_is_read_by_the_vendors_rules(VendorRecord vendor)
    {
        var missing = await vendor.ReadAsync(string.Empty);
        var isNull = vendor.Expiry is null ? missing : await vendor.ReadAsync($"\"{vendor.Expiry}\":null");

        foreach (var token in new[] { missing, isNull })
            Assert.That((token.State, token.ExpiresAt, token.NeverExpires, token.Unreadable),
                Is.EqualTo((TokenState.Active, (DateTimeOffset?)null, vendor.MissingMeansNever, TokenFields.None)));
    }

    [Test]
    public async Task A_token_with_an_unreadable_time_counts_neither_as_unused_nor_as_never_expiring()
    {
        var vendor = VendorRecord.All.Single(vendor => vendor.Name == "SailPoint");
        const string Used = "\"created\":\"2020-01-01T00:00:00Z\",\"lastUsed\"";
        const string Expires = "\"expirationDate\"";
        using var server = VendorRecord.Serve(
            $$"""[{"id":"odd use",{{Used}}:"yesterday"},{"id":"no use",{{Used}}:null},{"id":"odd end",{{Expires}}:"soon"},{"id":"late """ +
                $$"""end",{{Expires}}:"2090-01-01T00:00:00Z"}]""");
        using var client = vendor.Open(server.Address);
        var instant = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var unused = await client.ListUnusedSinceAsync(instant).Select(token => token.Id).ToListAsync();
        var expiring = await client.ListExpiringBeforeAsync(instant).Select(token => token.Id).ToListAsync();

        Assert.That(unused, Does.Contain("no use").And.Not.Contain("odd use"));
        Assert.That(expiring, Is.EqualTo(new[] { "odd end" }));
    }

    private static IEnumerable<TestCaseData> ZerosOf(Func<VendorRecord, string?> member)
        => from vendor in VendorRecord.All
           where member(vendor) is not null
           from json in new[] { "\"0001-01-01T00:00:00Z\"", "\"1970-01-01T00:00:00Z\"", "\"1970-01-01T01:00:00+01:00\"", "0", "-1",
               "-62135596800", "-62135596800000" }
           select new TestCaseData(vendor, json).SetArgDisplayNames(vendor.Name, json);

    private static IEnumerable<TestCaseData> ZeroLastUses() => ZerosOf(vendor => vendor.LastUse);

    [TestCaseSource(nameof(ZeroLastUses))]
    public async Task A_zero_time_is_no_last_use(VendorRecord vendor, string json)
    {
        var token = await vendor.ReadAsync($"\"{vendor.LastUse}\":{json}");

        Assert.That((token.LastUsedAt, token.Unreadable), Is.EqualTo(((DateTimeOffset?)null, TokenFields.None)));
    }

    private static IEnumerable<TestCaseData> ZeroTimesOfIssue() => ZerosOf(vendor => vendor.Created);

    [TestCaseSource(nameof(ZeroTimesOfIssue))]
    public async Task A_zero_time_is_no_time_of_issue(VendorRecord vendor, string json)
        => Assert.That((await vendor.ReadAsync($"\"{vendor.Created}\":{json}")).CreatedAt, Is.Null);

    private static IEnumerable<TestCaseData> ZeroExpiries() => ZerosOf(vendor => vendor.Expiry);

    // "No expiry is set" and "expired long ago" look the same.
    [TestCaseSource(nameof(ZeroExpiries))]
    public async Task A_zero_expiry_is_unknown_unless_it_is_a_valid_time_of_the_vendor(VendorRecord vendor, string json)
    {
        var token = await vendor.ReadAsync($"\"{vendor.Expiry}\":{json}");

        Assert.That(token.NeverExpires, Is.False);
        if (vendor.ZeroIsTime && !json.StartsWith('"'))
        {
            Assert.That((token.State, token.Unreadable), Is.EqualTo((TokenState.Expired, TokenFields.None)));
            return;
        }

        Assert.That(
            (token.State, token.ExpiresAt, token.Unreadable), Is.EqualTo((TokenState.Unknown, (DateTimeOffset?)null, TokenFields.Expiry)));
        Assert.That(token.UnknownFields, Does.ContainKey(vendor.Expiry!));
    }

    private static IEnumerable<TestCaseData> UnreadableLastUses()
        => from vendor in VendorRecord.All where vendor.LastUse is not null from json in new[]
            { "\"today\"", "\"\"", "{}" } select new TestCaseData(vendor, json).SetArgDisplayNames(vendor.Name, json);

    [TestCaseSource(nameof(UnreadableLastUses))]
    public async Task A_last_use_that_can_not_be_read_is_not_none(VendorRecord vendor, string json)
    {
        var token = await vendor.ReadAsync($"\"{vendor.LastUse}\":{json}");

        Assert.That(
            (token.LastUsedAt, token.Unreadable, token.State), Is.EqualTo(((DateTimeOffset?)null, TokenFields.LastUse, TokenState.Active)));
    }

    private static IEnumerable<TestCaseData> UnreadableFlags()
        => from vendor in VendorRecord.All where vendor.Flag is not null from json in new[]
            { "\"yes\"", "\"\"", "{}", "[]" } select new TestCaseData(vendor, json).SetArgDisplayNames(vendor.Name, json);

    [TestCaseSource(nameof(UnreadableFlags))]
    public async Task A_flag_that_can_not_be_read_makes_the_state_unknown(VendorRecord vendor, string json)
    {
        var token = await vendor.ReadAsync($"\"{vendor.Flag}\":{json}");

        Assert.That((token.State, token.Unreadable), Is.EqualTo((TokenState.Unknown, TokenFields.State)));
    }

    private static IEnumerable<TestCaseData> UnreadableRights()
        => from vendor in VendorRecord.All where vendor.Rights is not null from json in new[]
            { "{}", "\"all\"", "\"\"", "[{}]", "true" } select new TestCaseData(vendor, json).SetArgDisplayNames(vendor.Name, json);

    [TestCaseSource(nameof(UnreadableRights))]
    public async Task Rights_that_can_not_be_read_are_unknown_and_not_none(VendorRecord vendor, string json)
    {
        // fimidara's permission groups are a list of objects.
        Assume.That(vendor.Rights != "permissionGroups" || json != "[{}]");
        var token = await vendor.ReadAsync($"\"{vendor.Rights}\":{json}");

        Assert.That((token.Scopes.Count, token.Roles.Count, token.Unreadable), Is.EqualTo((0, 0, TokenFields.Rights)));
    }

    [TestCase("""{"organizationScopes":{"allRoles":"yes"}}""")]
    [TestCase("""{"organizationScopes":{"roles":{}}}""")]
    [TestCase("""{"organizationScopes":{"roles":[{"name":{}}]}}""")]
    [TestCase("""{"organizationScopes":"all"}""")]
    [TestCase("""{"servicesScopes":{}}""")]
    [TestCase("""{"servicesScopes":[{"serviceDefinitionId":"s","allPermissions":""}]}""")]
    [TestCase("""{"servicesScopes":[{"serviceDefinitionId":"s","roles":[{"name":[]}]}]}""")]
    [TestCase("""{"generalScopes":{}}""")]
    [TestCase("\"all\"")]
    public async Task Unreadable_rights_anywhere_in_a_record_are_unknown(string json)
    {
        using var server = VendorRecord.Serve($$"""{"tokenId":"x","scope":["openid"],"allowedScopes":{{json}}}""");
        using var client = new VMwareCloudTokenClient("c", new() { BaseAddress = server.Address, ApiToken = new TokenSecret("s") });

        Assert.That((await client.GetAsync(TokenReference.Self)).Unreadable, Is.EqualTo(TokenFields.Rights));
    }
}
