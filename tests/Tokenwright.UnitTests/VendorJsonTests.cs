using System.Text;
using System.Text.Json;
using Tokenwright.Generated;
using Tokenwright.Xms.Api;

namespace Tokenwright.UnitTests;

internal sealed class VendorJsonTests
{
    // JSON libraries give these names a meaning of their own: they would look up a type or another part of the document.
    [TestCase("""{"$type":[],"name":"n"}""", "$type")]
    [TestCase("""{"$type":"System.Object, System.Private.CoreLib","name":"n"}""", "$type")]
    [TestCase("""{"$ref":"1","name":"n"}""", "$ref")]
    [TestCase("""{"$id":{},"name":"n"}""", "$id")]
    public void Names_with_a_meaning_in_JSON_libraries_are_ordinary_members(string json, string member)
    {
        var token = Read<AccessToken>(json)!;
        var list = Read<AccessTokensResp>($$"""{"access_tokens":[{{json}}]}""")!;
        var odd = Read<AccessTokensResp>($$"""{"access_tokens":{{json}}}""")!;

        Assert.That((token.Name, list.AccessTokens!.Single().Name, odd.AccessTokens), Is.EqualTo(("n", "n", (object?)null)));
        Assert.That(token.AdditionalProperties.Keys, Is.EqualTo(new[] { member }));
    }

    [Test]
    public void An_unreadable_value_affects_only_its_member_and_is_kept()
    {
        var token = Read<AccessToken>("""{"id":"seven","name":"n","create":"yesterday","user":[1, 2]}""")!;

        Assert.That(
            (token.Id, token.Name, token.Create, token.User), Is.EqualTo(((long?)null, "n", (DateTimeOffset?)null, (UserNestview?)null)));
        Assert.That(
            token.AdditionalProperties.ToDictionary(kept => kept.Key, kept => kept.Value.ToString()),
            Is.EqualTo(new Dictionary<string, string> { ["id"] = "\"seven\"", ["create"] = "\"yesterday\"", ["user"] = "[1, 2]" }));
    }

    [Test]
    public void Unknown_members_are_omitted_if_not_requested_but_unreadable_values_are_kept()
    {
        var token = VendorJson.Read<AccessToken>("""{"id":"seven","more":1}"""u8, keepsUnknown: false)!;

        Assert.That(token.AdditionalProperties.Keys, Is.EqualTo(new[] { "id" }));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{}{}")]
    [TestCase("""{"name":"n",}""")]
    [TestCase("[]")]
    [TestCase("1")]
    public void A_document_that_is_not_one_object_is_refused(string json)
        => Assert.That(() => Read<AccessToken>(json), Throws.InstanceOf<JsonException>());

    [Test]
    public void A_document_may_begin_with_a_byte_order_mark()
        => Assert.That(Read<AccessToken>("\ufeff{\"name\":\"n\"}")!.Name, Is.EqualTo("n"));

    [Test]
    public void A_document_deeper_than_64_levels_is_refused()
    {
        static string Nested(int levels) => $$"""{"more":{{new string('[', levels)}}{{new string(']', levels)}}}""";

        Assert.That(Read<AccessToken>(Nested(63)), Is.Not.Null);
        Assert.That(() => Read<AccessToken>(Nested(64)), Throws.InstanceOf<JsonException>());
    }

    private static T? Read<T>(string json)
        where T : class, IJsonModel<T>
        => VendorJson.Read<T>(Encoding.UTF8.GetBytes(json));
}
