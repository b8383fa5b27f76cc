using System.Net;
using System.Text;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>Which responses prove that nothing was carried out.</summary>
internal sealed class RefusalsTests
{
    [TestCase(200, false)]
    [TestCase(299, false)]
    [TestCase(300, true)]
    [TestCase(302, true)]
    [TestCase(400, true)]
    [TestCase(407, true)]
    [TestCase(408, false)]
    [TestCase(409, true)]
    [TestCase(429, true)]
    [TestCase(499, true)]
    [TestCase(500, false)]
    [TestCase(503, false)]
    public async Task An_error_body_from_the_API_with_a_refusing_status_is_proof(int status, bool proves)
        => Assert.That(await ProvesAsync(status, """{"message":"no"}"""), Is.EqualTo(proves));

    [TestCase(302, "", false)]
    [TestCase(399, " \t\r\n", false)]
    [TestCase(400, "", true)]
    [TestCase(404, " \t\r\n", true)]
    [TestCase(499, "\r", true)]
    [TestCase(400, "\v", false)]
    public async Task A_refusal_without_a_body_is_proof_and_a_redirect_without_one_is_not(int status, string body, bool proves)
        => Assert.That(await ProvesAsync(status, body), Is.EqualTo(proves));

    [TestCase("{}", true)]
    [TestCase("[]", true)]
    [TestCase(" [{\"a\":1}] \n", true)]
    [TestCase("\uFEFF{}", true)]
    [TestCase("\uFEFF\uFEFF{}", false)]
    [TestCase("\uFEFF", false)]
    [TestCase("\"blocked\"", false)]
    [TestCase("7", false)]
    [TestCase("null", false)]
    [TestCase("true", false)]
    [TestCase("<html>", false)]
    [TestCase("{", false)]
    [TestCase("[1,", false)]
    [TestCase("{} {}", false)]
    [TestCase("{}<html>", false)]
    public async Task The_complete_body_must_be_an_object_or_a_list(string body, bool proves)
        => Assert.That(await ProvesAsync(400, body), Is.EqualTo(proves));

    [TestCase(512, true)]
    [TestCase(513, false)]
    public async Task A_body_is_read_up_to_a_large_nesting_depth(int depth, bool proves)
        => Assert.That(await ProvesAsync(400, new string('[', depth) + new string(']', depth)), Is.EqualTo(proves));

    [TestCase("application/json", true)]
    [TestCase("application/problem+JSON", true)]
    [TestCase("text/html", false)]
    [TestCase(null, false)]
    public void A_body_that_was_not_read_is_judged_by_its_content_type(string? type, bool proves)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new ByteArrayContent([]) };
        if (type is not null)
            response.Content.Headers.ContentType = new(type);

        Assert.That(Refusals.ProveNothingWasDone(response, null), Is.EqualTo(proves));
    }

    private static async Task<bool> ProvesAsync(int status, string body)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var read = await ResponseBody.ReadAsync(response, 4096, default);
        return Refusals.ProveNothingWasDone(response, read);
    }
}
