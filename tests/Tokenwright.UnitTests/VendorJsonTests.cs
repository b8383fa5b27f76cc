using System.Text;
using System.Text.Json;
using Tokenwright.Generated;
using Tokenwright.Xms.Api;

namespace Tokenwright.UnitTests;

internal sealed class VendorJsonTests
{
    // JSON libraries take these for their own: they would look up a type or another part of the document.
    [TestCase("""{"$type":[],"name":"n"}""", "$type")]
    [TestCase("""{"$type":"System.Object, System.Private.CoreLib","name":"n"}""", "$type")]
    [TestCase("""{"$ref":"1","name":"n"}""", "$ref")]
    [TestCase("""{"$id":{},"name":"n"}""", "$id")]
    public void A_librarys_own_names_are_members_like_others(string json, string member)
    {
        var token = Read<AccessToken>(json)!;
        var list = Read<AccessTokensResp>($$"""{"access_tokens":[{{json}}]}""")!;
        var odd = Read<AccessTokensResp>($$"""{"access_tokens":{{json}}}""")!;

        Assert.That((token.Name, list.AccessTokens!.Single().Name, odd.AccessTokens), Is.EqualTo(("n", "n", (object?)null)));
        Assert.That(token.AdditionalProperties.Keys, Is.EqualTo(new[] { member }));
    }

    [Test]
    public void A_value_that_cant_be_read_costs_its_member_only_and_is_kept()
    {
        var token = Read<AccessToken>("""{"id":"seven","name":"n","create":"yesterday","user":[1, 2]}""")!;

        Assert.That(
            (token.Id, token.Name, token.Create, token.User), Is.EqualTo(((long?)null, "n", (DateTimeOffset?)null, (UserNestview?)null)));
        Assert.That(
            token.AdditionalProperties.ToDictionary(kept => kept.Key, kept => kept.Value.ToString()),
            Is.EqualTo(new Dictionary<string, string> { ["id"] = "\"seven\"", ["create"] = "\"yesterday\"", ["user"] = "[1, 2]" }));
    }

    [Test]
    public void Unknown_members_are_left_out_where_nobody_wants_them_but_not_what_cant_be_read()
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
    public void What_is_not_one_object_is_refused(string json)
        => Assert.That(() => Read<AccessToken>(json), Throws.InstanceOf<JsonException>());

    [Test]
    public void A_document_may_begin_with_the_mark_of_its_byte_order()
        => Assert.That(Read<AccessToken>("\ufeff{\"name\":\"n\"}")!.Name, Is.EqualTo("n"));

    [Test]
    public void Deeper_than_64_levels_is_refused()
    {
        static string Nested(int levels) => $$"""{"more":{{new string('[', levels)}}{{new string(']', levels)}}}""";

        Assert.That(Read<AccessToken>(Nested(63)), Is.Not.Null);
        Assert.That(() => Read<AccessToken>(Nested(64)), Throws.InstanceOf<JsonException>());
    }

    private static T? Read<T>(string json)
        where T : class, IJsonModel<T>
        => VendorJson.Read<T>(Encoding.UTF8.GetBytes(json));
}
