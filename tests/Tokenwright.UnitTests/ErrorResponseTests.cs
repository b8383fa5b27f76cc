using System.Net;
using System.Text;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>How the SDK reads the body of an error.</summary>
internal sealed class ErrorResponseTests
{
    private const string Secret = "q7Zk2Xw9Lm4Rt8Vb3Nc6";
    private const int Longest = 64 * 1024;

    [TestCase("{", Longest, true)]
    [TestCase("{", Longest + 1, false)]
    [TestCase("{}", Longest, false)]
    [TestCase("<html>", Longest, true)]
    [TestCase("<html>", Longest + 1, true)]
    public async Task A_truncated_body_is_foreign_if_it_was_kept_completely(string beginning, int length, bool isForeign)
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes(beginning.PadRight(length)));

        Assert.That(read.HasForeignBody, Is.EqualTo(isForeign));
    }

    [TestCase("", false)]
    [TestCase(" \r\n", false)]
    [TestCase("\uFEFF", false)]
    [TestCase("\uFEFF{}", false)]
    [TestCase("blocked", true)]
    public async Task A_blank_body_is_not_foreign(string body, bool isForeign)
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes(body));

        Assert.That((read.HasForeignBody, read.Response), Is.EqualTo((isForeign, body.TrimStart('\uFEFF'))));
    }

    // Whether a body is foreign is decided before the redaction, which may remove the end of a text.
    [Test]
    public async Task A_body_is_from_the_API_even_if_it_is_no_JSON_after_its_redaction()
    {
        var read = await ReadAsync(Encoding.UTF8.GetBytes("1234567890"), secret: "1234567890");

        Assert.That((read.HasForeignBody, read.Response), Is.EqualTo((false, "***")));
    }

    [TestCase("utf-16", "utf-16")]
    [TestCase("\"iso-8859-1\"", "iso-8859-1")]
    [TestCase("no-such-charset", "utf-8")]
    [TestCase("utf-7", "utf-8")]
    [TestCase(null, "utf-8")]
    public async Task A_body_is_decoded_by_its_charset_if_the_framework_supports_that(string? charset, string encoding)
    {
        var read = await ReadAsync(
            Encoding.GetEncoding(encoding).GetBytes("\"é\""), type: charset is null ? "text/plain" : $"text/plain; charset={charset}");

        Assert.That(read.Response, Is.EqualTo("\"é\""));
    }

    [Test]
    public async Task The_headers_of_the_response_and_of_its_body_are_kept_without_secrets()
    {
        var read = await ReadAsync("{}"u8.ToArray(), type: "text/plain");

        Assert.That(read.Headers.Select(header => $"{header.Key}: {string.Join('|', header.Value)}"),
            Is.EqualTo(new[] { "X-Echo: a ***", "X-Two: a|b", "Content-Type: text/plain", "Content-Length: 2" }));
        Assert.That((read.StatusCode, read.Message), Is.EqualTo((418, "HTTP 418 (418): The vendor responded with an error.")));
    }

    [Test]
    public async Task The_body_of_a_success_is_read_only_as_far_as_needed()
    {
        using var response = new HttpResponseMessage { Content = new StringContent(new string('x', 20 * Longest)) };
        using var body = await ResponseBody.ReadAsync(response, 20 * Longest, default);

        var text = ErrorResponse.TextOf(response, body, new SecretRedactor([new TokenSecret(Secret)]));

        Assert.That(text, Is.EqualTo(new string('x', Longest) + "…"));
    }

    private static async Task<ApiException> ReadAsync(byte[] body, string type = "application/json", string secret = Secret)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)418) { Content = new ByteArrayContent(body) };
        response.Headers.TryAddWithoutValidation("X-Echo", $"a {Secret}");
        response.Headers.TryAddWithoutValidation("X-Two", ["a", "b"]);
        response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var read = await ResponseBody.ReadAsync(response, 4 * Longest, default);
        return ErrorResponse.Read(response, read, new SecretRedactor([new TokenSecret(Secret), new TokenSecret(secret)]));
    }
}
