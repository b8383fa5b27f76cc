using System.Text;
using Tokenwright.Generated;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>Which parts of a program's own request count as secrets.</summary>
internal sealed class RequestSecretsTests
{
    private const string One = "q7Zk2Xw9Lm";
    private const string Other = "Hf5Js0PgYd";

    [TestCase("Authorization", "Bearer " + One, new[] { One }, Description = "The scheme is none.")]
    [TestCase("Authorization", One, new[] { One })]
    [TestCase("Cookie", "a=" + One + "; b=" + Other, new[] { One, Other })]
    [TestCase("Cookie", "a=" + One + ";\t" + Other + ",", new[] { One, Other })]
    [TestCase("X-Signature", "keyId=" + One + ",sign=" + Other + "==", new[] { One, Other + "==" })]
    [TestCase("X-Api-Key", "q7Zk2Xw9", new[] { "q7Zk2Xw9" })]
    [TestCase("X-Api-Key", "q7Zk2Xw", new string[0], Description = "Too short to be told from a word.")]
    [TestCase("X-Api-Key", One + "==", new[] { One + "==" }, Description = "Padding begins no value.")]
    [TestCase("Api_Token", One, new[] { One })]
    [TestCase("Key.Id", One, new[] { One })]
    [TestCase("X-MyPassword", One, new[] { One })]
    [TestCase("X-Tokens", One, new string[0])]
    [TestCase("X-Request-Id", One, new string[0])]
    public void Headers_with_certain_names_contain_secrets(string name, string value, string[] secrets)
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation(name, value);

        Assert.That(Of(request), Is.EqualTo(secrets));
    }

    [TestCase("Basic", "user:pa:ss-word", "pa:ss-word")]
    [TestCase("basic", "user:password", "password")]
    [TestCase("Basic", "a-password-alone", "a-password-alone")]
    [TestCase("Basic", ":password", "password")]
    public void The_password_of_a_Basic_header_is_a_secret_too(string scheme, string pair, string password)
    {
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {base64}");

        Assert.That(Of(request), Is.EqualTo(new[] { base64, password }));
    }

    [TestCase("Basic not/base64!", new[] { "not/base64!" })]
    [TestCase("Bearer dXNlcjpwYXNzd29yZA==", new[] { "dXNlcjpwYXNzd29yZA==" })]
    public void Headers_that_are_not_valid_Basic_are_not_decoded(string value, string[] secrets)
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("Authorization", value);

        Assert.That(Of(request), Is.EqualTo(secrets));
    }

    [TestCase("https://vendor.example/a?token=" + One, new[] { One })]
    [TestCase("https://vendor.example/a?subject_access_token=q7Zk2Xw9%2FLm&x=" + Other, new[] { "q7Zk2Xw9/Lm" })]
    [TestCase("https://vendor.example/a?x=1&api-key=" + One + "=" + Other, new[] { One + "=" + Other })]
    [TestCase("https://vendor.example/a?token", new string[0])]
    [TestCase("https://vendor.example/a?token=q7Zk2Xw", new string[0])]
    [TestCase("https://vendor.example/a?token=q7Zk2Xw9%00Lm", new string[0], Description = "No secret has control characters.")]
    [TestCase("https://vendor.example/token=" + One, new string[0])]
    [TestCase("a?token=" + One, new string[0], Description = "Not yet an address to send to.")]
    public void Query_parameters_of_an_address_are_secrets(string address, string[] secrets)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.RelativeOrAbsolute));

        Assert.That(Of(request), Is.EqualTo(secrets));
    }

    [Test]
    public void A_request_without_secrets_has_none()
    {
        using var request = new HttpRequestMessage();

        Assert.That(Of(request), Is.Empty);
    }

    [Test]
    public void Secrets_that_a_typed_client_marks_in_a_body_come_first_whatever_their_length()
    {
        using var request = new ApiRequest(HttpMethod.Post, new Uri("https://vendor.example/a?token=" + One))
            { Secrets = ["4829", string.Empty, "a\nb", Other] };
        request.Headers.TryAddWithoutValidation("X-Api-Key", Other);

        Assert.That(Of(request), Is.EqualTo(new[] { "4829", Other, Other, One }), "what can't be a secret is left out");
    }

    private static IEnumerable<string> Of(HttpRequestMessage request) => RequestSecrets.Of(request).Select(secret => secret.Reveal());
}
