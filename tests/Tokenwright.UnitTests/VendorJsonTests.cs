using Newtonsoft.Json;
using Tokenwright.Json;
using Tokenwright.Xms.Api;

namespace Tokenwright.UnitTests;

internal sealed class VendorJsonTests
{
    private static readonly JsonSerializerSettings Settings = VendorJson.Configure(new JsonSerializerSettings());

    // By default, the library takes these for its own: it would look up a type or another part of the document, and fails where the value is of another kind.
    [TestCase("""{"$type":[],"name":"n"}""", "$type")]
    [TestCase("""{"$type":"System.Object, System.Private.CoreLib","name":"n"}""", "$type")]
    [TestCase("""{"$ref":"1","name":"n"}""", "$ref")]
    [TestCase("""{"$id":{},"name":"n"}""", "$id")]
    public void The_librarys_own_names_are_members_like_others(string json, string member)
    {
        var token = JsonConvert.DeserializeObject<AccessToken>(json, Settings)!;
        var list = JsonConvert.DeserializeObject<AccessTokensResp>($$"""{"access_tokens":[{{json}}]}""", Settings)!;
        var odd = JsonConvert.DeserializeObject<AccessTokensResp>($$"""{"access_tokens":{{json}}}""", Settings)!;

        Assert.That((token.Name, list.Access_tokens!.Single().Name, odd.Access_tokens), Is.EqualTo(("n", "n", (object?)null)));
        Assert.That(token.AdditionalProperties.Keys, Is.EqualTo(new[] { member }));
    }
}
