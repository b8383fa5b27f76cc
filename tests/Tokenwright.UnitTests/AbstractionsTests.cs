using System.Text.Json;

namespace Tokenwright.UnitTests;

internal sealed class AbstractionsTests
{
    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    [Test]
    public void Abstractions_depend_on_nothing_outside_the_framework()
        => Assert.That(
            typeof(ITokenClient).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name),
            Has.All.StartWith("System."));

    [Test]
    public void Capabilities_contain_every_operation()
    {
        var capabilities = new TokenCapabilities([OperationCapability.Native(TokenOperation.List)], "Not here.");

        Assert.That(capabilities.Operations.Select(operation => operation.Operation), Is.EqualTo(Enum.GetValues<TokenOperation>()));
        Assert.That(capabilities[TokenOperation.List].Support, Is.EqualTo(OperationSupport.Native));
        Assert.That(capabilities[TokenOperation.Revoke].Support, Is.EqualTo(OperationSupport.Unsupported));
        Assert.That(capabilities[TokenOperation.Revoke].Remark, Is.EqualTo("Not here."));
    }

    [Test]
    public void Capabilities_contain_each_operation_once()
        => Assert.That(
            () => new TokenCapabilities(
                [OperationCapability.Native(TokenOperation.List), OperationCapability.Unsupported(TokenOperation.List, "No.")]),
            Throws.ArgumentException.With.Message.Contains("List"));

    [Test]
    public void Vendor_defined_names_can_have_any_value()
    {
        Assert.That(new TokenState("active"), Is.EqualTo(TokenState.Active));
        Assert.That(new TokenState("frozen").ToString(), Is.EqualTo("frozen"));
        Assert.That(default(TokenState), Is.EqualTo(TokenState.Unknown));
        Assert.That(TokenState.Unknown.ToString(), Is.EqualTo("unknown"));
    }

    [TestCase("admin", "Admin", ExpectedResult = true)]
    [TestCase("admin", "ADMIN", ExpectedResult = true)]
    [TestCase("admin", "admin ", ExpectedResult = false)]
    [TestCase("straße", "STRASSE", ExpectedResult = false)]
    public bool Vendor_defined_names_are_compared_regardless_of_case(string one, string other)
    {
        var areEqual = new TokenRole(one) == new TokenRole(other);
        Assert.That(new TokenRole(one) != new TokenRole(other), Is.Not.EqualTo(areEqual));
        Assert.That(new TokenRole(one).Equals((object)new TokenRole(other)), Is.EqualTo(areEqual));
        Assert.That(new TokenScope(one) == new TokenScope(other), Is.EqualTo(areEqual));
        Assert.That(new TokenKind(one) == new TokenKind(other), Is.EqualTo(areEqual));
        Assert.That(new TokenState(one) == new TokenState(other), Is.EqualTo(areEqual));
        Assert.That(new[] { new TokenRole(one) }.ToHashSet().Contains(new TokenRole(other)), Is.EqualTo(areEqual));
        Assert.That(new[] { new TokenScope(one) }.ToHashSet().Contains(new TokenScope(other)), Is.EqualTo(areEqual));
        Assert.That(new[] { new TokenKind(one) }.ToHashSet().Contains(new TokenKind(other)), Is.EqualTo(areEqual));
        Assert.That(new[] { new TokenState(one) }.ToHashSet().Contains(new TokenState(other)), Is.EqualTo(areEqual));
        return areEqual;
    }

    [TestCase("")]
    [TestCase(" \t")]
    [TestCase(null)]
    public void An_empty_name_is_unknown_or_refused(string? empty)
    {
        Assert.That(new TokenState(empty), Is.EqualTo(TokenState.Unknown));
        Assert.That(new TokenState("UNKNOWN"), Is.EqualTo(TokenState.Unknown));
        Assert.That(new TokenKind(empty), Is.EqualTo(default(TokenKind)));
        Assert.That(() => new TokenRole(empty!), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new TokenScope(empty!), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Vendor_defined_names_are_strings_in_json()
    {
        var words = (new TokenState("frozen"), new TokenKind("api token"), new TokenRole("Admin"), new TokenScope("a:b"));
        var json = JsonSerializer.Serialize(words, WithFields);
        Assert.That(json, Is.EqualTo("""{"Item1":"frozen","Item2":"api token","Item3":"Admin","Item4":"a:b"}"""));
        Assert.That(JsonSerializer.Deserialize<(TokenState, TokenKind, TokenRole, TokenScope)>(json, WithFields), Is.EqualTo(words));
        Assert.That(JsonSerializer.Serialize((TokenState.Unknown, default(TokenKind)), WithFields),
            Is.EqualTo("""{"Item1":"unknown","Item2":null}"""));
        Assert.That(JsonSerializer.Deserialize<(TokenState, TokenKind)>("""{"Item1":"unknown","Item2":null}""", WithFields),
            Is.EqualTo((TokenState.Unknown, default(TokenKind))));
        Assert.That(JsonSerializer.Deserialize<TokenState>("null"), Is.EqualTo(TokenState.Unknown));
    }

    [TestCase("1")]
    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("\" \"")]
    public void A_value_that_is_no_string_is_refused_in_json(string json)
    {
        Assert.That(() => JsonSerializer.Deserialize<TokenRole>(json), Throws.InstanceOf<JsonException>());
        Assert.That(() => JsonSerializer.Deserialize<TokenScope>(json), Throws.InstanceOf<JsonException>());
        Assert.That(() => JsonSerializer.Deserialize<TokenState>("1"), Throws.InstanceOf<JsonException>());
        Assert.That(() => JsonSerializer.Deserialize<TokenKind>("[]"), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public void An_expiry_is_an_instant_a_duration_or_never()
    {
        var instant = new DateTimeOffset(2030, 1, 1, 2, 0, 0, TimeSpan.FromHours(2));
        Assert.That((TokenExpiry.At(instant).Instant, TokenExpiry.At(instant).Lifetime, TokenExpiry.At(instant).IsNever),
            Is.EqualTo(((DateTimeOffset?)instant, (TimeSpan?)null, false)));
        Assert.That((TokenExpiry.After(TimeSpan.FromDays(1)).Lifetime, TokenExpiry.After(TimeSpan.FromDays(1)).IsNever),
            Is.EqualTo(((TimeSpan?)TimeSpan.FromDays(1), false)));
        Assert.That(TokenExpiry.Never.IsNever, Is.True);
        Assert.That(TokenExpiry.At(instant).ToString(), Is.EqualTo("at 2030-01-01 00:00:00Z"));
        Assert.That(() => TokenExpiry.After(TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_query_lists_its_filters()
    {
        Assert.That(new TokenQuery { IncludeRaw = true }.Filters, Is.EqualTo(TokenQueryFilters.None));
        Assert.That(
            new TokenQuery { OwnerId = "o", OwnOnly = true, Role = new("r"), UnusedSince = DateTimeOffset.UnixEpoch, PageSize = 1 }.Filters,
            Is.EqualTo(TokenQueryFilters.OwnerId | TokenQueryFilters.OwnOnly | TokenQueryFilters.Role
                | TokenQueryFilters.UnusedSince | TokenQueryFilters.PageSize));
    }

    [Test]
    public void An_issued_token_prints_without_its_secret()
    {
        var issued = new IssuedToken
            { Token = new ApiToken { Vendor = "V", Connection = "c", Name = "n" }, Secret = new TokenSecret("very-secret") };
        Assert.That(issued.ToString(), Does.Not.Contain("very-secret"));
    }
}
