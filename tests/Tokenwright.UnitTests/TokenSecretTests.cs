using System.Diagnostics;
using System.Reflection;
using System.Runtime.Serialization;
using System.Xml.Serialization;
using Newtonsoft.Json;

namespace Tokenwright.UnitTests;

internal sealed class TokenSecretTests
{
    private static readonly TokenSecret Secret = new("s3cr3t-value");

    [Test]
    public void It_shows_its_value_only_when_asked()
    {
        Assert.That(Secret.Reveal(), Is.EqualTo("s3cr3t-value"));
        Assert.That(Secret.ToString(), Is.EqualTo("***"));
        Assert.That($"{Secret}", Is.EqualTo("***"));
        Assert.That(typeof(TokenSecret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value, Is.EqualTo("***"));
    }

    [Test]
    public void Only_Reveal_returns_its_value()
    {
        var properties = typeof(TokenSecret).GetProperties().Select(property => property.GetValue(Secret));
        Assert.That(properties, Has.None.EqualTo("s3cr3t-value"));
        Assert.That(typeof(TokenSecret).GetMethods().Where(method => method.Name is "op_Implicit" or "op_Explicit"), Is.Empty);
    }

    [Test]
    public void Debuggers_see_a_proxy_that_has_no_members()
    {
        var proxy = typeof(TokenSecret).GetCustomAttribute<DebuggerTypeProxyAttribute>()!;
        var members = Type.GetType(proxy.ProxyTypeName)!.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(member => member is FieldInfo or PropertyInfo);
        Assert.That(members, Is.Empty);
    }

    private static readonly TestCaseData[] Serialisations =
    [
        Case("System.Text.Json", () => System.Text.Json.JsonSerializer.Serialize(Secret)),
        Case("System.Text.Json, inner", () => System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, object> { ["a"] = Secret })),
        Case("Newtonsoft.Json", () => JsonConvert.SerializeObject(Secret)),
        Case("Newtonsoft.Json, inner", () => JsonConvert.SerializeObject(new { Inner = Secret })),
        Case("DataContract", () => new DataContractSerializer(typeof(TokenSecret)).WriteObject(Stream.Null, Secret)),
        Case("XML", () => new XmlSerializer(typeof(TokenSecret)).Serialize(Stream.Null, Secret)),
    ];

    [TestCaseSource(nameof(Serialisations))]
    public void It_refuses_to_be_serialised(Action serialise)
        => Assert.That(() => serialise(), Throws.Exception.With.Message.Not.Contains("s3cr3t-value"));

    [Test]
    public void It_reads_from_json()
        => Assert.That(System.Text.Json.JsonSerializer.Deserialize<TokenSecret>("\"s3cr3t-value\""), Is.EqualTo(Secret));

    [Test]
    public void It_compares_by_value()
    {
        Assert.That(new TokenSecret("s3cr3t-value"), Is.EqualTo(Secret));
        Assert.That(new TokenSecret("s3cr3t-value").GetHashCode(), Is.EqualTo(Secret.GetHashCode()));
        Assert.That(new TokenSecret("s3cr3t-valuf"), Is.Not.EqualTo(Secret));
        Assert.That(new TokenSecret("s3cr3t"), Is.Not.EqualTo(Secret));
        Assert.That(Secret.Equals(null), Is.False);
    }

    [Test]
    public void A_fingerprint_depends_on_value_and_key_and_shows_neither()
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        byte[] otherKey = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        var fingerprint = Secret.Fingerprint(key);

        Assert.That(fingerprint, Does.Match("^[0-9a-f]{16}$"));
        Assert.That(new TokenSecret("s3cr3t-value").Fingerprint(key), Is.EqualTo(fingerprint));
        Assert.That(new TokenSecret("other").Fingerprint(key), Is.Not.EqualTo(fingerprint));
        Assert.That(Secret.Fingerprint(otherKey), Is.Not.EqualTo(fingerprint));
        Assert.That(() => Secret.Fingerprint(new byte[15]), Throws.ArgumentException.With.Message.Contains("16"));
    }

    [TestCase("abc\n", "position 3")]
    [TestCase("a\u0000bc", "position 1")]
    public void Control_characters_are_refused_without_showing_the_value(string value, string place)
        => Assert.That(() => new TokenSecret(value),
            Throws.ArgumentException.With.Message.Contains(place).And.Message.Not.Contains("abc").And.Message.Not.Contains("bc\n"));

    // Not in a test case, because an attribute stores UTF-8, which has no lone surrogates.
    [Test]
    public void A_lone_surrogate_is_refused_without_showing_the_value()
        => Assert.That(() => new TokenSecret("abc\ud83d"),
            Throws.ArgumentException.With.Message.Contains("half of a character (U+D83D) at position 3").And.Message.Not.Contains("abc"));

    [Test]
    public void An_empty_value_is_refused()
        => Assert.That(() => new TokenSecret(""), Throws.ArgumentException);

    private static TestCaseData Case(string name, Action serialise) => new TestCaseData(serialise).SetArgDisplayNames(name);
}
